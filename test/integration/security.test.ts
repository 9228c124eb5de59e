import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel } from '../../src/channels/channel.ts';
import { messenger } from '../../src/channels/registry.ts';
import type { Arrival } from '../../src/flows/arrival.ts';
import { bareDoor } from '../support/bare-door.ts';
import { keptLog } from '../support/kept-log.ts';
import { envelope, item, postPatiently, signed } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { messengerAccount, type Product, startProduct, verifyToken } from '../support/product.ts';
import { speakRaw } from '../support/raw-http.ts';
import { until } from '../support/until.ts';

const log = keptLog();
let product: Product;
let hook: string;
beforeAll(async () => {
  product = await startProduct({ log });
  hook = `${product.url}/webhooks/messenger/acme-page`;
}, 60_000);
afterAll(() => product?.stop());

const good = envelope([item('1', 'hello')]);
const post = (body: string | Buffer) => postPatiently(hook, signed(body));

// ---- Headers and methods ------------------------------------------------------------------------------------------

const answers: [string, () => Promise<Response>, number][] = [
  ['a webhook', () => post(good), 200],
  ['a forged webhook', () => fetch(hook, signed(good, 'other')), 401],
  ['a malformed webhook', () => post('{}'), 400],
  ['a webhook that is too large', () => post(`"${'x'.repeat(6_000_000)}"`), 413],
  ['an account there is not', () => fetch(`${hook}x`, signed(good)), 404],
  ['a handshake', () => fetch(`${hook}?hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=1`), 200],
  ['a wrong handshake', () => fetch(`${hook}?hub.mode=subscribe&hub.verify_token=x&hub.challenge=1`), 403],
  [
    'a forged callback',
    () => fetch(`${product.url}/webhooks/zendesk/acme-zendesk`, { method: 'POST', body: '{}' }),
    401,
  ],
  ['live', () => fetch(`${product.url}/health/live`), 200],
  ['ready', () => fetch(`${product.url}/health/ready`), 200],
  ['the metrics', () => fetch(`${product.url}/metrics`), 200],
  ['the root', () => fetch(`${product.url}/`), 200],
  ['nothing there', () => fetch(`${product.url}/wp-login.php`), 404],
  ['a path that cannot be decoded', () => fetch(`${product.url}/webhooks/messenger/%E0%A4%A`), 400],
  ['a webhook that is deleted', () => fetch(hook, { method: 'DELETE' }), 405],
  ['OPTIONS', () => fetch(hook, { method: 'OPTIONS' }), 405],
  ['a post to the metrics', () => fetch(`${product.url}/metrics`, { method: 'POST', body: 'x' }), 405],
  ['a post to the root', () => fetch(`${product.url}/`, { method: 'POST', body: 'x' }), 405],
  ['a put to live', () => fetch(`${product.url}/health/live`, { method: 'PUT', body: 'x' }), 405],
];

test.each(answers)('%s: right status, security headers, no word of what it runs on', async (_, ask, status) => {
  const answer = await ask();
  expect(answer.status).toBe(status);
  const { headers } = answer;
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(headers.get('strict-transport-security')).toMatch(/max-age=\d+/);
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null]);
  if (status === 405) expect(headers.get('allow')).toMatch(/^GET, (?:POST|HEAD)$/);
  if (status >= 400) {
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await answer.json()).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  }
});

test('an answer to what is no HTTP has them too', async () => {
  const { answer } = await speakRaw(product.url, ['nonsense\r\n\r\n']);
  expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*X-Content-Type-Options: nosniff/);
});

test('a request split in two by smuggled lengths is refused whole', async () => {
  const inner = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
  const { answer } = await speakRaw(product.url, [
    `POST /webhooks/messenger/acme-page HTTP/1.1\r\nHost: x\r\nContent-Length: ${inner.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
  ]);
  expect(answer.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 400']);
});

// ---- Credentials --------------------------------------------------------------------------------------------------

test('verify tokens cannot be guessed for long from one address, and others are not kept from theirs', async () => {
  const ask = (token: string, from: string) =>
    fetch(`${hook}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=7`, {
      headers: { 'x-forwarded-for': from },
    });
  const statuses = [];
  for (let i = 0; i < 35; i++) statuses.push((await ask(`guess${i}`, '203.0.113.7')).status);
  expect(statuses.slice(0, 30)).toEqual(Array(30).fill(403));
  expect(statuses.slice(30)).toEqual(Array(5).fill(429));
  const late = await ask(verifyToken, '203.0.113.7');
  expect([late.status, late.headers.get('retry-after')]).toEqual([429, '60']);
  expect((await ask(verifyToken, '203.0.113.8')).status).toBe(200);
});

test('a flood of forged webhooks is told to stop, fills no log, and slows no right one', async () => {
  const refused = await metric(product.url, 'passerelle_webhooks_refused_total', { reason: 'forged' });
  const linesBefore = log.lines.filter(({ event }) => event === 'webhook.refused').length;
  const statuses: number[] = [];
  let left = 1_500;
  const forge = async () => {
    while (left-- > 0) {
      const answer = await fetch(hook, signed(good, 'forged'));
      statuses.push(answer.status);
      await answer.arrayBuffer();
    }
  };
  const flood = Promise.all(Array.from({ length: 10 }, forge));
  // Counted in forged ones rather than in time, which tells more of the machine.
  const overtaken: number[] = [];
  for (let i = 0; i < 30; i++) {
    const before = statuses.length;
    const answer = await post(envelope([item('77', `right ${i}`)]));
    overtaken.push(statuses.length - before);
    expect(answer.status).toBe(200);
  }
  await flood;
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  expect(statuses.filter((status) => status === 401).length).toBeGreaterThan(500);
  expect(await metric(product.url, 'passerelle_webhooks_refused_total', { reason: 'forged' })).toBe(refused + 1_500);
  expect(log.lines.filter(({ event }) => event === 'webhook.refused').length - linesBefore).toBeLessThan(6);
  overtaken.sort((a, b) => a - b);
  expect(overtaken[15]).toBeLessThan(150);
  // The same address, with a right signature.
  expect((await post(good)).status).toBe(200);
}, 60_000);

test('a webhook that is replayed has one effect', async () => {
  const body = envelope([item('78', 'once only')]);
  for (let i = 0; i < 5; i++) expect((await post(body)).status).toBe(200);
  const ticket = await until('the ticket', () => ticketOf('78'));
  await until('nothing waits', async () => (await metric(product.url, 'passerelle_backlog')) === 0);
  expect(ticketOf('78')!.comments.map(({ body: words }) => words)).toEqual(['once only']);
  expect(ticket.id).toBe(ticketOf('78')!.id);
});

// ---- Hostile JSON -------------------------------------------------------------------------------------------------

const ticketOf = (psid: string) =>
  product.zendesk.tickets().find(({ requester }) => requester.externalId?.endsWith(`:${psid}`));
const around = (messaging: string) =>
  `{"object":"page","entry":[{"id":"555","time":${Date.now()},"messaging":[${messaging}]}]}`;
const message = (psid: string, rest: string) =>
  `{"sender":{"id":"${psid}"},"recipient":{"id":"555"},"timestamp":${Date.now()},"message":{"mid":"m_${psid}",${rest}}}`;
const nested = (depth: number, [open, close]: [string, string], inside = '1') =>
  open.repeat(depth) + inside + close.repeat(depth);

const hostile: [string, () => string | Buffer, number[]][] = [
  ['a prototype in the body', () => `{"__proto__":{"polluted":1},${envelope([item('80', 'p')]).slice(1)}`, [200]],
  [
    'a prototype in a message',
    () => around(message('81', '"text":"p","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}')),
    [200],
  ],
  [
    'a prototype for a sender',
    () => around('{"sender":{"__proto__":{"id":"82"}},"message":{"mid":"m","text":"p"}}'),
    [200],
  ],
  ['lists in lists', () => around(message('83', `"text":"deep","attachments":${nested(100_000, ['[', ']'])}`)), [200]],
  ['objects in objects', () => around(message('84', `"text":"deep","x":${nested(100_000, ['{"a":', '}'])}`)), [200]],
  ['nothing but brackets', () => nested(1_000_000, ['[', ']'], ''), [400]],
  ['a deep item', () => around(nested(50_000, ['{"message":', '}'])), [200]],
  ['thousands of empty items', () => around(Array(4_000).fill('{}').join()), [200]],
  ['more items than any platform sends', () => around(Array(200_000).fill('{}').join()), [200]],
  ['thousands of entries', () => `{"object":"page","entry":[${Array(4_000).fill('{}').join()}]}`, [200]],
  ['a number without end', () => around(message('85', `"text":"n","x":${'9'.repeat(100_000)}`)), [200]],
  [
    'bytes that are no UTF-8',
    () =>
      Buffer.concat([
        Buffer.from(
          '{"object":"page","entry":[{"id":"555","messaging":[{"sender":{"id":"86"},"message":{"mid":"m_86","text":"',
        ),
        Buffer.from([0xff, 0xfe, 0xc3]),
        Buffer.from('"}}]}]}'),
      ]),
    [200],
  ],
  ['NUL in a text', () => around(message('87', '"text":"before\\u0000after"')), [200]],
  ['half a pair', () => around(message('88', '"text":"before\\ud83dafter"')), [200]],
  [
    'NUL in every id',
    () =>
      around(
        '{"sender":{"id":"8\\u00009"},"recipient":{"id":"555"},"timestamp":1,"message":{"mid":"m\\u0000","text":"t"}}',
      ),
    [200],
  ],
  ['NUL for a page', () => '{"object":"page","entry":[{"id":"\\u0000","time":1,"messaging":[{"x\\u0000":1}]}]}', [200]],
  ['NUL as it is', () => Buffer.from('{"object":"page\0"}'), [400]],
  [
    'times beyond any calendar',
    () => around('{"sender":{"id":"90"},"timestamp":1e300,"message":{"mid":"m_90","text":"t"}}'),
    [200],
  ],
  ['a text of megabytes', () => around(message('91', `"text":"${'x'.repeat(3_000_000)}"`)), [200]],
];

test.each(hostile)(
  '%s: answered, kept whole, read back',
  async (_, made, statuses) => {
    const body = Buffer.from(made());
    const answer = await post(body);
    expect(statuses).toContain(answer.status);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    const kept = await product.db
      .selectFrom('webhooks')
      .select(['id', 'body'])
      .orderBy('id', 'desc')
      .limit(1)
      .execute();
    if (answer.status !== 200) return;
    expect(kept[0]!.body.equals(body)).toBe(true);
    const events = await product.db
      .selectFrom('events')
      .select(['body', 'key'])
      .where('webhook', '=', kept[0]!.id)
      .execute();
    expect(events.length).toBeGreaterThan(0);
    for (const event of events.slice(0, 20))
      expect(event.body).toMatchObject({ type: expect.any(String), at: expect.any(String) });
  },
  30_000,
);

test('what could not be written as it was reaches the ticket with a mark in its place', async () => {
  await until('the ticket', () => ticketOf('87') && ticketOf('88') && ticketOf('86'));
  expect(ticketOf('87')!.comments[0]!.body).toBe('before\ufffdafter');
  expect(ticketOf('88')!.comments[0]!.body).toBe('before\ufffdafter');
  expect(ticketOf('86')!.comments[0]!.body).toContain('\ufffd');
});

// ---- Bugs of ours -------------------------------------------------------------------------------------------------

test('one webhook that cannot be stored is set aside, and those that came with it are stored', async () => {
  await product.db.executeQuery(
    (await import('kysely')).CompiledQuery.raw(`
      create function poison() returns trigger language plpgsql as
        $$ begin raise exception 'invalid "CANARY"' using errcode = '22P02'; end $$;
      create trigger poison before insert on events for each row when (new.key like '%poison%') execute function poison()`),
  );
  const poisoned = envelope([item('95', { message: { mid: 'm_poison', text: 'bad luck' } })]);
  const bodies = Array.from({ length: 20 }, (_, i) => envelope([item('96', `well ${i}.`)]));
  const all = [...bodies.slice(0, 10), poisoned, ...bodies.slice(10)];
  await Promise.all(all.map((body) => until('it is taken', async () => (await post(body)).status === 200)));
  await until('the others', () =>
    bodies.every((_, i) => JSON.stringify(ticketOf('96')?.comments ?? '').includes(`well ${i}.`)),
  );
  const aside = await product.db
    .selectFrom('events')
    .selectAll()
    .where('key', 'like', 'unread:%')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  expect(aside).toMatchObject({ account: 'acme-page', type: 'unsupported', outcome: 'unsupported' });
  const { body } = await product.db
    .selectFrom('webhooks')
    .select('body')
    .where('id', '=', aside.webhook)
    .executeTakeFirstOrThrow();
  expect(body.toString()).toBe(poisoned);
  const line = log.lines.filter(({ event }) => event === 'webhook.set-aside').at(-1);
  expect(line?.fields).toMatchObject({
    channel: 'messenger',
    account: 'acme-page',
    why: expect.stringContaining('22P02'),
  });
  expect(JSON.stringify(line)).not.toContain('CANARY');
}, 30_000);

describe('a channel whose reader throws', () => {
  const broken = {
    ...messenger,
    receive: () => {
      throw new TypeError('cannot read CANARY of undefined');
    },
  } as unknown as Channel;

  test('has its webhooks kept and answered, and the log says where, without the words', async () => {
    const arrivals: Arrival[] = [];
    const told = keptLog();
    const { pageName: _, ...own } = messengerAccount;
    const account = broken.account.parse({ id: 'acme-page', kind: 'messenger', ...own, verifyToken });
    const takeIn = async (arrival: Arrival) => void arrivals.push(arrival);
    const server = bareDoor({ channels: [{ channel: broken, account }], helpdesks: [], takeIn, log: told });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/webhooks/messenger/acme-page`, signed(good));
    server.closeAllConnections();
    server.close();
    expect(answer.status).toBe(200);
    expect(arrivals.map(({ events }) => events.map(({ outcome }) => outcome))).toEqual([['unsupported']]);
    expect(arrivals[0]!.body.toString()).toBe(good);
    expect(told.lines.map(({ event }) => event)).toEqual(['webhook.set-aside']);
    expect(told.lines[0]!.fields).toMatchObject({ why: 'TypeError', at: expect.stringContaining('security.test.ts') });
    expect(JSON.stringify(told.lines)).not.toContain('CANARY');
  });
});
