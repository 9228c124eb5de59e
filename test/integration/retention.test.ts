import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { days } from '../../src/domain/duration.ts';
import { applyRetention } from '../../src/flows/apply-retention.ts';
import { takeInOrderEvent } from '../../src/flows/take-in-order-event.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { silentLog } from '../../src/kit/log.ts';
import { openVault } from '../../src/store/vault.ts';
import { vaultWith } from '../support/canaries.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

const forEver = { messages: 0, orders: 0, notices: 0, links: 0, consentProof: 0, receipts: 0 };

/** As if so many days had passed. */
async function apply(retention: Partial<Record<keyof typeof forEver, number>>, passed: number): Promise<void> {
  const clock = { ...systemClock, now: () => new Date(Date.now() + days(passed)) };
  const vault = await openVault(product.configuration.settings.media);
  const tools = { clock, log: silentLog } as unknown as Parameters<typeof applyRetention>[0]['tools'];
  const all = { ...forEver, ...retention } as unknown as Parameters<typeof applyRetention>[1];
  expect(await applyRetention({ db: product.db, vault, tools }, all)).toEqual({ left: false });
}

const count = async (table: string, where = sql`true`): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)} where ${where}`.execute(product.db))
    .rows[0]!.n;
const said = (psid: string, text: string) => product.messenger.customerSends(psid, { type: 'text', text });
const ticketsOf = (psid: string) =>
  product.zendesk.tickets().filter(({ requester }) => requester.externalId?.endsWith(`:${psid}`));

async function conversation(psid: string): Promise<void> {
  product.messenger.addCustomer({ psid, name: `Name ${psid}` });
  const files = [{ name: `${psid}.txt`, contentType: 'text/plain', bytes: Buffer.from(`file of ${psid}`) }];
  await product.messenger.customerSends(psid, { type: 'file', files, text: `words of ${psid}` });
  await until('the ticket', () => ticketsOf(psid)[0]?.comments.some(({ attachments }) => attachments.length > 0));
}
const quiet = () => until('nothing waits', async () => (await count('deliveries', sql`state = 'waiting'`)) === 0);

test('what was said is deleted when it is old and nothing of it waits; what comes later begins a new ticket', async () => {
  await conversation('6101');
  await quiet();
  await apply({ messages: days(30) }, 29);
  expect(await count('messages')).toBe(1);
  await sql`update deliveries set state = 'parked' where target like 'crm:%'`.execute(product.db);
  await apply({ messages: days(30) }, 31);
  expect([await count('messages'), await vaultWith(product, ['file of 6101'])]).toEqual([1, ['file of 6101']]);
  await sql`update deliveries set state = 'done' where state = 'parked'`.execute(product.db);
  const history = product.salesforce.records('Task');
  await apply({ messages: days(30) }, 31);
  for (const table of ['messages', 'deliveries', 'media', 'comments', 'history_entries'])
    expect(await count(table)).toBe(0);
  expect(await vaultWith(product, ['file of 6101'])).toEqual([]);
  await said('6101', 'I am back');
  await until('another ticket', () => ticketsOf('6101').length === 2);
  await quiet();
  expect(product.salesforce.records('Task').length).toBe(history.length + 1);
  expect(
    product.salesforce.records('Task').some(({ Description: text }) => String(text).includes('words of 6101')),
  ).toBe(true);
  const [old] = ticketsOf('6101');
  await product.zendesk.agentComments(old!.id, { html: '<p>Late, but still</p>', public: true });
  await until('an answer on the old ticket', () =>
    product.messenger.threads().some(({ bubbles }) => bubbles.some(({ text }) => text === 'Late, but still')),
  );
});

test('orders and notices go when they are old, but not while something of them is still to be told', async () => {
  const order = (n: string) => ({ number: n, currency: 'EUR', total: 100 });
  const take = (n: string) =>
    product.db
      .transaction()
      .execute((tx) =>
        takeInOrderEvent(
          tx,
          { queue: { wake: async () => undefined } },
          { shop: 'acme', type: 'order.confirmed', order: order(n), customer: { customerId: `c-${n}` } },
        ),
      );
  await take('R-1');
  await take('R-2');
  const ofOrder = (n: string) =>
    sql`order_event in (select e.id from order_events e join orders o on o.id = e."order" where o.number = ${n})`;
  await sql`update notices set state = 'failed', ended_at = now() where ${ofOrder('R-1')}`.execute(product.db);
  await sql`update notices set state = 'waiting', ended_at = null, not_before = now() + interval '1 year'
    where ${ofOrder('R-2')}`.execute(product.db);
  await apply({ notices: days(10) }, 11);
  expect([await count('notices', ofOrder('R-1')), await count('notices', ofOrder('R-2'))]).toEqual([0, 1]);
  await apply({ orders: days(20) }, 21);
  expect((await sql<{ number: string }>`select number from orders`.execute(product.db)).rows).toEqual([
    { number: 'R-2' },
  ]);
});

test('links, proofs and receipts go in their time', async () => {
  await sql`insert into links (id, token_digest, made_by, request_digest, accounts, shop_customer, expires_at)
    values ('l1', 'a', 'shop', 'a', '{acme-page}', 'c', now()), ('l2', 'b', 'shop', 'b', '{acme-page}', 'c', now() + interval '90 days')`.execute(
    product.db,
  );
  await sql`insert into consent_proofs (subjects, channel, purpose, act, source, at) values ('{}', '*', 'marketing', 'granted', 'api', now())`.execute(
    product.db,
  );
  await sql`insert into erasures (code, asked_by, state, ended_at) values ('ABCDEFGH', 'cli:ann', 'done', now()), ('ABCDEFGI', 'cli:ann', 'working', null)`.execute(
    product.db,
  );
  await sql`insert into erasure_steps (erasure, place, what, state) select id, 'ledger', 'rows', 'done' from erasures where state = 'done'`.execute(
    product.db,
  );
  await apply({ links: days(30), consentProof: days(60), receipts: days(60) }, 31);
  expect([await count('links'), await count('consent_proofs'), await count('erasures')]).toEqual([1, 1, 2]);
  await apply({ links: days(30), consentProof: days(60), receipts: days(60) }, 61);
  expect([await count('consent_proofs'), await count('erasures'), await count('erasure_steps')]).toEqual([0, 1, 0]);
});
