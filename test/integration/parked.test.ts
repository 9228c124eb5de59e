import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReplayReport } from '../../src/flows/replay.ts';
import type { Bubble, ZendeskTicketView } from '../../src/sandbox/contract.ts';
import type { Parked } from '../../src/store/parked.ts';
import { commandLine } from '../support/command-line.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({
    mapping: {
      history: {
        shape: 'object',
        objectFields: { Text__c: '{{ message.text }}', Author__c: '{{ message.text }}', Ticket__c: '{{ ticket.id }}' },
      },
    },
  });
});
afterAll(() => product?.stop());

const passerelle = (...args: string[]) => commandLine(product.file, product.databaseUrl, args);
const listed = async (...args: string[]): Promise<Parked[]> =>
  (await passerelle('parked', 'list', '--json', ...args)).out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Parked);
const reported = async (...args: string[]) => JSON.parse((await passerelle(...args, '--json')).out) as ReplayReport;

const ticketOf = (psid: string): ZendeskTicketView | undefined =>
  product.zendesk.tickets().find((ticket) => ticket.requester.externalId === `messenger:acme-page:${psid}`);
const answersTo = (psid: string): Bubble[] =>
  product.messenger
    .threads()
    .find((thread) => thread.psid === psid)!
    .bubbles.filter(({ from }) => from === 'page');
const notesOn = (psid: string) => ticketOf(psid)!.comments.filter((comment) => !comment.public);
const bodiesOn = (psid: string) => (ticketOf(psid)?.comments ?? []).map(({ body }) => body);
const parkedRow = (psid: string, target: string) =>
  product.db
    .selectFrom('deliveries as d')
    .innerJoin('conversations as c', 'c.id', 'd.conversation')
    .select(['d.message', 'd.state', 'd.replays'])
    .where('c.platform_user', '=', psid)
    .where('d.target', '=', target)
    .where('d.state', '=', 'parked')
    .executeTakeFirst();

async function writes(psid: string, ...texts: string[]): Promise<void> {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  for (const text of texts) await product.messenger.customerSends(psid, { type: 'text', text });
}

/** As if the admin had mended what was wrong with it. */
const shorten = (message: number, text: string) =>
  product.db
    .updateTable('messages')
    .set({ parts: JSON.stringify([{ type: 'text', text }]) })
    .where('id', '=', message)
    .execute();

test('a message Zendesk always refuses is parked alone, shown without its words, and arrives when replayed mended', async () => {
  await writes('500', 'before', 'x'.repeat(70_000), 'after');
  await until('what is around it', () => bodiesOn('500').some((body) => body.includes('after')));
  expect(bodiesOn('500').join()).toContain('before');
  const row = await until('parked', () => parkedRow('500', 'helpdesk:acme-zendesk'));
  const [found] = await listed('--target', 'helpdesk:acme-zendesk');
  expect(found).toMatchObject({ message: row.message, account: 'acme-page', platformUser: '500', kind: 'said' });
  const shown = await passerelle('parked', 'show', found!.id);
  expect(shown.out).toMatch(/reason +.*\S/);
  expect(shown.out).toMatch(/what to do +Mend at the helpdesk/);
  expect(shown.out).not.toContain('xxxx');
  expect((await passerelle('parked', 'show', found!.id, '--show-text')).out).toContain('xxxx');
  await shorten(row.message, 'mended');
  expect((await reported('parked', 'replay', found!.id)).replayed).toBe(1);
  await until('the mended one', () => bodiesOn('500').some((body) => body.includes('mended')));
  expect(bodiesOn('500').find((body) => body.includes('mended'))).toContain('arrived late');
  expect((await reported('parked', 'replay', found!.id)).replayed).toBe(0);
}, 40_000);

test('a record Salesforce always refuses is parked alone and written once when replayed mended', async () => {
  await writes('501', 'short', 'y'.repeat(300), 'short too');
  const texts = () =>
    product.salesforce.records('Passerelle_Message__c').map((record) => String(record['Text__c']).slice(0, 9));
  await until('the others', () => texts().includes('short') && texts().includes('short too'));
  const row = await until('parked', () => parkedRow('501', 'crm:acme-salesforce'));
  await shorten(row.message, 'mended y');
  const replays = ['--message', String(row.message)];
  const dry = await reported('replay', ...replays, '--dry-run');
  expect(dry).toMatchObject({ dryRun: true, replayed: 1, settled: 1 });
  expect(await parkedRow('501', 'crm:acme-salesforce')).toBeDefined();
  const both = await Promise.all([reported('replay', ...replays), reported('replay', ...replays)]);
  expect(both.reduce((sum, { replayed }) => sum + replayed, 0)).toBe(1);
  await until('written', () => texts().includes('mended y'));
  await quietFor(300);
  expect(texts().filter((text) => text === 'mended y')).toHaveLength(1);
}, 40_000);

const reply = (psid: string, text: string, files: { name: string; contentType: string; bytes: Buffer }[] = []) =>
  product.zendesk.agentComments(ticketOf(psid)!.id, { html: text, public: true, files });

test('a reply Messenger refuses holds no other; replayed it arrives once, and the agent learns of it', async () => {
  await writes('502', 'Hello');
  await until('a ticket', () => ticketOf('502'));
  product.messenger.block('502', true);
  await reply('502', '<p>refused</p>');
  const row = await until('parked', () => parkedRow('502', 'channel:acme-page'));
  product.messenger.block('502', false);
  await reply('502', '<p>the next</p>');
  await until('the next', () => answersTo('502').length === 1);
  const range = ['replay', '--since', '1h', '--target', 'channel:acme-page'];
  await Promise.all([reported(...range), reported(...range)]);
  await until('both', () => answersTo('502').length === 2);
  await until('the note', () => notesOn('502').some(({ body }) => body.includes('after all')));
  expect(answersTo('502').map(({ text }) => text)).toEqual(['the next', 'refused']);
  expect(await passerelle('parked', 'show', `${row.message}:channel:acme-page`)).toMatchObject({ code: 1, out: '' });
}, 40_000);

/** As a crash and a platform that could not tell left it, long ago. */
async function asUnsure(message: number): Promise<void> {
  await product.db
    .updateTable('reply_parts')
    .set({
      state: 'unsure',
      platform_id: null,
      sent_at: null,
      reason: 'no answer',
      started_at: new Date(Date.now() - 3_600_000),
    })
    .where('message', '=', message)
    .execute();
  await sql`update deliveries set state = 'parked' where message = ${message} and target = 'channel:acme-page'`.execute(
    product.db,
  );
}

const replyOf = async (psid: string) =>
  (
    await product.db
      .selectFrom('messages as m')
      .innerJoin('conversations as c', 'c.id', 'm.conversation')
      .select('m.id')
      .where('c.platform_user', '=', psid)
      .where('m.author', '=', 'agent')
      .executeTakeFirstOrThrow()
  ).id;
const partState = async (message: number) =>
  (await product.db.selectFrom('reply_parts').select('state').where('message', '=', message).executeTakeFirst())
    ?.state ?? '';

test('a bubble of unknown fate is looked up before anything is sent', async () => {
  await writes('503', 'Hello');
  await until('a ticket', () => ticketOf('503'));
  await reply('503', '<p>perhaps</p>');
  await until('the answer', () => answersTo('503')[0]?.delivered);
  const message = await replyOf('503');
  await until('settled', async () => (await partState(message)) === 'delivered');
  await asUnsure(message);
  const report = await reported('replay', '--account', 'acme-page', '--platform-user', '503');
  expect(report).toMatchObject({ replayed: 1, unsure: 1 });
  await until('found in the thread', async () => ['sent', 'delivered', 'read'].includes(await partState(message)));
  await until('done', async () => !(await parkedRow('503', 'channel:acme-page')));
  expect(answersTo('503')).toHaveLength(1);
}, 40_000);

test('where the platform cannot tell, only --resend-unsure sends it again', async () => {
  await writes('504', 'Hello');
  await until('a ticket', () => ticketOf('504'));
  await reply('504', '', [{ name: 'a.txt', contentType: 'text/plain', bytes: Buffer.from('a file') }]);
  await until('the answer', () => answersTo('504')[0]?.delivered);
  const message = await replyOf('504');
  await until('settled', async () => (await partState(message)) === 'delivered');
  await asUnsure(message);
  const id = `${message}:channel:acme-page`;
  expect(await reported('parked', 'replay', id)).toMatchObject({ replayed: 1, unsure: 1 });
  await until('parked again', async () => (await parkedRow('504', 'channel:acme-page'))?.replays === 1);
  expect(answersTo('504')).toHaveLength(1);
  await reported('parked', 'replay', id, '--resend-unsure');
  await until('sent again', () => answersTo('504').length === 2);
  await until('done', async () => !(await parkedRow('504', 'channel:acme-page')));
}, 40_000);

test('an agent whose reply is given up is told; the audit says who did what', async () => {
  await writes('505', 'Hello');
  await until('a ticket', () => ticketOf('505'));
  product.messenger.block('505', true);
  await reply('505', '<p>never mind</p>');
  const row = await until('parked', () => parkedRow('505', 'channel:acme-page'));
  const id = `${row.message}:channel:acme-page`;
  const given = await passerelle('parked', 'discard', id, '--why', 'the customer left');
  expect(given).toMatchObject({ code: 0, out: `${id}: given up.\n` });
  const note = await until('the note', () => notesOn('505').find(({ body }) => body.includes('given up')));
  expect(note.body).toMatch(/the customer left[\s\S]*never mind/);
  expect((await passerelle('parked', 'discard', id, '--why', 'again')).code).toBe(1);
  const audit = await passerelle('audit', 'list');
  expect(audit.out).toMatch(new RegExp(`cli:\\S+ +discard +${id} `));
  expect(audit.out).toMatch(/cli:\S+ +replay +conversation \d+/);
}, 40_000);

/** What a bug in a reader might write: a message without parts. One more try and it is set aside. */
const poison = (psid: string) =>
  product.db
    .insertInto('events')
    .values({
      webhook: 0,
      account: 'acme-page',
      key: `message:poison-${psid}`,
      type: 'message',
      outcome: 'taken',
      platform_user: psid,
      occurred_at: new Date(),
      body: JSON.stringify({ type: 'message', id: `poison-${psid}`, to: '555', from: psid, at: new Date() }),
      attempts: 4,
    })
    .returning('id')
    .executeTakeFirstOrThrow();

test('an event that makes the code throw is set aside alone, listed, and applied when mended and replayed', async () => {
  const { id } = await poison('506');
  await writes('506', 'one', 'two');
  await until('the rest', () => bodiesOn('506').some((body) => body.includes('two')));
  expect(await metric(product.url, 'passerelle_parked_events', { account: 'acme-page' })).toBe(1);
  const [event] = (await listed()).filter(({ what }) => what === 'event');
  expect(event).toMatchObject({ id: `event:${id}`, platformUser: '506', attempts: 5 });
  expect(event?.reason).toMatch(/TypeError in \w+ \(src\/flows\/\S+\.ts:\d+/);
  await sql`update events set body = body || ${JSON.stringify({ parts: [{ type: 'text', text: 'healed' }] })}::jsonb
    where id = ${id}`.execute(product.db);
  expect(await reported('parked', 'replay', `event:${id}`)).toMatchObject({ events: 1 });
  await until('healed', () => bodiesOn('506').some((body) => body.includes('healed')));
}, 40_000);

test('a message the code throws on is set aside alone', async () => {
  await writes('507', 'first');
  await until('a ticket', () => ticketOf('507'));
  const conversation = await product.db
    .selectFrom('conversations')
    .select('id')
    .where('platform_user', '=', '507')
    .executeTakeFirstOrThrow();
  const row = await product.db
    .insertInto('messages')
    .values({
      conversation: conversation.id,
      kind: 'said',
      author: 'customer',
      parts: JSON.stringify([null]),
      detail: '{}',
      occurred_at: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const waits = { message: row.id, target: 'helpdesk:acme-zendesk', conversation: conversation.id, failures: 4 };
  await product.db.insertInto('deliveries').values(waits).execute();
  await writes('507', 'last');
  await until('the last', () => bodiesOn('507').some((body) => body.includes('last')), 20_000);
  expect(await parkedRow('507', 'helpdesk:acme-zendesk')).toMatchObject({ message: row.id });
}, 40_000);

test('wrong usage says what is wanted', async () => {
  const cases: [string[], RegExp][] = [
    [['replay'], /one of --message/],
    [['replay', '--message', '1', '--since', '2h'], /one of --message/],
    [['parked', 'list', '--since', 'noon'], /noon is no time/],
    [['parked', 'list', '--limit', '0'], /--limit/],
    [['keys', 'create', '--name', 'a', '--scopes', 'all'], /no scope all/],
  ];
  const ended = await Promise.all(cases.map(([args]) => passerelle(...args)));
  expect(ended.map(({ code }) => code)).toEqual(cases.map(() => 2));
  for (const [i, [, says]] of cases.entries()) expect(ended[i]?.err).toMatch(says);
}, 40_000);
