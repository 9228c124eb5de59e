import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '../../domain/ids.ts';
import type { Profile } from '../../domain/person.ts';
import { startZendeskSimulator, type ZendeskSandbox } from '../../sandbox/zendesk/simulator.ts';
import type { HelpdeskSession } from '../helpdesk.ts';
import {
  accountAt,
  connected,
  credentials,
  gave,
  startStub,
  type TestTools,
  testTools,
  ticketFrom,
} from './testing/harness.ts';

let zendesk: ZendeskSandbox;
let tools: TestTools;
let session: HelpdeskSession;

beforeEach(async () => {
  tools = testTools();
  zendesk = await startZendeskSimulator({ ...credentials, accessToken: 'admin' });
  session = connected(accountAt(zendesk.url), tools);
});
afterEach(async () => {
  tools.close();
  await zendesk.close();
});

const someone = (profile: Profile = {}, externalId = 'messenger:acme-page:42') => ({
  externalId,
  profile,
  fallbackName: 'Messenger customer 42',
});

const calls = (method: string, path: string) =>
  zendesk.requests.filter((request) => request.method === method && request.path.includes(path)).length;

async function userAt(id: PersonId): Promise<Record<string, unknown>> {
  const answer = await fetch(`${zendesk.url}/api/v2/users/${id}.json`, { headers: { authorization: 'Bearer admin' } });
  return ((await answer.json()) as { user: Record<string, unknown> }).user;
}

const admin = (path: string, body: object) =>
  fetch(`${zendesk.url}/api/v2${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer admin', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('creates a customer with all that is known', async () => {
  const id = gave(
    await session.ensurePerson(
      someone({
        name: 'Zoë Müller',
        email: 'zoe@x.example',
        phone: '+33123456789',
        pictureUrl: 'https://p.example/1.jpg',
        locale: 'fr_FR',
      }),
    ),
  );
  expect(await userAt(id)).toMatchObject({
    name: 'Zoë Müller',
    external_id: 'messenger:acme-page:42',
    email: 'zoe@x.example',
    phone: '+33123456789',
    remote_photo_url: 'https://p.example/1.jpg',
    locale: 'fr-FR',
    role: 'end-user',
  });
});

test('calls a customer without a name by the fallback', async () => {
  const id = gave(await session.ensurePerson(someone()));
  expect(await userAt(id)).toMatchObject({ name: 'Messenger customer 42', email: null });
});

test('finds a customer again, whatever the case of the external id', async () => {
  const id = gave(await session.ensurePerson(someone({}, 'messenger:acme-page:AbC')));
  const other = connected(accountAt(zendesk.url), tools);
  expect(await other.ensurePerson(someone({}, 'messenger:acme-page:aBc'))).toEqual({ result: 'done', value: id });
  // Creating is tried first; who is there already is refused by Zendesk, and then found.
  expect([calls('POST', '/users'), calls('GET', '/users/search')]).toEqual([2, 1]);
});

test('asks nothing about a customer who is known', async () => {
  const id = gave(await session.ensurePerson(someone({ name: 'Ada' })));
  const before = zendesk.requests.length;
  expect(await session.ensurePerson(someone({ name: 'Ada' }), id)).toEqual({ result: 'done', value: id });
  expect(zendesk.requests.length).toBe(before);
});

test('gives a customer without a name the name that came to be known, once', async () => {
  const id = gave(await session.ensurePerson(someone()));
  for (let message = 0; message < 3; message++) await session.ensurePerson(someone({ name: 'Ada' }), id);
  expect(await userAt(id)).toMatchObject({ name: 'Ada' });
  expect(calls('PUT', '/users')).toBe(1);
});

test('leaves a name that an agent corrected', async () => {
  const id = gave(await session.ensurePerson(someone({ name: 'ada l.' })));
  await fetch(`${zendesk.url}/api/v2/users/${id}.json`, {
    method: 'PUT',
    headers: { authorization: 'Bearer admin', 'content-type': 'application/json' },
    body: JSON.stringify({ user: { name: 'Ada Lovelace' } }),
  });
  await session.ensurePerson(someone({ name: 'ada l.' }));
  expect(await userAt(id)).toMatchObject({ name: 'Ada Lovelace' });
});

test.each(['429', '500', 'reset-before'] as const)(
  'a name that cannot be written now (%s) holds nobody up',
  async (kind) => {
    const id = gave(await session.ensurePerson(someone()));
    zendesk.inject({ kind, method: 'PUT', path: '/users/', times: 1 });
    expect(await session.ensurePerson(someone({ name: 'Ada' }), id)).toEqual({ result: 'done', value: id });
    expect(tools.logged).toContainEqual(expect.objectContaining({ level: 'warn', event: 'person.update-failed' }));
  },
);

test('ten at once make one customer', async () => {
  const made = await Promise.all(Array.from({ length: 10 }, () => session.ensurePerson(someone({ name: 'Ada' }))));
  expect(new Set(made.map(gave)).size).toBe(1);
});

test('when the answer to creating was lost, the next try finds the customer', async () => {
  zendesk.inject({ kind: 'reset-after', method: 'POST', path: '/users', times: 1 });
  expect(await session.ensurePerson(someone())).toMatchObject({ result: 'later' });
  const found = gave(await session.ensurePerson(someone()));
  expect(gave(await connected(accountAt(zendesk.url), tools).ensurePerson(someone()))).toBe(found);
});

test('an e-mail that is somebody else’s is left out: nobody is guessed', async () => {
  await admin('/users.json', { user: { name: 'Other', email: 'ADA@x.example' } });
  const id = gave(await session.ensurePerson(someone({ name: 'Ada', email: 'ada@x.example', phone: '+33123456789' })));
  expect(await userAt(id)).toMatchObject({ name: 'Ada', email: null, phone: '+33123456789' });
});

test('an e-mail that is none is left out', async () => {
  const id = gave(await session.ensurePerson(someone({ name: 'Ada', email: 'not an e-mail' })));
  expect(await userAt(id)).toMatchObject({ name: 'Ada', email: null });
});

test('somebody who is there already is found when creating is refused', async () => {
  let searches = 0;
  const user = { id: 5, name: 'Ada', role: 'end-user', external_id: 'messenger:acme-page:42' };
  const stub = await startStub((request, response) => {
    const taken = { error: 'RecordInvalid', details: { external_id: [{ error: 'DuplicateValue' }] } };
    const searched = { users: ++searches > 0 ? [user] : [] };
    const isSearch = request.method === 'GET';
    response.writeHead(isSearch ? 200 : 422, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isSearch ? searched : taken));
  });
  const raced = connected(accountAt(stub.url, { accessToken: 't' }), tools);
  expect(await raced.ensurePerson(someone())).toEqual({ result: 'done', value: '5' });
  // Without this Zendesk writes to the customer.
  expect(JSON.parse(stub.seen[0]?.body ?? '')).toMatchObject({ user: { skip_verify_email: true, verified: true } });
  stub.close();
});

test('a user whom the search does not show yet is waited for', async () => {
  const stub = await startStub((request, response) => {
    const taken = { error: 'RecordInvalid', details: { external_id: [{ error: 'DuplicateValue' }] } };
    response.writeHead(request.method === 'GET' ? 200 : 422, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.method === 'GET' ? { users: [] } : taken));
  });
  const raced = connected(accountAt(stub.url, { accessToken: 't' }), tools);
  expect(await raced.ensurePerson(someone())).toMatchObject({ result: 'later' });
  stub.close();
});

test('a customer who was deleted meanwhile is made anew', async () => {
  const id = gave(await session.ensurePerson(someone({ name: 'Ada' })));
  zendesk.removeUser(Number(id));
  expect(await session.createTicket(ticketFrom(id, 'k'))).toMatchObject({ result: 'later' });
  const anew = gave(await session.ensurePerson(someone({ name: 'Ada' }), id));
  expect(anew).not.toBe(id);
  expect(await session.createTicket(ticketFrom(anew, 'k'))).toMatchObject({ result: 'done' });
});
