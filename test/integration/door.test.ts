import { afterAll, beforeAll, expect, test } from 'vitest';
import { envelope, item, signed } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct, verifyToken } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
let hook: string;
beforeAll(async () => {
  product = await startProduct({ settings: { server: { port: 0, host: '127.0.0.1', maxBodyBytes: 20_000 } } });
  hook = `${product.url}/webhooks/messenger/acme-page`;
});
afterAll(() => product?.stop());

const events = (labels: Record<string, string>) => metric(product.url, 'passerelle_events_total', labels);
const rows = async (table: 'webhooks' | 'events') =>
  (
    await product.db
      .selectFrom(table)
      .select((q) => q.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
  ).n;

const good = envelope([item('1', 'Grüße')]);
const refusals: { it: string; request: RequestInit; path?: string; status: number; says: RegExp; reason: string }[] = [
  { it: 'an unsigned body', request: { method: 'POST', body: good }, status: 401, says: /signature/, reason: 'forged' },
  {
    it: 'a body signed with another secret',
    request: signed(good, 'other'),
    status: 401,
    says: /signature/,
    reason: 'forged',
  },
  {
    it: 'a body that was changed on the way',
    request: { ...signed(good), body: good.replace('Gr', 'gr') },
    status: 401,
    says: /signature/,
    reason: 'forged',
  },
  { it: 'what is not JSON', request: signed('{"object":'), status: 400, says: /JSON/, reason: 'malformed' },
  { it: 'a JSON list', request: signed('[]'), status: 400, says: /object/, reason: 'malformed' },
  {
    it: "another product's webhook",
    request: signed('{"object":"instagram","entry":[]}'),
    status: 400,
    says: /page/,
    reason: 'malformed',
  },
  {
    it: 'a body without entries',
    request: signed('{"object":"page"}'),
    status: 400,
    says: /entry/,
    reason: 'malformed',
  },
  {
    it: 'a body over the limit',
    request: signed(`"${'x'.repeat(20_001)}"`),
    status: 413,
    says: /20000 bytes/,
    reason: 'entity.too.large',
  },
  {
    it: 'an account nobody configured',
    path: '/webhooks/messenger/nobody',
    request: signed(good),
    status: 404,
    says: /nobody/,
    reason: 'unknown-account',
  },
  {
    it: 'a channel there is not',
    path: '/webhooks/pigeon',
    request: signed(good),
    status: 404,
    says: /pigeon/,
    reason: 'unknown-account',
  },
];

test.each(refusals)(
  'refuses $it with a reason, and stores nothing',
  async ({ request, path, status, says, reason }) => {
    const before = await rows('webhooks');
    const refused = await metric(product.url, 'passerelle_webhooks_refused_total', { reason });
    const answer = await fetch(path ? product.url + path : hook, request);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/problem\+json/);
    expect(((await answer.json()) as { detail: string }).detail).toMatch(says);
    expect(await rows('webhooks')).toBe(before);
    expect(await metric(product.url, 'passerelle_webhooks_refused_total', { reason })).toBe(refused + 1);
  },
);

test('answers the handshake with the challenge, and only with the right token', async () => {
  const ask = (token: string) => fetch(`${hook}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`);
  const right = await ask(verifyToken);
  expect([right.status, await right.text()]).toEqual([200, '1158201444']);
  expect((await ask('wrong')).status).toBe(403);
});

test('counts every event of every batch exactly once, and a repeat as a repeat', async () => {
  const before = await Promise.all(
    ['taken', 'repeat', 'unsupported', 'unrouted'].map((outcome) => events({ outcome })),
  );
  const text = item('31', 'one');
  const batch = JSON.stringify({
    object: 'page',
    entry: [
      {
        id: '555',
        time: Date.now(),
        messaging: [text, item('31', 'two'), item('32', { game_play: { payload: 'x' } })],
      },
      { id: '555', time: Date.now(), changes: [{ field: 'feed', value: { item: 'status', verb: 'add' } }] },
      { id: '999', time: Date.now(), messaging: [item('31', 'for a page nobody configured')] },
      { id: '555', time: Date.now(), messaging: [text] },
    ],
  });
  expect((await fetch(hook, signed(batch))).status).toBe(200);
  const after = await Promise.all(['taken', 'repeat', 'unsupported', 'unrouted'].map((outcome) => events({ outcome })));
  expect(after.map((n, i) => n - before[i]!)).toEqual([2, 1, 2, 1]);
  expect((await fetch(hook, signed(batch))).status).toBe(200);
  expect((await events({ outcome: 'repeat' })) - after[1]!).toBe(6);
  const ticket = await until('a ticket', () => product.zendesk.tickets().find((t) => t.externalId?.includes(':31:')));
  expect(ticket.comments.map(({ body }) => body)).toEqual(['one\n\ntwo']);
});

test("the app's shared webhook is routed by the page in the body", async () => {
  const answer = await fetch(`${product.url}/webhooks/messenger`, signed(envelope([item('41', 'through the app')])));
  expect(answer.status).toBe(200);
  await until('a ticket', () => product.zendesk.tickets().find((t) => t.comments[0]?.body === 'through the app'));
});

test('many deliveries at once of the same webhook have one effect', async () => {
  const body = envelope([item('51', 'once')]);
  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(hook, signed(body))));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  await until('a ticket', () => product.zendesk.tickets().find((t) => t.comments[0]?.body === 'once'));
  await until('no backlog', async () => (await metric(product.url, 'passerelle_backlog')) === 0);
  expect(product.zendesk.tickets().filter((t) => t.externalId?.includes(':51:'))).toHaveLength(1);
});

test('says what it is, and whether it can take webhooks in', async () => {
  expect((await fetch(`${product.url}/health/live`)).status).toBe(200);
  const ready = await fetch(`${product.url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([200, expect.objectContaining({ ready: true, database: 'up' })]);
  expect((await fetch(`${product.url}/nothing`)).status).toBe(404);
});
