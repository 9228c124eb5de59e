import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ShopNote } from '../../src/domain/shop-event.ts';
import { noteForShop } from '../../src/flows/note-for-shop.ts';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

interface Came {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const secret = 'a-secret-of-the-shop-01234567';
let came: Came[] = [];
let answer: (request: Came) => number = () => 204;
let server: Server;
let product: Product;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body };
      came.push(one);
      response.writeHead(answer(one)).end();
    });
  });
  await new Promise<void>((next) => server.listen(0, '127.0.0.1', next));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const webhooks = [
    { id: 'all', url: `${url}/all`, secret },
    { id: 'failed', url: `${url}/failed`, secret, events: ['notice.failed'] },
    { id: 'inside', url: 'http://10.1.2.3/', secret, events: ['notice.read'] },
  ];
  product = await startProduct({ settings: { shop: { webhooks, allowedHosts: ['127.0.0.1'] } } });
});
beforeEach(() => {
  came = [];
  answer = () => 204;
});
afterAll(async () => {
  await product?.stop();
  server?.close();
});

const note = (given: ShopNote) => product.db.transaction().execute((tx) => noteForShop(tx, given));
const at = new Date('2026-11-20T10:00:00Z');
const sent = (customer: number, notice: number): ShopNote => ({
  ...{ kind: 'notice.sent', customer, at, notice, event: 'order.shipped' },
  ...{ order: { shop: 'acme', number: 'A-1' }, account: 'acme-page' },
});
const numbers = (path: string) =>
  came
    .filter((one) => one.path === path)
    .map(({ body }) => (JSON.parse(body) as { data: { notice: number } }).data.notice);

/** As docs/guides/api.md tells a shop to do it. */
function isOurs({ headers, body }: Came): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`;
}

test('what happens is told once, signed, to those who want to hear of it, in the order of each customer', async () => {
  for (const notice of [1, 2, 3]) await note(sent(1, notice));
  await note({ kind: 'notice.failed', customer: 1, at, notice: 4, event: 'order.paid', reason: 'blocked' });
  await until('all of it', () => came.length === 5);
  expect(numbers('/all')).toEqual([1, 2, 3, 4]);
  expect(numbers('/failed')).toEqual([4]);
  expect(came.every(isOurs)).toBe(true);
  expect(new Set(came.map(({ headers }) => headers['webhook-id'])).size).toBe(5);
  const first = came.find(({ path }) => path === '/all')!;
  expect(JSON.parse(first.body)).toEqual({
    id: first.headers['webhook-id'],
    type: 'notice.sent',
    timestamp: '2026-11-20T10:00:00.000Z',
    data: {
      customer: { id: 1, shopIds: [] },
      notice: 1,
      event: 'order.shipped',
      order: { shop: 'acme', number: 'A-1' },
      account: 'acme-page',
    },
  });
});

test('one that is not taken is tried again under the same id, and what follows it waits; other customers do not', async () => {
  let refusals = 2;
  answer = ({ body }) => (body.includes('"notice":11,') && refusals-- > 0 ? 503 : 200);
  for (const notice of [11, 12]) await note(sent(11, notice));
  await note(sent(13, 13));
  await until('all of it', () => numbers('/all').includes(12));
  expect(numbers('/all').filter((n) => n !== 13)).toEqual([11, 11, 11, 12]);
  expect(numbers('/all').indexOf(13)).toBeLessThan(numbers('/all').lastIndexOf(11));
  const ids = came.filter(({ body }) => body.includes('"notice":11,')).map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(1);
});

test('one that is refused for good, or would go inside, is parked and shown, and can be sent once more', async () => {
  answer = () => 410;
  await note(sent(21, 21));
  await note({ ...sent(21, 22), kind: 'notice.read' } as ShopNote);
  const passerelle = (...args: string[]) => commandLine(product.file, product.databaseUrl, args);
  const list = async () => (await passerelle('shop-webhooks', 'list', '--json')).out.trim().split('\n');
  const parked = await until('both', async () => {
    const lines = await list();
    return lines.length >= 3 ? lines.map((line) => JSON.parse(line) as { hook: string; reason: string }) : undefined;
  });
  expect(parked.find(({ hook }) => hook === 'inside')?.reason).toContain('shop.allowedHosts');
  expect(parked.find(({ hook }) => hook === 'all')?.reason).toContain('410');
  answer = () => 200;
  came = [];
  expect((await passerelle('shop-webhooks', 'retry')).out).toBe('3 are sent once more.\n');
  await until('those that can be', () => numbers('/all').length === 2);
  await until('the one that cannot', async () => (await list()).filter((line) => line !== '').length === 1);
  expect((await passerelle('shop-webhooks', 'discard')).out).toBe('1 given up.\n');
});

test('a customer who writes soon after a notice has replied; one who was told nothing has not', async () => {
  const [told, untold] = ['9001', '9002'];
  for (const psid of [told, untold]) {
    product.messenger.addCustomer({ psid, name: 'Ida' });
    await product.messenger.customerSends(psid, { type: 'text', text: 'Hello' });
  }
  const talk = (psid: string) =>
    until('the conversation', () =>
      product.db.selectFrom('conversations').selectAll().where('platform_user', '=', psid).executeTakeFirst(),
    );
  const { id: conversation, customer } = await talk(told);
  await talk(untold);
  const { id: notice } = await product.db
    .insertInto('notices')
    .values({
      ...{ customer, conversation, purpose: 'order-updates', priority: 1, event: 'order.shipped', state: 'sent' },
      expires_at: new Date(Date.now() + 1e6),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const psid of [untold, told]) await product.messenger.customerSends(psid, { type: 'text', text: 'Thank you' });
  const replied = await until('the webhook', () => came.find(({ body }) => body.includes('customer.replied')));
  expect(JSON.parse(replied.body)).toMatchObject({
    data: { customer: { id: customer }, account: 'acme-page', conversation, notice, message: expect.any(Number) },
  });
  expect(replied.body).not.toContain('Thank you');
  expect(came.filter(({ body }) => body.includes('customer.replied'))).toHaveLength(1);
});
