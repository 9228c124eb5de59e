import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginConversation } from '../../src/store/conversations.ts';
import type { Tx } from '../../src/store/database.ts';
import { learnFacts } from '../../src/store/facts.ts';
import { listQuestions } from '../../src/store/questions.ts';
import { commandLine } from '../support/command-line.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  const match = [{ by: 'email', evidence: 'stated' }, { by: 'phone' }];
  product = await startProduct({ mapping: { people: { match }, identity: { writePerson: 'stated' } } });
});
afterAll(() => product?.stop());

const links = (...args: string[]) => commandLine(product.file, product.databaseUrl, ['links', ...args]);
let token: string | undefined;

/** As an admin of the helpdesk does it. */
async function admin(
  method: string,
  path: string,
  body?: object,
): Promise<{ user: { id: number; external_id: unknown } }> {
  const call = async (at: string, given: object | undefined, how: string) => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const sent = given === undefined ? {} : { body: JSON.stringify(given) };
    return (await fetch(`${product.zendesk.url}${at}`, { method: how, headers, ...sent })).json();
  };
  const client = {
    grant_type: 'client_credentials',
    client_id: 'zd-client',
    client_secret: 'zd-secret',
    scope: 'read write',
  };
  token ??= ((await call('/oauth/tokens', client, 'POST')) as { access_token: string }).access_token;
  return (await call(`/api/v2${path}`, body, method)) as never;
}
const learnPhone = (tx: Tx, customer: number, value: string) =>
  learnFacts(tx, customer, [{ kind: 'phone', value, evidence: 'platform-phone', by: 'platform' }], { at: new Date() });
const user = async (fields: object) => (await admin('POST', '/users.json', { user: fields })).user.id;
const shown = async (id: number) => (await admin('GET', `/users/${id}.json`)).user;

let mids = 0;
async function says(psid: string, email: string, words = `I am ${psid}`): Promise<void> {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  const message = { mid: `m_p${++mids}`, text: words, quick_reply: { payload: email } };
  await deliver(product.url, [item(psid, { message })]);
  await until(`a ticket of ${psid}`, () => ticketWith(words));
}
const ticketWith = (words: string) =>
  product.zendesk.tickets().find(({ comments }) => comments.some(({ body }) => body.includes(words)));
const notesOn = (words: string) =>
  (ticketWith(words)?.comments ?? []).filter((comment) => !comment.public).map(({ body }) => body);
const customerOf = async (psid: string) =>
  String((JSON.parse((await links('show', `user:${psid}`, '--json')).out) as { customer: number }).customer);
const actIn = (out: string): string => /act (\d+)/.exec(out)?.[1] ?? '';

test('one user with the address is the customer, and gets our key', async () => {
  const id = await user({ name: 'Known here', email: 'known@example.com' });
  await says('300', 'known@example.com');
  expect(ticketWith('I am 300')?.requester).toMatchObject({ id, name: 'Known here' });
  expect((await shown(id)).external_id).toBe('messenger:acme-page:300');
  const searches = () => product.zendesk.requests.filter(({ path }) => path.includes('/users/search')).length;
  const before = searches();
  await says('300', 'known@example.com', 'and more of 300');
  expect(searches()).toBe(before);
});

test('one who has another key keeps it', async () => {
  const id = await user({ name: 'Of the shop', email: 'shop@example.com', external_id: 'shop-77' });
  await says('301', 'shop@example.com');
  expect(ticketWith('I am 301')?.requester.id).toBe(id);
  expect((await shown(id)).external_id).toBe('shop-77');
});

test('an agent is never taken for a customer, and a name finds nobody', async () => {
  await user({ name: 'Customer 302' });
  await says('302', 'alice@acme.example');
  expect(ticketWith('I am 302')?.requester).toMatchObject({ externalId: 'messenger:acme-page:302' });
});

test('several users: a question; the chat goes on; the one chosen writes from then on; undone', async () => {
  const phone = '+33612345678';
  const ids = [await user({ name: 'Ida One', phone }), await user({ name: 'Ida Two', phone })];
  await product.db
    .transaction()
    .execute((tx) =>
      beginConversation(tx, 'acme-page', '303').then(({ customer }) => learnPhone(tx, customer.id, phone)),
    );
  await says('303', 'ida@example.com');
  expect(ids).not.toContain(ticketWith('I am 303')?.requester.id);
  const customer = await customerOf('303');
  const asked = (
    await listQuestions(product.db, { customer: Number(customer), target: 'helpdesk:acme-zendesk' }, 10)
  )[0];
  expect(asked?.candidates).toMatchObject([
    { id: String(ids[0]), name: 'Ida One', object: 'User', url: expect.stringContaining(`/agent/users/${ids[0]}`) },
    { id: String(ids[1]), name: 'Ida Two' },
  ]);
  await until('the note', () => notesOn('I am 303').some((note) => /Several users here.*Ida One/.test(note)));
  const chosen = await links('choose', String(asked?.id), String(ids[1]), '--why', 'her phone');
  expect(chosen).toMatchObject({ code: 0 });
  await until('the note', () => notesOn('I am 303').some((note) => note.includes('her phone')));
  const author = async (words: string) => {
    await says('303', 'ida@example.com', words);
    return ticketWith(words)?.comments.find(({ body }) => body.includes(words))?.authorId;
  };
  expect(await author('now as Ida Two')).toBe(ids[1]);
  await links('undo', actIn(chosen.out));
  expect(ids).not.toContain(await author('as before'));
});

test('a wrong user is cut: noted on the ticket, a user of their own from then on, never tied again; undone', async () => {
  const wrong = await user({ name: 'Wrong one', email: 'wrong@example.com' });
  await says('304', 'wrong@example.com');
  const customer = await customerOf('304');
  const cut = await links('cut', customer, 'acme-zendesk', '--why', 'her sister');
  expect(cut).toMatchObject({ code: 0, err: '' });
  await until('the note', () => notesOn('I am 304').some((note) => /wrong user here.*her sister/.test(note)));
  await says('304', 'wrong@example.com', 'again 304');
  const authorOf = (words: string) => ticketWith(words)?.comments.find(({ body }) => body.includes(words))?.authorId;
  const own = authorOf('again 304');
  expect(own).not.toBe(wrong);
  expect((await shown(wrong)).external_id).toBeNull();
  expect((await shown(own!)).external_id).toBe('messenger:acme-page:304');
  await links('undo', actIn(cut.out));
  await says('304', 'wrong@example.com', 'third 304');
  expect(authorOf('third 304')).toBe(wrong);
  expect(await links('cut', customer, 'nowhere', '--why', 'x')).toMatchObject({ code: 1 });
});
