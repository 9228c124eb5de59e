import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  ConversationHead,
  ConversationLine,
  FoundWords,
  RawMessage,
  ThreadItem,
} from '../../src/console/wire/conversations.ts';
import type { NoticeLine, OrderLine } from '../../src/console/wire/notices.ts';
import type { Page } from '../../src/console/wire/page.ts';
import type { PersonLine } from '../../src/console/wire/people.ts';
import type { ParkedView, TodoCounts } from '../../src/console/wire/todo.ts';
import { consoleAdmin, consoleClient } from '../support/console.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const viewer = { email: 'viewer@acme.example', password: 'viewer of all things', role: 'viewer' as const };
let product: Product;
let browser: ReturnType<typeof consoleClient>;
let conversation: number;
let ticket: string;

beforeAll(async () => {
  product = await startProduct({
    settings: { console: { admins: [consoleAdmin] } },
  });
  browser = consoleClient(product.url);
  await browser.signIn();
  product.messenger.addCustomer({ psid: '7100071', name: 'Ada Lovelace' });
  product.messenger.addCustomer({ psid: '7200072', name: 'Bob Builder' });
  await product.messenger.customerSends('7200072', { type: 'text', text: 'A blue lamp, please' });
  await product.messenger.customerSends('7100071', { type: 'text', text: 'My green umbrella is late' });
  await until('history is written', async () => {
    const done = await product.db.selectFrom('deliveries').select('message').where('state', '=', 'done').execute();
    return done.length === 4;
  });
  const row = await product.db
    .selectFrom('conversations as c')
    .innerJoin('tickets as t', 't.conversation', 'c.id')
    .select(['c.id', 't.remote_id'])
    .where('c.platform_user', '=', '7100071')
    .executeTakeFirstOrThrow();
  conversation = row.id;
  ticket = row.remote_id!;
  await product.zendesk.agentComments(Number(ticket), { text: 'It left yesterday', public: true });
  await until('the answer is sent', () =>
    product.db.selectFrom('reply_parts').select('id').where('sent_at', 'is not', null).executeTakeFirst(),
  );
});
afterAll(() => product?.stop());

const list = async (query: string) => (await browser.get(`/conversations?${query}`)).body as Page<ConversationLine>;
const found = async (query: string) => (await list(query)).items.map(({ name }) => name);

test.each([
  ['the beginning of a name', () => 'lovel', 'Ada Lovelace'],
  ['two beginnings, in any order', () => 'love ad', 'Ada Lovelace'],
  ['a ticket’s number', () => `#${ticket}`, 'Ada Lovelace'],
  ['the beginning of what the platform calls them', () => '72000', 'Bob Builder'],
])('a conversation is found by %s', async (_, query, name) => {
  expect(await found(`q=${encodeURIComponent(query())}`)).toEqual([name]);
});

test('a conversation is found by a phone however it is written, an e-mail address, and the beginning of an order’s number', async () => {
  const { customer } = await product.db
    .selectFrom('conversations')
    .select('customer')
    .where('id', '=', conversation)
    .executeTakeFirstOrThrow();
  await sql`insert into facts (customer, kind, value, compared, evidence, by_whom)
    values (${customer}, 'phone', '+33612345678', '+33612345678', 'admin', 'test'),
      (${customer}, 'email', 'ada@example.com', 'ada@example.com', 'admin', 'test')`.execute(product.db);
  await sql`insert into orders (shop, number, customer, state, updated_at, body)
    values ('acme', 'ACME-10042', ${customer}, 'shipped', now(), '{"number":"ACME-10042"}')`.execute(product.db);
  for (const query of ['+33 6 12 34 56 78', 'Ada@Example.com', 'acme-100'])
    expect([query, await found(`q=${encodeURIComponent(query)}`)]).toEqual([query, ['Ada Lovelace']]);
  const people = (await browser.get('/people?q=acme-100')).body as Page<PersonLine>;
  expect(people.items).toMatchObject([{ name: 'Ada Lovelace', orders: 1, accounts: ['acme-page'] }]);
});

test('what was said is found by the beginnings of its words, by whoever may read it', async () => {
  const words = async (q: string) => (await browser.get(`/conversations/words?q=${q}`)).body as Page<FoundWords>;
  expect((await words('umbr%20green')).items).toMatchObject([
    { conversation, name: 'Ada Lovelace', author: 'customer', text: 'My green umbrella is late' },
  ]);
  expect((await words('yesterday')).items).toMatchObject([{ author: 'agent' }]);
  expect((await words('%27%26%20%21')).items).toEqual([]);
});

test('filters narrow the list, the latest comes first, and a cursor reads on without repeats', async () => {
  expect(await found('')).toEqual(['Ada Lovelace', 'Bob Builder']);
  expect(await found('state=none')).toEqual([]);
  expect(await found('channel=messenger&state=open&account=acme-page')).toHaveLength(2);
  expect(await found('channel=whatsapp')).toEqual([]);
  expect(await found(`until=${new Date(Date.now() - 86_400_000).toISOString()}`)).toEqual([]);
  await sql`with made as (insert into customers (name) select 'Many ' || n from generate_series(1, 60) n returning id)
    insert into conversations (account, platform_user, customer, last_customer_at)
      select 'acme-page', 'many-' || id, id, '2020-01-01' from made`.execute(product.db);
  const seen: number[] = [];
  let cursor: string | null = '';
  do {
    const page: Page<ConversationLine> = await list(`cursor=${cursor}`.replace(/cursor=$/, ''));
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  } while (cursor);
  expect([seen.length, new Set(seen).size]).toEqual([62, 62]);
  expect((await browser.get('/conversations?cursor=WzFd')).status).toBe(400);
  expect((await browser.get('/conversations?state=lost')).status).toBe(400);
});

test('a thread shows each message’s way, with links that open where it went', async () => {
  const head = (await browser.get(`/conversations/${conversation}`)).body as ConversationHead;
  expect(head).toMatchObject({
    name: 'Ada Lovelace',
    channel: { kind: 'messenger' },
    identity: { evidence: 'wrote-here' },
    tickets: [{ number: ticket, state: 'open', url: `${product.zendesk.url}/agent/tickets/${ticket}` }],
    contacts: [{ crm: 'acme-salesforce', state: 'linked', url: expect.stringContaining(product.salesforce.url) }],
  });
  const thread = (await browser.get(`/conversations/${conversation}/messages`)).body as Page<ThreadItem>;
  const [reply, said] = thread.items;
  expect(said).toMatchObject({ author: 'customer', text: 'My green umbrella is late', ticket: { number: ticket } });
  expect(said!.journey.map(({ what, state, where }) => [what, state, where])).toEqual([
    ['written', 'done', null],
    ['received', 'done', null],
    ['helpdesk', 'done', 'acme-zendesk'],
    ['crm', 'done', 'acme-salesforce'],
  ]);
  expect(reply).toMatchObject({ author: 'agent', text: 'It left yesterday' });
  expect(reply!.journey.map(({ what, state }) => `${what} ${state}`)).toContain('sent done');
  expect((await browser.get('/conversations/999999')).status).toBe(404);
});

test('the webhook as it came is shown to admins, and that is audited', async () => {
  const { id } = await product.db
    .selectFrom('messages')
    .select('id')
    .where('author', '=', 'customer')
    .where('conversation', '=', conversation)
    .executeTakeFirstOrThrow();
  const raw = (await browser.post(`/messages/${id}/raw`, {})).body as RawMessage;
  expect(raw).toMatchObject({
    source: 'channel:messenger',
    body: expect.stringContaining('My green umbrella is late'),
  });
  const seen = await product.db.selectFrom('audit').selectAll().where('what', '=', 'raw-seen').execute();
  expect(seen).toMatchObject([{ who: `user:${consoleAdmin.email}`, subject: `message ${id}` }]);
});

test('what is parked is counted, found by its filter, told with advice, and replayed', async () => {
  const { message } = await product.db
    .updateTable('deliveries')
    .set({ state: 'parked', reason: 'the field is missing', ended_at: new Date() })
    .where('conversation', '=', conversation)
    .where('target', '=', 'crm:acme-salesforce')
    .returning('message')
    .executeTakeFirstOrThrow();
  expect((await browser.get('/todo')).body as TodoCounts).toMatchObject({ questions: 0, targets: 0 });
  expect(((await browser.get('/todo')).body as TodoCounts).parked).toBeGreaterThan(0);
  expect(await found('work=parked')).toEqual(['Ada Lovelace']);
  const id = `${message}:crm:acme-salesforce`;
  const shown = (await browser.get(`/todo/parked/${encodeURIComponent(id)}`)).body as ParkedView;
  expect(shown).toMatchObject({ id, reason: 'the field is missing', advice: expect.stringContaining('CRM') });
  expect((await browser.post(`/conversations/${conversation}/replay`, { dryRun: true })).body).toMatchObject({
    dryRun: true,
  });
  expect((await browser.post(`/todo/parked/${encodeURIComponent(id)}/replay`, {})).body).toMatchObject({ replayed: 1 });
  await until('all is written again', async () => {
    await browser.post(`/conversations/${conversation}/replay`, {});
    return ((await browser.get('/todo')).body as TodoCounts).parked === 0;
  });
});

test('who was blocked is told with the name of the agent, and let in again once', async () => {
  const { numUpdatedRows } = await product.db
    .updateTable('conversations')
    .set({ blocked_at: new Date(), blocked_by: 'Alice Agent', spam: true })
    .where('id', '=', conversation)
    .executeTakeFirst();
  expect(numUpdatedRows).toBe(1n);
  const head = async () => (await browser.get(`/conversations/${conversation}`)).body as ConversationHead;
  expect((await head()).blocked).toMatchObject({ by: 'Alice Agent', spam: true });
  const lift = () => browser.post(`/conversations/${conversation}/let-in`, {});
  expect([(await lift()).status, (await lift()).status]).toEqual([200, 409]);
  expect((await head()).blocked).toBeNull();
  const last = await product.db.selectFrom('audit').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow();
  expect(last).toMatchObject({ what: 'agent-unblocked', who: `user:${consoleAdmin.email}` });
});

test('notices are narrowed by state, event, campaign, customer and order, and read on without repeats', async () => {
  const { customer } = await product.db
    .selectFrom('conversations')
    .select('customer')
    .where('id', '=', conversation)
    .executeTakeFirstOrThrow();
  // A hundred: each third has failed, each second is of a campaign, the rest of an order.
  await sql`with o as (insert into orders (shop, number, customer, state, updated_at, body)
      values ('acme', 'NT-1', ${customer}, 'shipped', now(), '{"number":"NT-1"}') returning id),
    e as (insert into order_events ("order", shop, key, type, occurred_at, digest, body)
      select id, 'acme', 'nt-1', 'order.shipped', now(), '\\x00', '{}' from o returning id)
    insert into notices (customer, purpose, priority, event, order_event, campaign, state, expires_at, ended_at)
      select ${customer}, 'x', 1, case when n % 2 = 0 then 'sale' else 'order.shipped' end, case when n % 2 = 1 then e.id end,
        case when n % 2 = 0 then 7 end, case when n % 3 = 0 then 'failed' else 'read' end, now(), now()
      from generate_series(1, 100) n, e`.execute(product.db);
  const all = async (query: string) => {
    const ids: number[] = [];
    let cursor: string | null = null;
    do {
      const asked: string = cursor ? `${query}&cursor=${cursor}` : query;
      const page = (await browser.get(`/notices?${asked}`)).body as Page<NoticeLine>;
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    } while (cursor);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
    return ids.length;
  };
  for (const [query, count] of [
    ['', 100],
    ['state=failed', 33],
    ['state=waiting', 0],
    ['event=order.shipped', 50],
    ['event=order.shipped&state=failed', 17],
    ['campaign=7', 50],
    ['campaign=7&state=failed', 16],
    ['campaign=7&event=order.shipped', 0],
    ['order=nt-1', 50],
    ['order=nt-1&state=failed', 17],
    [`customer=${customer}&event=sale`, 50],
    ['customer=999999', 0],
  ] as const)
    expect([query, await all(query)]).toEqual([query, count]);
  expect((await browser.get('/notices?state=lost')).status).toBe(400);
  expect((await browser.get('/notices?cursor=WzFd')).status).toBe(200);
  const orders = (await browser.get('/orders?q=nt-')).body as Page<OrderLine>;
  expect(orders.items).toMatchObject([{ number: 'NT-1', state: 'shipped', name: 'Ada Lovelace', notices: 50 }]);
  expect((await browser.get('/orders?state=lost')).body as Page<OrderLine>).toEqual({ items: [], next: null });
});

test('a viewer reads no words, replays nothing and sees no webhook', async () => {
  const { hashPassword } = await import('../../src/kit/password.ts');
  await sql`insert into console_users (email, role, source, password)
    values (${viewer.email}, ${viewer.role}, 'command-line', ${await hashPassword(viewer.password)})`.execute(
    product.db,
  );
  const eyes = consoleClient(product.url);
  await eyes.signIn({ email: viewer.email, password: viewer.password });
  const thread = (await eyes.get(`/conversations/${conversation}/messages`)).body as Page<ThreadItem>;
  expect(thread.items.map(({ text }) => text)).toEqual(thread.items.map(() => null));
  const lines = ((await eyes.get('/conversations?q=ada')).body as Page<ConversationLine>).items;
  expect(lines).toMatchObject([{ name: 'Ada Lovelace', last: null }]);
  expect((await eyes.get('/conversations/words?q=green')).status).toBe(403);
  const message = thread.items[0]!.id;
  expect((await eyes.post(`/messages/${message}/raw`, {})).status).toBe(403);
  expect((await eyes.post(`/messages/${message}/replay`, {})).status).toBe(403);
  expect((await eyes.post(`/conversations/${conversation}/replay`, {})).status).toBe(403);
  expect((await eyes.get('/notices')).status).toBe(200);
  expect((await eyes.get('/campaigns')).status).toBe(200);
  for (const path of ['', '/1/start', '/1/approve', '/1/pause', '/1/resume', '/1/stop', '/1/test', '/estimate'])
    expect((await eyes.post(`/campaigns${path}`, {})).status).toBe(403);
  expect((await eyes.call('PUT', '/campaigns/1', {})).status).toBe(403);
  expect((await eyes.post('/notice-texts/check', {})).status).toBe(403);
});
