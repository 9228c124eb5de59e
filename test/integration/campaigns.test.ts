import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { sha256Hex } from '../../src/kit/crypto.ts';
import { recordConsent } from '../../src/store/consents.ts';
import { addAudience } from '../support/audience.ts';
import { actsOn } from '../support/audit.ts';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const keys = [
  {
    name: 'maker',
    key: 'a-key-to-make-campaigns-0123456789',
    scopes: ['campaigns:read', 'campaigns:write', 'campaigns:approve'],
  },
  { name: 'editor', key: 'a-key-to-change-campaigns-0123456', scopes: ['campaigns:write', 'campaigns:approve'] },
  { name: 'boss', key: 'a-key-to-approve-campaigns-0123456', scopes: ['campaigns:read', 'campaigns:approve'] },
];
const [maker, editor, boss] = keys.map(({ key }) => key) as [string, string, string];
let product: Product;
let folder: string;
let segments: Record<string, number>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-campaigns-'));
  await mkdir(join(folder, 'autumn'));
  await writeFile(
    join(folder, 'autumn', 'en.liquid'),
    'Autumn is here, {{ customer.firstName | default: "hello" }}: {{ campaign.code }}',
  );
  product = await startProduct({
    settings: {
      api: { keys },
      notices: { texts: folder, lists: ['spring', 'summer'] },
      campaigns: { approval: true, prices: [{ channel: 'messenger', perMessage: 0.05, currency: 'EUR' }] },
    },
  });
  const [plain, french, vip, buyer, recent, cancelled] = await addAudience(product.db, [
    { psid: '900', locale: 'en_GB' },
    { psid: '901', locale: 'fr_CA' },
    { psid: '902', attributes: { vip: 'yes' }, email: 'Vip@Example.com' },
    { psid: '903', bought: [{ sku: 'boots', daysAgo: 60 }], email: 'buyer@example.com' },
    { psid: '904', bought: [{ sku: 'hat', daysAgo: 3 }], email: 'recent@example.com' },
    { psid: '905', bought: [{ sku: 'boots', daysAgo: 3, state: 'cancelled' }] },
    { psid: '906', consents: { marketing: 'revoked' }, email: 'no@example.com' },
    { psid: '907', consents: { marketing: 'pending' } },
    { psid: '908', consents: { marketing: 'granted', '*': 'revoked' } },
    { psid: '909', consents: { 'order-updates': 'granted' } },
  ]);
  segments = { plain, french, vip, buyer, recent, cancelled } as never;
});
afterAll(async () => {
  await product?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function call(key: string, method: string, path: string, body?: unknown, more: Record<string, string> = {}) {
  const response = await fetch(`${product.url}/v1/campaigns${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...more },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

const wish = (segment: object = {}, more: object = {}) => ({
  ...{ name: 'Autumn', purpose: 'marketing', texts: 'autumn', variables: { code: 'LEAVES' }, segment },
  ...more,
});
const made = async (segment: object = {}, more: object = {}): Promise<number> => {
  const { status, body } = await call(maker, 'POST', '', wish(segment, more));
  expect([status, body]).toEqual([201, expect.anything()]);
  return body['id'] as unknown as number;
};
const noticesOf = (campaign: number) =>
  product.db
    .selectFrom('notices')
    .select(['customer', 'state', 'reason'])
    .where('campaign', '=', campaign)
    .orderBy('id')
    .execute();

test.each([
  ['everybody who agreed', {}, ['plain', 'french', 'vip', 'buyer', 'recent', 'cancelled']],
  ['a language takes in its regions', { languages: ['fr'] }, ['french']],
  ['an attribute', { attributes: { vip: 'yes' } }, ['vip']],
  ['bought within', { bought: { products: ['boots'], within: '90d' } }, ['buyer']],
  ['not bought', { notBought: { products: ['boots', 'hat'], within: '90d' } }, ['plain', 'french', 'vip', 'cancelled']],
  [
    'buyers left alone for a purchase cycle',
    { leaveOutBuyersFor: '30d' },
    ['plain', 'french', 'vip', 'buyer', 'cancelled'],
  ],
  ['another channel', { channels: ['whatsapp'] }, []],
])('a segment: %s', async (_, segment, who) => {
  const id = await made(segment);
  const { body } = await call(maker, 'GET', `/${id}/estimate`);
  expect(body['customers']).toBe(who.length);
  await call(maker, 'POST', `/${id}/start`, { at: '2999-01-01T00:00:00Z' });
  await call(boss, 'POST', `/${id}/approve`, {});
  await call(maker, 'POST', `/${id}/pause`, {});
  expect(await noticesOf(id)).toEqual([]);
});

test('an estimate tells size, time and cost', async () => {
  const id = await made({}, { perMinute: 2, holdOut: 0.5 });
  const { body } = await call(maker, 'GET', `/${id}/estimate`);
  expect(body).toEqual({
    customers: 3,
    heldOut: 3,
    accounts: [{ account: 'acme-page', kind: 'messenger', customers: 6 }],
    minutes: 1.5,
    costs: [{ currency: 'EUR', amount: 0.15 }],
    withoutPrice: [],
  });
});

test('nobody is told before a second person said yes; whoever made it cannot', async () => {
  const id = await made({}, { perMinute: 60_000 });
  expect((await call(maker, 'POST', `/${id}/start`, {})).body['state']).toBe('awaiting-approval');
  expect(await call(maker, 'POST', `/${id}/approve`, {})).toMatchObject({ status: 409 });
  expect(await noticesOf(id)).toEqual([]);
  expect((await call(boss, 'POST', `/${id}/approve`, {})).body).toMatchObject({ approvedBy: 'key:boss' });
  await until('all are let go', async () => (await call(boss, 'GET', `/${id}`)).body['released'] === (6 as never));
  expect((await noticesOf(id)).map(({ customer }) => customer)).toEqual(Object.values(segments));
  const acts = await actsOn(product.db, id);
  expect(acts).toEqual([
    { who: 'key:maker', what: 'campaign-made' },
    { who: 'key:maker', what: 'campaign-started' },
    { who: 'key:boss', what: 'campaign-approved' },
  ]);
});

test('a draft is changed, whole, until it is started; whoever changed it cannot approve', async () => {
  const id = await made({ languages: ['fr'] }, { stopAt: { after: 7 } });
  expect((await call(boss, 'PUT', `/${id}`, wish())).status).toBe(403);
  expect((await call(editor, 'PUT', `/${id}`, wish({}, { texts: 'winter' }))).status).toBe(400);
  const changed = wish({ languages: ['en'] }, { name: 'Late autumn', perMinute: 7, startAt: '2099-01-01T00:00:00Z' });
  expect(await call(editor, 'PUT', `/${id}`, changed)).toMatchObject({
    status: 200,
    body: {
      ...{ id, name: 'Late autumn', perMinute: 7, state: 'draft', startAt: '2099-01-01T00:00:00.000Z' },
      ...{ segment: { languages: ['en'] }, madeBy: 'key:maker', changedBy: ['key:editor'] },
    },
  });
  await call(maker, 'POST', `/${id}/start`, {});
  expect(await call(editor, 'PUT', `/${id}`, wish())).toMatchObject({ status: 409 });
  expect((await call(editor, 'POST', `/${id}/approve`, {})).status).toBe(409);
  expect((await call(boss, 'POST', `/${id}/approve`, {})).body).toMatchObject({ state: 'scheduled' });
  const acts = await actsOn(product.db, id);
  expect(acts[1]).toEqual({ who: 'key:editor', what: 'campaign-changed' });
  expect((await call(maker, 'POST', `/${id}/stop`, {})).status).toBe(200);
});

test('paused, nobody more is told; resumed it goes on where it stood; stopped, the rest never are', async () => {
  const id = await made({}, { perMinute: 60 });
  await call(maker, 'POST', `/${id}/start`, {});
  await call(boss, 'POST', `/${id}/approve`, {});
  await until('the first', async () => (await noticesOf(id)).some(({ state }) => state !== 'held'));
  const paused = await call(maker, 'POST', `/${id}/pause`, { reason: 'a typo' });
  expect(paused.body).toMatchObject({ state: 'paused', reason: 'a typo' });
  const gone = (await noticesOf(id)).filter(({ state }) => state !== 'held').length;
  expect(paused.body['released']).toBe(gone as never);
  expect(gone).toBeLessThan(6);
  expect((await call(maker, 'POST', `/${id}/resume`, {})).body['state']).toBe('scheduled');
  await until('one more', async () => (await noticesOf(id)).filter(({ state }) => state !== 'held').length > gone);
  await call(maker, 'POST', `/${id}/stop`, {});
  const after = await noticesOf(id);
  expect(after.filter(({ state }) => state === 'held' || state === 'waiting')).toEqual([]);
  expect(after.filter(({ reason }) => reason === 'the campaign was stopped').length).toBeGreaterThan(0);
  expect(await call(maker, 'POST', `/${id}/resume`, {})).toMatchObject({ status: 409 });
});

test('the same customers are held out whenever it is reckoned, and are told nothing', async () => {
  const id = await made({}, { holdOut: 0.5, perMinute: 60_000 });
  await call(maker, 'POST', `/${id}/start`, {});
  await call(boss, 'POST', `/${id}/approve`, {});
  await until('planned', async () => (await call(maker, 'GET', `/${id}`)).body['state'] !== ('scheduled' as never));
  const out = await product.db.selectFrom('campaign_hold_outs').select('customer').where('campaign', '=', id).execute();
  const told = (await noticesOf(id)).map(({ customer }) => customer);
  expect([...told, ...out.map(({ customer }) => customer)].sort()).toEqual(Object.values(segments).sort());
  expect((await call(maker, 'GET', `/${id}/report`)).body).toMatchObject({ planned: told.length, heldOut: out.length });
});

test('a test goes to whom it names, at once, and is counted nowhere', async () => {
  const id = await made();
  const { status, body } = await call(maker, 'POST', `/${id}/test`, { customers: [segments['plain']] });
  expect([status, body['notices']]).toEqual([202, [{ customer: segments['plain'], notice: expect.any(Number) }]]);
  expect(await noticesOf(id)).toEqual([]);
  expect((await call(maker, 'GET', `/${id}`)).body).toMatchObject({ state: 'draft', planned: 0 });
  const unknown = await call(maker, 'POST', `/${id}/test`, { customers: [999_999] });
  expect(unknown).toMatchObject({ status: 422, body: { field: 'body.customers' } });
});

test('asked again with the same key it is the same campaign; with another wish it is refused', async () => {
  const key = { 'idempotency-key': 'autumn-1' };
  const first = await call(maker, 'POST', '', wish(), key);
  expect(await call(maker, 'POST', '', wish(), key)).toEqual({ status: 200, body: first.body });
  expect(await call(maker, 'POST', '', wish({ languages: ['fr'] }), key)).toMatchObject({ status: 422 });
});

test.each([
  ['an unknown text', { texts: 'spring' }, 'body.texts'],
  ['no purpose of marketing', { purpose: 'order-updates' }, 'body.purpose'],
  ['a rate of none', { perMinute: 0 }, 'body.perMinute'],
  ['a length of time that is none', { segment: { wroteWithin: 'long' } }, 'body.segment.wroteWithin'],
  ['something unknown', { segment: { colour: 'red' } }, 'body.segment.colour'],
])('refused: %s', async (_, more, place) => {
  const { status, body } = await call(maker, 'POST', '', wish({}, more));
  expect([status, body['field'], body['detail']]).toEqual([400, place, expect.stringContaining(place)]);
});

/** Somebody in a chat that is open, who agreed to a list. */
async function onList(psid: string, list: string): Promise<void> {
  product.messenger.addCustomer({ psid, name: `Member ${psid}` });
  await product.messenger.customerSends(psid, { type: 'text', text: 'Hello' });
  const { customer } = await until('the conversation', () =>
    product.db.selectFrom('conversations').select('customer').where('platform_user', '=', psid).executeTakeFirst(),
  );
  const consent = { customer, channel: '*', purpose: `list:${list}`, act: 'granted', source: 'api' } as const;
  await product.db
    .transaction()
    .execute((tx) => recordConsent(tx, { ...consent, at: new Date(), by: 'shop:shop', words: 'Tell me' }));
}
const toldOf = (psids: readonly string[]) =>
  product.messenger
    .threads()
    .filter(
      ({ psid, bubbles }) => psids.includes(psid) && bubbles.some(({ text }) => /Autumn is here/.test(text ?? '')),
    )
    .map(({ psid }) => psid);
const started = async (list: string, stopAt: object): Promise<number> => {
  const id = await made({}, { purpose: `list:${list}`, perMinute: 60, stopAt });
  await call(maker, 'POST', `/${id}/start`, {});
  await call(boss, 'POST', `/${id}/approve`, {});
  return id;
};
const stateOf = async (id: number) =>
  (await product.db.selectFrom('campaigns').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;
/** Stopped by itself: says why, and nobody is told any more. */
async function stoppedItself(id: number, why: RegExp): Promise<void> {
  await until('it stops by itself', async () => (await stateOf(id)) === 'stopped');
  const { body: stopped } = await call(maker, 'GET', `/${id}`);
  expect(stopped).toMatchObject({ state: 'stopped', reason: expect.stringMatching(why) });
  const after = await noticesOf(id);
  expect(after.filter(({ state }) => state === 'held' || state === 'waiting')).toEqual([]);
  expect(after.filter(({ reason }) => reason === 'the campaign was stopped').length).toBeGreaterThan(0);
  const audit = await product.db
    .selectFrom('audit')
    .select(['who', 'detail'])
    .where('subject', '=', String(id))
    .where('what', '=', 'campaign-stopped')
    .executeTakeFirst();
  expect(audit).toEqual({ who: 'service', detail: { reason: expect.stringMatching(why) } });
  expect(await call(maker, 'POST', `/${id}/resume`, {})).toMatchObject({ status: 409 });
}

test('when too many opt out, or too many fail, it stops by itself, says why, and tells nobody after', async () => {
  const psids = Array.from({ length: 14 }, (_, n) => String(960 + n));
  for (const psid of psids) await onList(psid, 'spring');
  const ticketOf = (psid: string) =>
    product.zendesk.tickets().find(({ requester }) => requester.externalId?.endsWith(`:${psid}`));
  await until('their tickets', () => psids.every((psid) => ticketOf(psid)));
  product.zendesk.setStatus(ticketOf(psids[0]!)!.id, 'closed');
  // The platform knows none of these.
  const unknown = Array.from({ length: 14 }, (_, n) => ({
    psid: String(99_000 + n),
    consents: { 'list:summer': 'granted' } as const,
  }));
  await addAudience(product.db, unknown);
  const failing = await started('summer', { failures: 0.5, after: 3 });
  const leaving = await started('spring', { optOuts: 0.3, failures: 1, after: 3 });
  const left = new Set<string>();
  const optOut = async () => {
    const { rows } = await sql<{ psid: string }>`select c.platform_user as psid from notices n
      join conversations c on c.id = n.conversation
      where n.campaign = ${leaving} and n.state in ('sent', 'delivered', 'read')`.execute(product.db);
    for (const { psid } of rows.filter((each) => !left.has(each.psid))) {
      left.add(psid);
      await product.messenger.customerSends(psid, { type: 'text', text: 'STOP' });
    }
  };
  await until('it stops by itself', async () => {
    await optOut();
    return (await stateOf(leaving)) === 'stopped';
  });
  await stoppedItself(leaving, /opted out, more than 30 %/);
  await stoppedItself(failing, /failed, more than 50 %/);
  const told = toldOf(psids).length;
  expect(told).toBeLessThan(psids.length);
  // Each of them wrote; who was first told has no open ticket any more, so that a new one came of it.
  await until('the report', async () => {
    const { replied, optedOut, tickets } = (await call(maker, 'GET', `/${leaving}/report`)).body;
    return replied === (left.size as never) && optedOut === (left.size as never) && tickets === (1 as never);
  });
  // What was stopped is over: the same campaign woken again tells nobody.
  const states = (await noticesOf(leaving)).filter(({ state }) => /^(sent|delivered|read)$/.test(state)).length;
  expect(toldOf(psids)).toHaveLength(states);
}, 90_000);

test('by the command line: planned from a file, shown, and refused with a reason', async () => {
  const file = join(folder, 'campaign.yaml');
  await writeFile(file, stringify(wish({ languages: ['fr'] })));
  const passerelle = (...args: string[]) => commandLine(product.file, product.databaseUrl, ['campaigns', ...args]);
  const planned = await passerelle('plan', file);
  expect(planned).toMatchObject({ code: 0, out: expect.stringContaining('It would tell 1 customers now') });
  const id = /Campaign (\d+)/.exec(planned.out)![1]!;
  expect(await passerelle('start', id)).toMatchObject({ code: 0, out: `Campaign ${id} is awaiting-approval.\n` });
  expect(await passerelle('approve', id)).toMatchObject({ code: 1, err: expect.stringContaining('second person') });
  expect((await passerelle('list')).out).toContain('awaiting-approval');
  expect((await passerelle('report', id, '--json')).out).toContain('"planned":0');
  await writeFile(file, stringify(wish({}, { purpose: 'fun' })));
  expect(await passerelle('plan', file)).toMatchObject({ code: 2, err: expect.stringContaining('purpose') });
});

test('lists for ad platforms hold hashes alone: of buyers, and of those who opted out', async () => {
  const lines = async (...args: string[]) => {
    const { code, out } = await commandLine(product.file, product.databaseUrl, ['campaigns', 'exclusions', ...args]);
    expect(code).toBe(0);
    return out.trim().split('\n');
  };
  expect(await lines('--bought-within', '30d')).toEqual(['email,phone', `${sha256Hex('recent@example.com')},`]);
  expect(await lines('--bought-within', '90d', '--product', 'boots')).toEqual([
    'email,phone',
    `${sha256Hex('buyer@example.com')},`,
  ]);
  expect(await lines('--revoked', 'marketing')).toEqual(['email,phone', `${sha256Hex('no@example.com')},`]);
});
