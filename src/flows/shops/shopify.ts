import { z } from 'zod';
import type { Order, OrderEventType, Tracking } from '../../domain/order.ts';
import { minorUnits } from '../../kit/minor-units.ts';
import { isCurrency } from '../../kit/money.ts';
import type { WebhookRequest } from '../../kit/webhook.ts';
import { addressOf, id, isSigned, jsonIn, lineOf, phoneIn, problemOf, text, timeIn } from './read-fields.ts';
import type { ConnectedShop, ShopEvent, ShopKind, ShopTold } from './shop-kind.ts';

/** Shopify's webhooks (shopify.dev, "Webhooks" and the REST resources Order, Fulfillment, Refund). */
export const shopify: ShopKind = {
  kind: 'shopify',
  isAuthentic: (request, shop) => isSigned(request, 'x-shopify-hmac-sha256', shop.secret.reveal()),
  read,
};

const address = z.looseObject({
  name: text,
  address1: text,
  address2: text,
  city: text,
  zip: text,
  province: text,
  country_code: text,
  phone: text,
});
const fulfillment = z.looseObject({
  id,
  order_id: id,
  name: text,
  status: text,
  shipment_status: text,
  created_at: text,
  updated_at: text,
  tracking_company: text,
  tracking_number: text,
  tracking_url: text,
});
const order = z.looseObject({
  id,
  name: z.string().min(1),
  currency: z.string(),
  created_at: text,
  updated_at: text,
  cancelled_at: text,
  cancel_reason: text,
  email: text,
  contact_email: text,
  phone: text,
  customer_locale: text,
  order_status_url: text,
  subtotal_price: text,
  total_tax: text,
  total_price: text,
  total_shipping_price_set: z
    .looseObject({ shop_money: z.looseObject({ amount: text }) })
    .nullish()
    .catch(undefined),
  payment_gateway_names: z.array(z.string()).nullish().catch(undefined),
  customer: z.looseObject({ id, email: text, phone: text }).nullish(),
  shipping_address: address.nullish(),
  billing_address: address.nullish(),
  line_items: z
    .array(z.looseObject({ title: text, name: text, sku: text, quantity: z.number(), price: z.unknown() }))
    .nullish(),
  fulfillments: z.array(fulfillment).nullish(),
});
type WireOrder = z.infer<typeof order>;
type WireFulfillment = z.infer<typeof fulfillment>;
const refund = z.looseObject({
  id,
  order_id: id,
  created_at: text,
  note: text,
  transactions: z
    .array(z.looseObject({ kind: text, status: text, amount: text, currency: text }))
    .nullish()
    .catch(undefined),
});

type Read = { events: ShopEvent[] } | { unsupported: string } | { malformed: string };

function read(request: WebhookRequest, shop: ConnectedShop): ShopTold {
  const topic = request.headers['x-shopify-topic'] ?? '';
  const delivery = request.headers['x-shopify-webhook-id'];
  if (!delivery) return { malformed: 'X-Shopify-Webhook-Id is missing' };
  const body = jsonIn(request);
  if (body === undefined) return { malformed: 'the body is not JSON' };
  const told = readers[topic]?.(body, shop) ?? { unsupported: `the topic ${topic.slice(0, 60)}` };
  return 'malformed' in told ? told : { delivery, topic, ...told };
}

const readers: Record<string, (body: unknown, shop: ConnectedShop) => Read> = {
  'orders/create': (body, shop) => ofOrder(body, shop, 'order.confirmed', ({ created_at: at }) => at),
  'orders/paid': (body, shop) => ofOrder(body, shop, 'order.paid', ({ updated_at: at }) => at),
  'orders/fulfilled': (body, shop) => ofOrder(body, shop, 'order.shipped', ({ updated_at: at }) => at),
  'orders/cancelled': (body, shop) => ofOrder(body, shop, 'order.cancelled', ({ cancelled_at: at }) => at),
  'fulfillments/create': (body) => ofFulfillment(body, 'order.shipped'),
  'fulfillments/update': (body) => ofFulfillment(body),
  'refunds/create': ofRefund,
};

function ofOrder(
  body: unknown,
  shop: ConnectedShop,
  type: OrderEventType,
  when: (wire: WireOrder) => string | undefined,
): Read {
  const parsed = order.safeParse(body);
  if (!parsed.success) return { malformed: problemOf(parsed.error) };
  const wire = parsed.data;
  if (!isCurrency(wire.currency)) return { malformed: 'currency: not a currency (ISO 4217)' };
  const reason = type === 'order.cancelled' ? reasons[wire.cancel_reason ?? ''] : undefined;
  const event: ShopEvent = {
    ...{ key: `order:${wire.id}:${type}`, type, at: timeIn(when(wire)) },
    ...{ number: wire.name, remoteId: wire.id, order: orderOf(wire), customer: customerOf(wire) },
    language: wire.customer_locale ?? shop.language,
    ...(reason ? { details: { reason } } : {}),
    ...(type === 'order.shipped' ? { unlessTold: true as const } : {}),
  };
  return { events: [event] };
}

/** Shown to the customer; of other reasons nothing is said. */
const reasons: Record<string, string> = {
  customer: 'as you asked',
  inventory: 'not in stock',
  declined: 'the payment was declined',
};

function orderOf(wire: WireOrder): Omit<Order, 'number'> {
  const { currency } = wire;
  const money = (amount: unknown) => (amount === undefined ? undefined : minorUnits(amount, currency));
  const lines = (wire.line_items ?? []).flatMap(
    (line) => lineOf({ ...line, title: line.title ?? line.name }, currency) ?? [],
  );
  return {
    currency,
    placedAt: timeIn(wire.created_at)?.toISOString(),
    url: wire.order_status_url,
    ...(lines.length > 0 ? { lines } : {}),
    subtotal: money(wire.subtotal_price),
    shipping: money(wire.total_shipping_price_set?.shop_money.amount),
    tax: money(wire.total_tax),
    total: money(wire.total_price),
    paymentMethod: wire.payment_gateway_names?.[0],
    shippingAddress: addressIn(wire.shipping_address),
    billingAddress: addressIn(wire.billing_address),
    tracking: trackingOf(wire.fulfillments?.at(-1)),
  };
}

function addressIn(wire: z.infer<typeof address> | null | undefined) {
  if (!wire) return undefined;
  const { name, address1, address2, city, zip, province, country_code: country } = wire;
  return addressOf({ name, street1: address1, street2: address2, city, postalCode: zip, state: province, country });
}

function trackingOf(wire: WireFulfillment | undefined): Tracking | undefined {
  const { tracking_number: number, tracking_company: carrier, tracking_url: url } = wire ?? {};
  return number || carrier || url ? { number, carrier, url } : undefined;
}

function customerOf({ customer, email, contact_email, phone, ...wire }: WireOrder) {
  const home = wire.shipping_address?.country_code ?? wire.billing_address?.country_code;
  return {
    customerId: customer?.id,
    email: email ?? contact_email ?? customer?.email,
    phone: phoneIn(home, phone, customer?.phone, wire.shipping_address?.phone, wire.billing_address?.phone),
  };
}

const shipments: Record<string, OrderEventType> = {
  out_for_delivery: 'order.out_for_delivery',
  delivered: 'order.delivered',
  delayed: 'order.delayed',
  failure: 'order.delayed',
};

function ofFulfillment(body: unknown, first?: OrderEventType): Read {
  const parsed = fulfillment.safeParse(body);
  if (!parsed.success) return { malformed: problemOf(parsed.error) };
  const wire = parsed.data;
  if (wire.status === 'cancelled' || wire.status === 'error')
    return { unsupported: `a fulfillment that is ${wire.status}` };
  const type = first ?? shipments[wire.shipment_status ?? ''];
  if (!type) return { unsupported: `a fulfillment that is ${wire.shipment_status ?? 'changed'}` };
  const event: ShopEvent = {
    ...{ key: `fulfillment:${wire.id}:${type}`, type, at: timeIn(first ? wire.created_at : wire.updated_at) },
    // Of the second parcel of #1001 the name is #1001.2.
    ...{ number: wire.name?.replace(/\.\d+$/, ''), remoteId: wire.order_id, customer: undefined, language: undefined },
    order: { tracking: trackingOf(wire) },
  };
  return { events: [event] };
}

function ofRefund(body: unknown): Read {
  const parsed = refund.safeParse(body);
  if (!parsed.success) return { malformed: problemOf(parsed.error) };
  const wire = parsed.data;
  const paid = (wire.transactions ?? []).filter(({ kind, status }) => kind === 'refund' && status !== 'failure');
  const amounts = paid.map(({ amount, currency }) => minorUnits(amount, currency ?? ''));
  if (amounts.some((amount) => amount === undefined)) return { malformed: 'transactions: an amount is none' };
  const amount = amounts.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  if (amount === 0) return { unsupported: 'a refund of nothing' };
  const event: ShopEvent = {
    ...{ key: `refund:${wire.id}`, type: 'order.refunded', at: timeIn(wire.created_at) },
    ...{ number: undefined, remoteId: wire.order_id, order: {}, customer: undefined, language: undefined },
    details: { amount },
  };
  return { events: [event] };
}
