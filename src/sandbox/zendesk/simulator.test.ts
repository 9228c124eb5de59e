import { afterEach, beforeEach, expect, test } from 'vitest';
import { startZendeskSimulator, type ZendeskSandbox, type ZendeskSandboxOptions } from './simulator.ts';
import { staff } from './state.ts';

const options: ZendeskSandboxOptions = {
  clientId: 'client',
  clientSecret: 'secret',
  webhookSecret: 'webhook-secret',
  accessToken: 'fixed',
  apiToken: { email: 'a@acme.example', token: 'api' },
};

let zendesk: ZendeskSandbox;

beforeEach(async () => {
  zendesk = await startZendeskSimulator(options);
});
afterEach(() => zendesk.close());

/** What is read of answers here, as a client without types reads it. */
interface Body {
  error?: string;
  details: object;
  access_token: string;
  user: { id: number };
  users: { role: string }[];
  identities: unknown;
  ticket: { id: number; status: string; updated_at: string };
  tickets: unknown;
  tags: string[];
  comments: { body: string }[];
  audit: { id: number };
  audits: unknown;
  links: { next: string };
  meta: { after_cursor: string };
  after_cursor: string;
  upload: { token: string };
  webhook: { id: string };
  webhooks: unknown;
  triggers: unknown;
  signing_secret: { secret: string };
}
interface Got {
  status: number;
  headers: Headers;
  body: Body;
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Got> {
  const answer = await fetch(`${zendesk.url}/api/v2${path}`, {
    method,
    headers: { authorization: 'Bearer fixed', 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
}

const newUser = async (user: object = {}): Promise<number> =>
  (await call('POST', '/users.json', { user: { name: 'Ada', external_id: `x:${Math.random()}`, ...user } })).body.user
    .id;

async function newTicket(also: object = {}): Promise<number> {
  const requester = await newUser();
  const comment = { body: 'Hello', author_id: requester };
  const ticket = { subject: 'S', requester_id: requester, comment, ...also };
  return (await call('POST', '/tickets.json', { ticket })).body.ticket.id;
}

const update = (id: number, ticket: object) => call('PUT', `/tickets/${id}.json`, { ticket });

test.each([
  ['no login', {}, 401, "Couldn't authenticate you"],
  ['a wrong bearer', { authorization: 'Bearer other' }, 401, 'invalid_token'],
  ['a wrong basic', { authorization: `Basic ${btoa('a@acme.example/token:other')}` }, 401, "Couldn't authenticate you"],
  ['a good basic', { authorization: `Basic ${btoa('a@acme.example/token:api')}` }, 200, undefined],
  ['a good bearer', { authorization: 'Bearer fixed' }, 200, undefined],
])('login: %s', async (_it, headers, status, error) => {
  const answer = await fetch(`${zendesk.url}/api/v2/users/me.json`, { headers });
  expect(answer.status).toBe(status);
  expect(((await answer.json()) as Body).error).toBe(error);
});

const oauth = async (body: object) => {
  const answer = await fetch(`${zendesk.url}/oauth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
};

test.each([
  ['a good client', {}, 200, undefined],
  ['a wrong secret', { client_secret: 'x' }, 401, 'invalid_client'],
  ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ['a life too short', { expires_in: 300 }, 400, 'invalid_request'],
])('tokens: %s', async (_it, change, status, error) => {
  const grant = { grant_type: 'client_credentials', client_id: 'client', client_secret: 'secret', scope: 'read write' };
  const { status: got, body } = await oauth({ ...grant, ...change });
  expect([got, body.error]).toEqual([status, error]);
});

test('a token ends when its time is over, or when told to', async () => {
  const grant = { grant_type: 'client_credentials', client_id: 'client', client_secret: 'secret' };
  const first = (await oauth(grant)).body.access_token;
  const me = async (token: string) =>
    (await call('GET', '/users/me', undefined, { authorization: `Bearer ${token}` })).status;
  expect(await me(first)).toBe(200);
  zendesk.passTime(30 * 60_000);
  expect(await me(first)).toBe(401);
  const second = (await oauth(grant)).body.access_token;
  zendesk.expireToken(true);
  expect([await me(second), await me('fixed')]).toEqual([401, 401]);
  expect(await me((await oauth(grant)).body.access_token)).toBe(200);
  zendesk.expireToken(false);
  expect(await me('fixed')).toBe(200);
});

test('paths go with and without .json; others do not exist', async () => {
  const id = await newTicket();
  for (const path of [`/tickets/${id}`, `/tickets/${id}.json`])
    expect((await call('GET', path)).body.ticket.id).toBe(id);
  expect(await call('GET', '/nothing.json')).toMatchObject({ status: 404, body: { error: 'InvalidEndpoint' } });
});

test('a body that is not JSON is refused', async () => {
  const answer = await call('POST', '/tickets.json', Buffer.from('{"ticket":'));
  expect(answer.status).toBe(400);
});

test('every answer tells the limit; beyond it there is 429 with Retry-After', async () => {
  zendesk.setRateLimit(2);
  const first = await call('GET', '/users/me');
  expect([first.headers.get('x-rate-limit'), first.headers.get('x-rate-limit-remaining')]).toEqual(['2', '1']);
  await call('GET', '/users/me');
  const third = await call('GET', '/users/me');
  expect(third).toMatchObject({ status: 429, body: { error: 'APIRateLimitExceeded' } });
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
  zendesk.passTime(60_000);
  expect((await call('GET', '/users/me')).status).toBe(200);
  zendesk.setRateLimit(undefined);
  expect((await call('GET', '/users/me')).headers.get('x-rate-limit')).toBe('700');
});

test('a ticket takes 30 updates in ten minutes, an account 100 in one', async () => {
  const ids = await Promise.all(Array.from({ length: 4 }, () => newTicket()));
  const statuses = async (id: number, times: number) => {
    const all: number[] = [];
    for (let n = 0; n < times; n++) all.push((await update(id, { subject: `${n}` })).status);
    return all.filter((status) => status === 429).length;
  };
  expect(await statuses(ids[0]!, 31)).toBe(1);
  expect(await statuses(ids[1]!, 30)).toBe(0);
  expect(await statuses(ids[2]!, 30)).toBe(0);
  expect(await statuses(ids[3]!, 11)).toBe(1);
  zendesk.passTime(60_000);
  expect(await statuses(ids[3]!, 1)).toBe(0);
  expect(await statuses(ids[0]!, 1)).toBe(1);
});

test('users are unique by external id and e-mail, whatever the case', async () => {
  const id = await newUser({ external_id: 'messenger:p:Ab', email: 'ada@x.example' });
  const create = (user: object) => call('POST', '/users.json', { user: { name: 'B', ...user } });
  expect(await create({ external_id: 'MESSENGER:p:ab' })).toMatchObject({
    status: 422,
    body: { error: 'RecordInvalid', details: { external_id: [{ error: 'DuplicateValue' }] } },
  });
  expect(await create({ email: 'ADA@x.example' })).toMatchObject({
    status: 422,
    body: { details: { email: [{ error: 'DuplicateValue' }] } },
  });
  expect(await create({ name: ' ' })).toMatchObject({ status: 422, body: { details: { name: [{}] } } });
  const found = await call('GET', '/users/search.json?external_id=messenger%3Ap%3AAB');
  expect(found.body.users).toMatchObject([{ id, name: 'Ada' }]);
  expect((await call('GET', '/users/search.json?query=email:ada@x.example')).body.users).toMatchObject([{ id }]);
});

test('users are made or updated by external id, and have identities', async () => {
  const upsert = (name: string) => call('POST', '/users/create_or_update.json', { user: { name, external_id: 'k' } });
  const first = await upsert('One');
  const second = await upsert('Two');
  expect([first.status, second.status, second.body.user.id]).toEqual([201, 200, first.body.user.id]);
  const path = `/users/${first.body.user.id}/identities.json`;
  const identity = { type: 'phone_number', value: '+33123456789' };
  expect((await call('POST', path, { identity })).status).toBe(201);
  expect((await call('POST', path, { identity })).status).toBe(422);
  expect((await call('POST', path, { identity: { type: 'any_channel', value: 'x' } })).status).toBe(422);
  expect((await call('GET', path)).body.identities).toMatchObject([identity]);
});

test('a user takes five updates a minute', async () => {
  const id = await newUser();
  const statuses: number[] = [];
  for (let n = 0; n < 6; n++)
    statuses.push((await call('PUT', `/users/${id}.json`, { user: { name: `${n}` } })).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
});

test.each([
  ['no comment', { comment: undefined }, 'base'],
  ['a blank comment', { comment: { body: '' } }, 'comment'],
  ['a comment too long', { comment: { body: 'é'.repeat(40_000) } }, 'comment'],
  ['an unknown author', { comment: { body: 'a', author_id: 1 } }, 'author_id'],
  ['an unknown upload', { comment: { body: 'a', uploads: ['x'] } }, 'uploads'],
  ['an unknown requester', { requester_id: 1 }, 'requester'],
  ['an unknown status', { status: 'done' }, 'status'],
])('a ticket is refused for %s', async (_it, change, field) => {
  const ticket = { subject: 'S', comment: { body: 'Hello' }, ...change };
  const answer = await call('POST', '/tickets.json', { ticket });
  expect([answer.status, Object.keys(answer.body.details)]).toEqual([422, [field]]);
  expect(zendesk.tickets()).toEqual([]);
});

test('an idempotency key gives the same ticket for two hours, and takes no other body', async () => {
  const ticket = { subject: 'S', comment: { body: 'Hello' } };
  const create = (also: object = {}) =>
    call('POST', '/tickets.json', { ticket: { ...ticket, ...also } }, { 'idempotency-key': 'k' });
  const first = await create();
  const second = await create();
  expect([first, second].map(({ headers }) => headers.get('x-idempotency-lookup'))).toEqual(['miss', 'hit']);
  expect(second.body).toEqual(first.body);
  expect(await create({ subject: 'T' })).toMatchObject({ status: 400, body: { error: 'IdempotentRequestError' } });
  zendesk.passTime(2 * 60 * 60_000);
  expect((await create()).body.ticket.id).not.toBe(first.body.ticket.id);
});

test('keeps metadata in the audit, beside the comment', async () => {
  const id = await newTicket({ metadata: { passerelle: { marker: 'm1' } } });
  const { body } = await update(id, { comment: { body: 'x', public: false }, metadata: { a: 1 } });
  expect(body.audit).toMatchObject({ metadata: { custom: { a: 1 } }, events: [{ type: 'Comment', public: false }] });
  const audits = (await call('GET', `/tickets/${id}/audits.json?sort=-created_at&page[size]=1`)).body;
  expect(audits).toMatchObject({ audits: [{ id: body.audit.id }], meta: { has_more: true } });
  const rest = (await call('GET', audits.links.next.replace(`${zendesk.url}/api/v2`, ''))).body;
  expect(rest).toMatchObject({
    audits: [{ metadata: { custom: { passerelle: { marker: 'm1' } } } }],
    links: { next: null },
  });
});

test('a customer’s comment reopens, an agent’s does not', async () => {
  const id = await newTicket();
  const customer = zendesk.tickets()[0]!.requester.id;
  zendesk.setStatus(id, 'solved');
  expect((await update(id, { comment: { body: 'note', public: false } })).body.ticket.status).toBe('solved');
  expect((await update(id, { comment: { body: 'again', author_id: customer } })).body.ticket.status).toBe('open');
});

test('a closed ticket takes nothing but a follow-up', async () => {
  const id = await newTicket({ tags: ['vip'] });
  const open = await newTicket({ via_followup_source_id: id });
  zendesk.setStatus(id, 'closed');
  const description = 'Status: closed prevents ticket update';
  const refusal = { status: 422, body: { error: 'RecordInvalid', details: { status: [{ description }] } } };
  expect(await update(id, { comment: { body: 'x' } })).toMatchObject(refusal);
  expect(await call('PUT', `/tickets/${id}/tags.json`, { tags: ['x'] })).toMatchObject(refusal);
  const next = await newTicket({ via_followup_source_id: id });
  const [, early, late] = zendesk.tickets();
  expect(early).toMatchObject({ id: open, followupSourceId: null, tags: [] });
  expect(late).toMatchObject({ id: next, followupSourceId: id, tags: ['vip'] });
  expect(() => zendesk.setStatus(id, 'open')).toThrow('closed');
});

test('a deleted ticket is no more', async () => {
  const id = await newTicket({ external_id: 'e' });
  expect((await call('DELETE', `/tickets/${id}.json`)).status).toBe(204);
  expect(await call('GET', `/tickets/${id}.json`)).toMatchObject({ status: 404, body: { error: 'RecordNotFound' } });
  expect((await call('GET', '/tickets.json?external_id=e')).body.tickets).toEqual([]);
  expect(zendesk.tickets()).toMatchObject([{ status: 'deleted' }]);
});

test('tags are added, set and removed', async () => {
  const id = await newTicket({ tags: ['B', 'a'] });
  const tags = async (method: string, given: string[]) =>
    (await call(method, `/tickets/${id}/tags.json`, { tags: given })).body.tags;
  expect(await tags('PUT', ['c'])).toEqual(['a', 'b', 'c']);
  expect(await tags('DELETE', ['b'])).toEqual(['a', 'c']);
  expect(await tags('POST', ['z'])).toEqual(['z']);
});

test('a safe update of a ticket that changed is a conflict', async () => {
  const id = await newTicket();
  const stamp = (await call('GET', `/tickets/${id}.json`)).body.ticket.updated_at;
  expect((await update(id, { subject: 'a', safe_update: true, updated_stamp: stamp })).status).toBe(200);
  zendesk.passTime(5_000);
  await update(id, { subject: 'b' });
  const late = await update(id, { subject: 'c', safe_update: true, updated_stamp: stamp });
  expect(late).toMatchObject({ status: 409, body: { error: 'UpdateConflict' } });
});

test('comments come in pages, by number and by cursor, with their users', async () => {
  const id = await newTicket();
  for (let n = 0; n < 4; n++) await zendesk.agentComments(id, { text: `${n}`, public: true });
  const numbered = (await call('GET', `/tickets/${id}/comments.json?per_page=2&page=2&sort_order=desc`)).body;
  expect(numbered.comments.map((comment) => comment.body)).toEqual(['1', '0']);
  expect(numbered).toMatchObject({ count: 5, next_page: expect.stringContaining('page=3') });
  const cursor = (await call('GET', `/tickets/${id}/comments.json?page[size]=3&include=users`)).body;
  expect(cursor.users.map((user) => user.role)).toEqual(['end-user', 'agent']);
  const after = cursor.meta.after_cursor;
  const rest = (await call('GET', `/tickets/${id}/comments.json?page[size]=3&page[after]=${after}`)).body;
  expect(rest.comments.map((comment) => comment.body)).toEqual(['2', '3']);
});

const upload = (name: string, contentType: string, body = 'bytes') =>
  call('POST', `/uploads.json?filename=${encodeURIComponent(name)}`, Buffer.from(body), {
    'content-type': contentType,
  });

test.each([
  ['a type that is not the extension’s', 'a.png', 'application/json', 'x', 422],
  ['the default of a client', 'a.png', 'application/binary', 'x', 422],
  ['nothing in it', 'a.png', 'image/png', '', 422],
  ['no name', '', 'image/png', 'x', 400],
  ['the right type', 'a.png', 'image/png', 'x', 201],
  ['JSON, not read as a body', 'a.json', 'application/json', '{"a":1}', 201],
  ['an extension without a type of its own', 'a.xyz', 'application/octet-stream', 'x', 201],
])('an upload with %s', async (_it, name, contentType, body, status) => {
  expect((await upload(name, contentType, body)).status).toBe(status);
});

test('an upload is attached once, within an hour, and can be read', async () => {
  const id = await newTicket();
  const token = (await upload('a.txt', 'text/plain', 'words')).body.upload.token;
  const attach = (uploads: string[]) => update(id, { comment: { body: 'see', uploads } });
  expect((await attach([token])).status).toBe(200);
  expect((await attach([token])).status).toBe(422);
  const [file] = zendesk.tickets()[0]!.comments[1]!.attachments;
  expect(await (await fetch(file!.url)).text()).toBe('words');
  const late = (await upload('a.txt', 'text/plain')).body.upload.token;
  zendesk.passTime(60 * 60_000);
  expect((await attach([late])).status).toBe(422);
});

test('the export goes on where it was, refuses a recent start, and lags when asked to', async () => {
  const seconds = Math.floor(Date.now() / 1000);
  const from = (query: string) => call('GET', `/incremental/tickets/cursor.json?${query}`);
  expect(await from(`start_time=${seconds - 10}`)).toMatchObject({
    status: 422,
    body: { error: 'StartTimeTooRecent' },
  });
  const id = await newTicket();
  const first = (await from(`start_time=${seconds - 100}`)).body;
  expect(first).toMatchObject({ tickets: [{ id }], end_of_stream: true });
  expect((await from(`cursor=${first.after_cursor}`)).body.tickets).toEqual([]);
  await zendesk.close();
  zendesk = await startZendeskSimulator({ ...options, exportLags: true });
  await newTicket();
  expect((await from(`start_time=${seconds - 100}`)).body.tickets).toEqual([]);
  zendesk.passTime(61_000);
  expect((await from(`start_time=${seconds - 100}`)).body.tickets).toHaveLength(1);
});

test('shows tickets as an agent sees them, tells of changes, and forgets all when reset', async () => {
  let changes = 0;
  const stop = zendesk.onChange(() => changes++);
  const id = await newTicket({ external_id: 'e', priority: 'high' });
  await zendesk.agentComments(id, { html: '<p>See <b>this</b></p>', public: false, agent: 'bob', status: 'pending' });
  expect(changes).toBe(3);
  stop();
  expect(zendesk.tickets()).toMatchObject([
    {
      status: 'pending',
      externalId: 'e',
      fields: { priority: 'high' },
      requester: { name: 'Ada' },
      comments: [
        { authorName: 'Ada', htmlBody: '<div class="zd-comment" dir="auto"><p dir="auto">Hello</p></div>' },
        { authorId: staff.bob, authorName: 'Bob Chen', authorRole: 'agent', public: false, body: 'See this' },
      ],
    },
  ]);
  zendesk.reset();
  expect(zendesk.tickets()).toEqual([]);
  expect((await call('GET', '/users/me')).body.user.id).toBe(staff.service);
});
