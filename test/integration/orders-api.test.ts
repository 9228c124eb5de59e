import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tellOrder } from '../../docs/examples/tell-order.ts';
import { recordConsent } from '../../src/store/consents.ts';
import { learnFacts } from '../../src/store/facts.ts';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const key = 'a-key-of-the-shop-0123456789';
let product: Product;
beforeAll(async () => {
  const keys = [
    { name: 'shop', key, scopes: ['orders'] },
    { name: 'other', key: `${key}-other`, scopes: ['orders'] },
    { name: 'links', key: `${key}-links`, scopes: ['links'] },
  ];
  product = await startProduct({
    settings: { api: { keys }, notices: { shopName: 'Nordic Wool' } },
    mapping: {
      tickets: {
        subject: '{{ order.number }} {{ order.state }}',
        tags: ['{{ order.state }}'],
      },
      routing: [{ when: { order: 'delayed' }, set: { tags: ['urgent-order'] } }],
    },
  });
});
afterAll(() => product?.stop());

type Json = Record<string, unknown>;

async function call(path: string, body?: unknown, headers: Record<string, string> = {}, with_ = key) {
  const response = await fetch(`${product.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${with_}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Json & { results: Json[]; detail: string } };
}
const tell = (event: unknown, headers?: Record<string, string>, with_?: string) =>
  call('/v1/orders/events', event, headers, with_);
const of = (number: string, type: string, more: Json = {}) => ({
  ...{ type, order: { number }, customer: { customerId: `C-${number}` } },
  ...more,
});

async function agreed(psid: string, customerId: string): Promise<void> {
  product.messenger.addCustomer({ psid, name: 'Ida Berg' });
  await product.messenger.customerSends(psid, { type: 'text', text: 'Hello' });
  const row = await until('the conversation', () =>
    product.db.selectFrom('conversations').select('customer').where('platform_user', '=', psid).executeTakeFirst(),
  );
  const at = new Date();
  const fact = { kind: 'shop-customer', value: customerId, evidence: 'shop-api', by: 'shop:shop' } as const;
  await learnFacts(product.db, row.customer, [fact], { at });
  const consent = { customer: row.customer, channel: 'messenger', purpose: 'order-updates', act: 'granted' } as const;
  await product.db.transaction().execute((tx) => recordConsent(tx, { ...consent, source: 'api', at, by: 'shop:shop' }));
}
const inChat = (psid: string) =>
  product.messenger
    .threads()
    .find((thread) => thread.psid === psid)!
    .bubbles.filter(({ from }) => from === 'page')
    .map(({ text }) => text ?? '');

test('an event is taken, told again it is a repeat, and what became of it can be asked', async () => {
  await agreed('700', 'C-A1');
  const event = of('A1', 'shipped', { id: 'e-1', order: { number: 'A1', tracking: { carrier: 'PostNord' } } });
  const first = await tell(event);
  expect(first).toMatchObject({
    status: 202,
    body: { taken: 1, repeats: 0, refused: 0, results: [{ told: 'planned' }] },
  });
  expect(await tell(event)).toMatchObject({ status: 200, body: { taken: 0, repeats: 1 } });
  await until('the notice in the chat', () =>
    inChat('700').some((text) => /Order A1 has left us with PostNord/.test(text)),
  );
  const notice = first.body.results[0]!['notice'];
  const shown = await until('the notice to end', async () => {
    const { body } = await call(`/v1/notices/${notice}`);
    return body['state'] === 'delivered' ? body : undefined;
  });
  expect(shown).toMatchObject({
    event: 'order.shipped',
    order: 'A1',
    tries: [{ channel: 'messenger', form: 'free', state: 'sent' }],
  });
  expect((await call('/v1/orders/A1')).body).toMatchObject({ state: 'shipped', events: [{ type: 'order.shipped' }] });
  expect((await call('/v1/orders/A1/notices')).body).toMatchObject({ notices: [{ id: notice }] });
  for (const path of ['/v1/orders/A1', '/v1/orders/A1/notices', `/v1/notices/${notice}`])
    expect((await call(path, undefined, {}, `${key}-other`)).status).toBe(404);
});

test('what a notice would say is told by text, channel and language, of an order or a made-up one; nothing is sent', async () => {
  const preview = (body: object) => call('/v1/notices/preview', body);
  const wish = { name: 'order.shipped', channel: 'messenger' };
  const order = { number: 'P-1', tracking: { carrier: 'PostNord', url: 'https://track.example/1' } };
  const { status, body } = await preview({ ...wish, order });
  expect([status, body['language'], body['text']]).toEqual([
    200,
    'en',
    expect.stringMatching(/Order P-1 has left us with PostNord/),
  ]);
  expect(body['choices']).toContainEqual({ title: expect.any(String), url: 'https://track.example/1' });
  expect((await preview({ ...wish, language: 'fr-CA' })).body).toMatchObject({
    language: 'fr',
    text: expect.stringContaining('NW-10077'),
  });
  expect(await preview({ ...wish, name: 'order.exploded' })).toMatchObject({ status: 404 });
  expect(await preview({ ...wish, channel: 'pigeon' })).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('body.channel') },
  });
  expect(await product.db.selectFrom('orders').select('id').where('number', '=', 'P-1').execute()).toEqual([]);
});

test('the command line previews the same words, also as JSON and of an order in a file', async () => {
  const preview = (...args: string[]) =>
    commandLine(product.file, product.databaseUrl, ['notices', 'preview', 'order.shipped', '--channel', ...args]);
  const french = await preview('messenger', '--language', 'fr');
  expect(french).toMatchObject({ code: 0, err: '', out: expect.stringContaining('NW-10077') });
  const file = fileURLToPath(new URL('../../docs/examples/order-shipped.json', import.meta.url));
  const { order } = JSON.parse(await readFile(file, 'utf8')) as { order: { number: string } };
  const own = join(dirname(product.file), 'order.json');
  await writeFile(own, JSON.stringify(order));
  const { code, out } = await preview('sms', '--order', own, '--json');
  expect([code, JSON.parse(out)]).toEqual([
    0,
    expect.objectContaining({ text: expect.stringContaining(order.number) }),
  ]);
  expect(await preview('pigeon')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('pigeon') });
});

test('the examples of the guide do what it says', async () => {
  const event = JSON.parse(await readFile(new URL('../../docs/examples/order-shipped.json', import.meta.url), 'utf8'));
  const now = { ...event, occurredAt: new Date().toISOString() };
  expect(await tellOrder(product.url, key, now)).toMatchObject({ result: 'taken', notice: expect.any(Number) });
  expect(await tellOrder(product.url, key, now)).toMatchObject({ result: 'repeat' });
});

test('a batch accounts for each: taken, repeat, or refused with its field', async () => {
  const good = of('B1', 'order.confirmed', { notify: false, id: 'b-1' });
  const { status, body } = await tell({
    events: [
      good,
      good,
      of('B2', 'order.exploded'),
      of('B3', 'paid', { order: { number: 'B3', total: 5 } }),
      'x',
      of('B4', 'paid', { customer: {} }),
    ],
  });
  expect(status).toBe(202);
  expect(body).toMatchObject({ taken: 1, repeats: 1, refused: 4 });
  expect(
    body.results.map(({ index, result, problem }) => [index, result, (problem as Json | undefined)?.['field']]),
  ).toEqual([
    [0, 'taken', undefined],
    [1, 'repeat', undefined],
    [2, 'refused', 'type'],
    [3, 'refused', 'order.currency'],
    [4, 'refused', 'event'],
    [5, 'refused', 'customer'],
  ]);
});

test('an Idempotency-Key makes the same request one, and another under it a conflict', async () => {
  const headers = { 'idempotency-key': 'k-1' };
  const event = of('D1', 'paid', { notify: false });
  expect((await tell(event, headers)).status).toBe(202);
  expect((await tell(event, headers)).body).toMatchObject({ repeats: 1 });
  expect(await tell(of('D1', 'preparing', { notify: false }), headers)).toMatchObject({ status: 409 });
});

test.each([
  ['no such type', of('E1', 'gone'), 400, /^body\.type: not one of order\.confirmed/],
  ['no order', { type: 'paid' }, 400, /^body\.order: /],
  [
    'a currency there is not',
    of('E1', 'paid', { order: { number: 'E1', currency: 'XXQ' } }),
    400,
    /^body\.order\.currency: not a currency/,
  ],
  [
    'half a cent',
    of('E1', 'paid', { order: { number: 'E1', currency: 'EUR', total: 1.5 } }),
    400,
    /^body\.order\.total: /,
  ],
  ['a wrong phone', of('E1', 'paid', { customer: { phone: '12' } }), 400, /^body\.customer\.phone: not a phone number/],
  ['a field there is not', of('E1', 'paid', { colour: 'red' }), 400, /^body\.colour: there is no such field/],
  ['an invoice without one', of('E1', 'invoice'), 400, /^body\.document: order\.invoice needs the document/],
  [
    'an invoice that is no PDF',
    of('E1', 'invoice', { document: { name: 'a.pdf', base64: 'aGVsbG8=' } }),
    400,
    /^body\.document\.base64: is no PDF/,
  ],
  ['a custom event without words', of('E1', 'custom'), 400, /^body\.text: /],
  ['nobody', { type: 'paid', order: { number: 'E9' } }, 400, /^body\.customer: say who/],
  ['no events', { events: [] }, 400, /^body\.events: from 1 to 100/],
  ['too many', { events: Array(101).fill(of('E1', 'paid')) }, 400, /^body\.events: from 1 to 100/],
  ['no object', [1], 400, /^body: /],
])('refused with its field: %s', async (_, event, status, detail) => {
  const { status: answered, body } = await tell(event);
  expect({ answered, body }).toMatchObject({ answered: status, body: { detail: expect.stringMatching(detail) } });
  expect(String(body['detail']).startsWith(`${body['field']}: `)).toBe(true);
});

test('a key without the scope may not, and a body that is too large is not read', async () => {
  expect((await tell(of('F1', 'paid'), {}, `${key}-links`)).status).toBe(403);
  const large = await tell(of('F1', 'paid', { text: 'x'.repeat(27_000_000) }));
  expect(large).toMatchObject({ status: 413, body: { detail: expect.stringMatching(/larger than/) } });
});

test('nobody is told what they did not agree to, and the shop can see why', async () => {
  product.messenger.addCustomer({ psid: '701', name: 'Ola' });
  await product.messenger.customerSends('701', { type: 'text', text: 'Hello' });
  const taken = await tell(of('G1', 'paid', { customer: { customerId: 'C-nobody' } }));
  const { body } = await call(`/v1/notices/${taken.body.results[0]!['notice']}`);
  expect(['waiting', 'refused']).toContain(body['state']);
  expect(inChat('701')).toEqual([]);
});

test('an answer to a notice opens a ticket that holds the order, and is routed by its state', async () => {
  product.messenger.addCustomer({ psid: '702', name: 'Ida Berg' });
  const order = { number: 'H1', url: 'https://shop.example/o/H1', currency: 'EUR', total: 10_850 };
  await tell(of('H1', 'confirmed', { order, notify: false, occurredAt: new Date(Date.now() - 60_000).toISOString() }));
  await tell(of('H1', 'delayed', { reason: 'snow', notify: false }));
  const { customer } = await product.db
    .selectFrom('orders')
    .select('customer')
    .where('number', '=', 'H1')
    .executeTakeFirstOrThrow();
  await product.db
    .insertInto('identities')
    .values({ account: 'acme-page', platform_user: '702', customer, evidence: 'shop-api', detail: '{}' })
    .execute();
  await product.db
    .insertInto('conversations')
    .values({ account: 'acme-page', platform_user: '702', customer })
    .execute();
  await product.messenger.customerSends('702', {
    type: 'postback',
    title: 'Contact us',
    payload: 'passerelle:contact',
  });
  const ticket = await until('a ticket', () =>
    product.zendesk.tickets().find(({ requester }) => requester.externalId?.endsWith(':702')),
  );
  expect(ticket).toMatchObject({ subject: 'H1 delayed', tags: expect.arrayContaining(['delayed', 'urgent-order']) });
  const note = await until('the note', () =>
    product.zendesk
      .tickets()
      .find(({ id }) => id === ticket.id)!
      .comments.find(({ body }) => body.includes('latest order')),
  );
  expect(note.public).toBe(false);
  expect(note.body).toMatch(
    /order: H1 \(delayed, €108\.50\)\nhttps:\/\/shop\.example\/o\/H1\n\S+ \S+ UTC delayed \(snow\)\n\S+ \S+ UTC confirmed/,
  );
}, 30_000);

test('the history shows notices, also where there is no ticket', async () => {
  product.messenger.addCustomer({ psid: '703', name: 'Kim' });
  await agreed('703', 'C-K1');
  await tell(of('K1', 'shipped', { order: { number: 'K1' } }));
  await until('the notice in the history', () =>
    JSON.stringify(product.salesforce.records('Task')).includes('Order K1 has left us'),
  );
  expect(JSON.stringify(product.salesforce.records('Task'))).toMatch(/Nordic Wool/);
}, 30_000);
