import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ordersByNumber } from '../../src/store/orders.ts';
import { type Product, startProduct } from '../support/product.ts';

const secret = 'a-secret-both-shops-sign-with';
let product: Product;
beforeAll(async () => {
  const shops = [
    { id: 'acme', kind: 'shopify', secret },
    { id: 'woo', kind: 'woocommerce', secret, language: 'nb', statuses: { 'til-henting': 'order.preparing' } },
  ];
  product = await startProduct({ settings: { shops } });
});
afterAll(() => product?.stop());

const sign = (body: string) => createHmac('sha256', secret).update(body).digest('base64');
let deliveries = 0;

async function post(shop: string, headers: Record<string, string>, body: string) {
  const response = await fetch(`${product.url}/webhooks/shop/${shop}`, { method: 'POST', body, headers });
  return {
    status: response.status,
    ...((await response.json()) as { result?: string; why?: string; detail?: string }),
  };
}

const shopify = (topic: string, payload: object, delivery = `d-${++deliveries}`, signature?: string) => {
  const body = JSON.stringify(payload);
  const signed = { 'x-shopify-hmac-sha256': signature ?? sign(body) };
  return post('acme', { ...signed, 'x-shopify-topic': topic, 'x-shopify-webhook-id': delivery }, body);
};
const woo = (topic: string, payload: object, delivery = `w-${++deliveries}`) => {
  const body = JSON.stringify(payload);
  const headers = { 'x-wc-webhook-topic': topic, 'x-wc-webhook-delivery-id': delivery };
  return post('woo', { ...headers, 'x-wc-webhook-signature': sign(body) }, body);
};

const shopifyOrder = (n: number, more: object = {}) => ({
  id: 5_500_000_000_000 + n,
  name: `#${n}`,
  currency: 'EUR',
  created_at: new Date().toISOString(),
  updated_at: new Date().toISOString(),
  email: `buyer-${n}@example.com`,
  phone: null,
  customer_locale: 'fr-CA',
  order_status_url: 'https://acme.example/orders/1',
  subtotal_price: '119.90',
  total_tax: '0.00',
  total_price: '129.90',
  total_shipping_price_set: { shop_money: { amount: '10.00', currency_code: 'EUR' } },
  payment_gateway_names: ['visa'],
  customer: { id: 77_000 + n, email: `buyer-${n}@example.com`, phone: '+4790000000' },
  shipping_address: {
    ...{ name: 'Ida Berg', address1: 'Storgata 1', address2: '', city: 'Oslo', zip: '0155', province: null },
    ...{ country_code: 'NO', phone: '90 00 00 01' },
  },
  line_items: [
    { title: 'Kettle', sku: 'K-1', quantity: 1, price: '99.95' },
    { title: 'Cup', sku: '', quantity: 2, price: '9.975' },
  ],
  fulfillments: [],
  ...more,
});

const eventsOf = async (shop: string, number: string) => {
  const [order] = await ordersByNumber(product.db, number, shop);
  const rows = await product.db
    .selectFrom('order_events')
    .select(['type', 'told', 'body'])
    .where('order', '=', order?.id ?? 0)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...row, body: row.body as { details?: unknown; language?: string } }));
};
const types = async (shop: string, number: string) => (await eventsOf(shop, number)).map(({ type }) => type);

test('an order of Shopify is an order here, to the cent, with its customer, whatever of it is missing', async () => {
  expect(await shopify('orders/create', shopifyOrder(1001))).toEqual({ status: 200, ok: true, result: 'taken' });
  const [order] = await ordersByNumber(product.db, '#1001', 'acme');
  expect(order?.order).toMatchObject({
    ...{ currency: 'EUR', subtotal: 11_990, shipping: 1_000, tax: 0, total: 12_990, paymentMethod: 'visa' },
    // A price with a tenth of a cent is none: the line is left out rather than told wrong.
    lines: [{ title: 'Kettle', sku: 'K-1', quantity: 1, price: 9_995 }],
    shippingAddress: { name: 'Ida Berg', street1: 'Storgata 1', city: 'Oslo', postalCode: '0155', country: 'NO' },
  });
  const facts = await product.db
    .selectFrom('facts')
    .select(['kind', 'value', 'evidence', 'by_whom'])
    .where('customer', '=', order!.customer)
    .orderBy('kind')
    .execute();
  expect(facts).toEqual([
    { kind: 'email', value: 'buyer-1001@example.com', evidence: 'shop-api', by_whom: 'shop:acme' },
    { kind: 'phone', value: '+4790000000', evidence: 'shop-api', by_whom: 'shop:acme' },
    { kind: 'shop-customer', value: '78001', evidence: 'shop-api', by_whom: 'shop:acme' },
  ]);
  expect((await eventsOf('acme', '#1001'))[0]).toMatchObject({ told: 'planned', body: { language: 'fr-CA' } });
  const bare = { id: 9, name: '#9', currency: 'JPY', email: 'bare@example.com', total_price: '1500' };
  expect(await shopify('orders/create', bare)).toMatchObject({ status: 200, result: 'taken' });
  expect((await ordersByNumber(product.db, '#9'))[0]?.order.total).toBe(1_500);
});

test('the way of an order of Shopify: paid, shipped once, delivered, refunded in part, cancelled', async () => {
  const order = shopifyOrder(1002);
  const fulfillment = {
    ...{ id: 1, order_id: order.id, name: '#1002.1', status: 'success', created_at: new Date().toISOString() },
    ...{ tracking_company: 'Posten', tracking_number: 'T-1', tracking_url: 'https://posten.example/T-1' },
  };
  await shopify('orders/create', order);
  await shopify('orders/paid', order);
  await shopify('fulfillments/create', fulfillment);
  await shopify('orders/fulfilled', { ...order, fulfillments: [fulfillment] });
  const later = { ...fulfillment, updated_at: new Date().toISOString() };
  expect(await shopify('fulfillments/update', { ...later, shipment_status: 'in_transit' })).toMatchObject({
    ...{ status: 200, result: 'unsupported', why: 'a fulfillment that is in_transit' },
  });
  await shopify('fulfillments/update', { ...later, shipment_status: 'delivered' });
  const transactions = [
    { kind: 'refund', status: 'success', amount: '9.95', currency: 'EUR' },
    { kind: 'void', status: 'success', amount: '100.00', currency: 'EUR' },
  ];
  await shopify('refunds/create', { id: 3, order_id: order.id, created_at: new Date().toISOString(), transactions });
  await shopify('orders/cancelled', { ...order, cancelled_at: new Date().toISOString(), cancel_reason: 'inventory' });
  const events = await eventsOf('acme', '#1002');
  expect(events.map(({ type, told }) => `${type} ${told}`)).toEqual([
    ...['order.confirmed planned', 'order.paid planned', 'order.shipped planned', 'order.shipped silent'],
    ...['order.delivered planned', 'order.refunded planned', 'order.cancelled planned'],
  ]);
  expect(events.map(({ body }) => body.details).filter((details) => details !== undefined)).toEqual([
    { amount: 995 },
    { reason: 'not in stock' },
  ]);
  expect((await ordersByNumber(product.db, '#1002'))[0]?.order.tracking).toEqual({
    ...{ number: 'T-1', carrier: 'Posten', url: 'https://posten.example/T-1' },
  });
});

test('a delivery that is repeated, or an event that comes in two ways, is told once', async () => {
  const order = shopifyOrder(1003);
  const all = await Promise.all([1, 2, 3].map(() => shopify('orders/create', order, 'the-same')));
  expect(all.map(({ result }) => result).sort()).toEqual(['repeat', 'repeat', 'taken']);
  expect(await shopify('orders/create', { ...order, note: 'changed' })).toMatchObject({ result: 'taken' });
  expect(await types('acme', '#1003')).toEqual(['order.confirmed']);
});

test('what is forged, broken, unknown or not yet told is refused or kept, with the reason', async () => {
  const order = shopifyOrder(1004);
  expect(await shopify('orders/create', order, 'f-1', sign('another body'))).toMatchObject({ status: 401 });
  expect(await shopify('orders/create', order, 'f-2', '')).toMatchObject({ status: 401 });
  expect(await post('nobody', {}, '{}')).toMatchObject({ status: 404, detail: 'no shop "nobody" is configured' });
  expect(await shopify('orders/create', { id: 1 })).toMatchObject({
    status: 400,
    detail: expect.stringMatching(/^name/),
  });
  expect(await shopify('orders/create', { ...order, currency: 'euro' })).toMatchObject({ status: 400 });
  expect(await shopify('products/create', { id: 1 })).toMatchObject({ status: 200, result: 'unsupported' });
  const refund = { id: 4, order_id: 404, transactions: [{ kind: 'refund', amount: '1.00', currency: 'EUR' }] };
  expect(await shopify('refunds/create', refund)).toMatchObject({
    ...{ status: 200, result: 'refused', why: 'order.refunded: an order that was never told of' },
  });
  const nobody = { ...order, email: null, customer: null, shipping_address: null };
  expect(await shopify('orders/create', nobody)).toMatchObject({ result: 'refused' });
  expect(await types('acme', '#1004')).toEqual([]);
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from events where account = 'shop:acme' and outcome = 'unsupported' and reason is not null`.execute(
    product.db,
  );
  expect(rows[0]!.n).toBeGreaterThanOrEqual(3);
});

const wooOrder = (n: number, status: string, more: object = {}) => ({
  ...{
    id: n,
    number: String(n),
    status,
    currency: 'NOK',
    total: '1290.00',
    total_tax: '258.00',
    shipping_total: '0.00',
  },
  ...{ date_created_gmt: now(), date_modified_gmt: now(), customer_id: 0, payment_method_title: 'Vipps' },
  billing: { first_name: 'Ida', last_name: 'Berg', email: `ida-${n}@example.com`, phone: `90 00 0${n}`, country: 'NO' },
  line_items: [{ name: 'Kettle', sku: 'K-1', quantity: 3, price: 430.000_000_1 }],
  ...more,
});
const now = () => new Date().toISOString().slice(0, 19);

test('the way of an order of WooCommerce, by what its statuses mean; guests are told apart', async () => {
  expect(await post('woo', { 'content-type': 'application/x-www-form-urlencoded' }, 'webhook_id=12')).toMatchObject({
    status: 200,
  });
  await woo('order.created', wooOrder(501, 'pending'));
  await woo('order.updated', wooOrder(501, 'processing'));
  await woo('order.updated', wooOrder(501, 'processing', { customer_note: 'ring twice' }));
  await woo('order.updated', wooOrder(501, 'til-henting'));
  const tracking = [{ tracking_number: 'T-9', tracking_provider: 'Posten' }];
  await woo(
    'order.updated',
    wooOrder(501, 'completed', { meta_data: [{ key: '_wc_shipment_tracking_items', value: tracking }] }),
  );
  await woo('order.updated', wooOrder(501, 'completed', { refunds: [{ id: 8, total: '-100.50' }] }));
  await woo('order.updated', wooOrder(501, 'refunded'));
  expect(await types('woo', '501')).toEqual([
    ...['order.confirmed', 'order.paid', 'order.preparing', 'order.shipped', 'order.refunded', 'order.refunded'],
  ]);
  const [order] = await ordersByNumber(product.db, '501', 'woo');
  expect(order?.order).toMatchObject({ total: 129_000, lines: [{ price: 43_000 }], tracking: { number: 'T-9' } });
  expect((await eventsOf('woo', '501')).map(({ body }) => body.details)).toEqual(
    expect.arrayContaining([{ amount: 10_050 }, { amount: 129_000 }]),
  );
  await woo('order.created', wooOrder(502, 'processing'));
  expect(await types('woo', '502')).toEqual(['order.confirmed', 'order.paid']);
  const [other] = await ordersByNumber(product.db, '502', 'woo');
  expect(other?.customer).not.toBe(order?.customer);
  expect(await woo('order.updated', wooOrder(502, 'failed'))).toMatchObject({ result: 'unsupported' });
  expect(await woo('order.deleted', { id: 502 })).toMatchObject({ result: 'unsupported' });
});
