import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { envelope, item, signed } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until as within } from '../support/until.ts';

// The service looks after its account every second; on a busy machine that takes its time.
const until: typeof within = (what, probe) => within(what, probe, 60_000);

const apiKey = 'a-key-for-metrics-0123456789';
let product: Product;
let proxy: TcpProxy;
beforeAll(async () => {
  product = await startProduct({
    settings: { reconcile: { every: '1s' }, api: { keys: [{ name: 'shop', key: apiKey, scopes: ['orders'] }] } },
    media: { textWaits: '100ms' },
    databaseFor: async (real) => {
      const url = new URL(real);
      proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
      return Object.assign(url, { port: String(proxy.port) }).toString();
    },
  });
});
afterAll(async () => {
  await product?.stop();
  await proxy?.close();
});

const page = async () => (await fetch(`${product.url}/metrics`)).text();
/** Those that were seen to be other than 0. */
const moved = new Set<string>();
async function value(name: string, labels?: Record<string, string>): Promise<number> {
  const found = await metric(product.url, `passerelle_${name}`, labels);
  if (found !== 0) moved.add(`passerelle_${name.replace(/_count$/, '')}`);
  return found;
}
const becomes = (expected: number, name: string, labels?: Record<string, string>) =>
  until(`passerelle_${name} is ${expected}`, async () => (await value(name, labels)) === expected);
const grows = (than: number, name: string, labels?: Record<string, string>) =>
  until(`passerelle_${name} is over ${than}`, async () => (await value(name, labels)) > than);

const channel = { channel: 'messenger' };
const target = (name: string) => ({ target: name });
const desk = target('helpdesk:acme-zendesk');
const crm = target('crm:acme-salesforce');
const chat = target('channel:acme-page');
const account = { account: 'acme-page' };

const posted = async (body: string, secret?: string) =>
  (await fetch(`${product.url}/webhooks/messenger/acme-page`, signed(body, secret))).status;
const says = (psid: string, text: string) => product.messenger.customerSends(psid, { type: 'text', text });
const ticketOf = (psid: string) =>
  product.zendesk.tickets().find(({ requester }) => requester.externalId?.endsWith(`:${psid}`));
const picture = { name: 'a.png', contentType: 'image/png', bytes: Buffer.from('89504e470d0a1a0a', 'hex') };

const documented = [
  ...readFileSync(join(import.meta.dirname, '../../docs/reference/metrics.md'), 'utf8').matchAll(
    /^\| `(passerelle_\w+)` \| (\w+) \|/gm,
  ),
].map(([, name = '', type = '']) => [name, type]);

test('every metric of the documentation is on the page from the start, and none beside', async () => {
  const shown = [...(await page()).matchAll(/^# TYPE (passerelle_\w+) (\w+)$/gm)].map(([, name, type]) => [name, type]);
  expect(shown.sort()).toEqual(documented.sort());
  expect(documented.length).toBeGreaterThan(15);
  expect(await page()).toMatch(/^process_cpu_seconds_total /m);
  expect(await page()).toMatch(/^nodejs_eventloop_lag_seconds /m);
});

test('at the door: each event once by what became of it, each refusal by its reason, and how long it took', async () => {
  const seconds = await value('door_seconds_count', channel);
  const text = item('900', 'good morning');
  expect(await posted(envelope([text, { sender: { id: '900' }, something: 'new' }]))).toBe(200);
  expect(await posted(envelope([text]))).toBe(200);
  expect(await posted(envelope([item('900', 'astray')], '999'))).toBe(200);
  expect(await posted(envelope([text]), 'wrong')).toBe(401);
  expect(await value('events_total', { ...channel, type: 'message', outcome: 'taken' })).toBe(1);
  expect(await value('events_total', { ...channel, type: 'message', outcome: 'repeat' })).toBe(1);
  expect(await value('events_total', { ...channel, type: 'message', outcome: 'unrouted' })).toBe(1);
  expect(await value('events_total', { ...channel, outcome: 'unsupported' })).toBe(1);
  expect(await value('events_total', channel)).toBe(4);
  expect(await value('webhooks_refused_total', { ...channel, reason: 'forged' })).toBe(1);
  expect((await value('door_seconds_count', channel)) - seconds).toBe(3);
});

test('what is delivered counts for ticket, history and chat, with the time it took', async () => {
  product.messenger.addCustomer({ psid: '901', name: 'Ida' });
  await says('901', 'hello');
  await until('a ticket', () => ticketOf('901'));
  await product.zendesk.agentComments(ticketOf('901')!.id, { text: 'welcome', public: true });
  for (const each of [desk, crm, chat]) {
    await grows(0, 'deliveries_total', { ...each, outcome: 'done' });
    await grows(0, 'delivery_seconds_count', each);
  }
  await becomes(0, 'backlog', desk);
  expect(await value('target_paused', desk)).toBe(0);
});

test('files: how many, how large, and how many are still to come', async () => {
  product.messenger.addCustomer({ psid: '902', name: 'Ole' });
  product.messenger.inject({ kind: '500', method: 'GET', path: '/media', times: 2 });
  await product.messenger.customerSends('902', { type: 'image', files: [picture] });
  await grows(0, 'media_total', { ...chat, outcome: 'later' });
  await grows(0, 'media_waiting', chat);
  await grows(0, 'media_total', { ...chat, outcome: 'stored' });
  expect(await value('media_stored_bytes_total', chat)).toBe(picture.bytes.length);
  await becomes(0, 'media_waiting');
});

test('while Zendesk is down: its work waits, grows old, and the target is paused; afterwards all is at rest', async () => {
  await becomes(0, 'backlog', desk);
  product.zendesk.inject({ kind: '500', times: 1_000_000 });
  for (const psid of ['903', '904', '905', '906', '907']) {
    product.messenger.addCustomer({ psid, name: psid });
    await says(psid, 'anybody there?');
  }
  await becomes(1, 'target_paused', desk);
  expect(await value('backlog', desk)).toBe(5);
  await grows(1, 'backlog_age_seconds', desk);
  expect(await value('deliveries_total', { ...desk, outcome: 'later' })).toBeGreaterThan(0);
  product.zendesk.clearFaults();
  await becomes(0, 'backlog', desk);
  await becomes(0, 'target_paused', desk);
  expect(await value('backlog_age_seconds', desk)).toBe(0);
});

test('what is refused for good is parked, and counts until somebody deals with it', async () => {
  expect(await value('parked')).toBe(0);
  product.messenger.addCustomer({ psid: '908', name: 'Long' });
  await says('908', 'x'.repeat(70_000));
  await becomes(1, 'parked', desk);
  expect(await value('deliveries_total', { ...desk, outcome: 'never' })).toBeGreaterThan(0);
});

test('a link that the shop never gave is counted', async () => {
  await says('901', `psl_${'0'.repeat(22)}`);
  await becomes(1, 'links_total', { outcome: 'unknown' });
});

test('an event that a bug keeps from being applied is counted', async () => {
  product.messenger.addCustomer({ psid: '909', name: 'Odd' });
  const body = { type: 'message', to: '555', id: 'm_odd', from: '909', at: new Date(), parts: null };
  await sql`insert into events (webhook, account, key, type, outcome, platform_user, occurred_at, body, attempts)
    select webhook, account, 'message:m_odd', type, outcome, '909', now(), ${JSON.stringify(body)}::jsonb, 4
    from events where account = 'acme-page' and type = 'message' limit 1`.execute(product.db);
  await says('909', 'well?');
  await becomes(1, 'parked_events', account);
});

test('an account from which unusually nothing comes is silent until it is heard again', async () => {
  expect(await value('silent', account)).toBe(0);
  await sql`update events set received_at = now() - interval '100 minutes' where account = 'acme-page'`.execute(
    product.db,
  );
  await sql`insert into events (webhook, account, key, type, outcome, platform_user, occurred_at, received_at, body, applied_at)
    select e.webhook, e.account, 'message:m_past_' || d || '_' || n, e.type, e.outcome, '900', now(),
           now() - d * interval '1 day' - n * interval '20 minutes', e.body, now()
    from (select * from events where account = 'acme-page' and type = 'message' and applied_at is not null limit 1) e,
         generate_series(1, 8) d, generate_series(1, 4) n`.execute(product.db);
  await becomes(1, 'silent', account);
  await says('901', 'good evening');
  await becomes(0, 'silent', account);
});

test('a page that no longer calls the webhook is told, and what it kept to itself counts as recovered', async () => {
  await becomes(1, 'subscription_ok', account);
  expect(await value('recovered_total')).toBe(0);
  product.messenger.permitSubscribing(false);
  product.messenger.unsubscribe();
  await becomes(0, 'subscription_ok', account);
  await product.messenger.customerSends(
    '901',
    { type: 'text', text: 'unheard' },
    { at: new Date(Date.now() - 120_000) },
  );
  await product.db
    .updateTable('reconciliations')
    .set({ to_at: new Date(Date.now() - 600_000) })
    .execute();
  await becomes(1, 'recovered_total', channel);
  product.messenger.permitSubscribing(true);
  await becomes(1, 'subscription_ok', account);
});

test('while the database is away the page says so, and still answers', async () => {
  expect(await value('database_away')).toBe(0);
  proxy.become('refuses');
  expect(await posted(envelope([item('900', 'now?')]))).toBe(503);
  await becomes(1, 'database_away');
  expect(await value('webhooks_refused_total', { reason: 'not-committed' })).toBeGreaterThan(0);
  proxy.become('passes');
  await becomes(0, 'database_away');
});

test('notices: how many are planned, what became of them, and why they are held', async () => {
  const tell = (customerId: string) =>
    fetch(`${product.url}/v1/orders/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'order.paid', order: { number: customerId }, customer: { customerId } }),
    });
  expect((await tell('C-metrics')).status).toBe(202);
  await grows(0, 'notices_open', { state: 'waiting' });
  await becomes(1, 'notices_held_total', { reason: 'no-way' });
  await sql`update notices set expires_at = now() - interval '1 second'`.execute(product.db);
  await becomes(1, 'notices_total', { outcome: 'expired' });
});

test('after this day each documented metric has moved', () => {
  expect([...moved].sort()).toEqual(documented.map(([name]) => name).sort());
});
