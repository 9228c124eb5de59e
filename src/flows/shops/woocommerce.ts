import { z } from 'zod';
import type { Order } from '../../domain/order.ts';
import { minorUnits } from '../../kit/minor-units.ts';
import { isCurrency, minorDigits } from '../../kit/money.ts';
import type { WebhookRequest } from '../../kit/webhook.ts';
import { addressOf, id, isSigned, jsonIn, lineOf, phoneIn, problemOf, text, timeIn } from './read-fields.ts';
import type { ConnectedShop, ShopEvent, ShopKind, ShopTold } from './shop-kind.ts';

/** WooCommerce's webhooks (WooCommerce REST API, "Webhooks" and "Orders"). */
export const woocommerce: ShopKind = {
  kind: 'woocommerce',
  isAuthentic: (request, shop) => isProbe(request) || isSigned(request, 'x-wc-webhook-signature', shop.secret.reveal()),
  read,
};

/** When a webhook is made the shop tries the address, unsigned, with the webhook's number alone. */
const isProbe = ({ body }: WebhookRequest): boolean => /^webhook_id=\d{1,12}$/.test(body.toString('latin1', 0, 40));

const address = z.looseObject({
  first_name: text,
  last_name: text,
  address_1: text,
  address_2: text,
  city: text,
  state: text,
  postcode: text,
  country: text,
  email: text,
  phone: text,
});
const order = z.looseObject({
  id,
  number: text,
  status: z.string(),
  currency: z.string(),
  date_created_gmt: text,
  date_modified_gmt: text,
  total: text,
  total_tax: text,
  shipping_total: text,
  customer_id: z.number().nullish().catch(undefined),
  payment_method_title: text,
  payment_url: text,
  billing: address.nullish(),
  shipping: address.nullish(),
  line_items: z
    .array(z.looseObject({ name: text, sku: text, quantity: z.number(), price: z.unknown(), subtotal: text }))
    .nullish(),
  refunds: z
    .array(z.looseObject({ id, total: text }))
    .nullish()
    .catch(undefined),
  meta_data: z
    .array(z.looseObject({ key: z.string(), value: z.unknown() }))
    .nullish()
    .catch(undefined),
});
type WireOrder = z.infer<typeof order>;

function read(request: WebhookRequest, shop: ConnectedShop): ShopTold {
  if (isProbe(request)) return 'probe';
  const topic = request.headers['x-wc-webhook-topic'] ?? '';
  const delivery = request.headers['x-wc-webhook-delivery-id'];
  if (!delivery) return { malformed: 'X-WC-Webhook-Delivery-ID is missing' };
  const body = jsonIn(request);
  if (body === undefined) return { malformed: 'the body is not JSON' };
  if (topic !== 'order.created' && topic !== 'order.updated')
    return { delivery, topic, unsupported: `the topic ${topic.slice(0, 60)}` };
  const parsed = order.safeParse(body);
  if (!parsed.success) return { malformed: problemOf(parsed.error) };
  if (!isCurrency(parsed.data.currency)) return { malformed: 'currency: not a currency (ISO 4217)' };
  const events = eventsOf(parsed.data, topic, shop);
  if (events.length === 0)
    return { delivery, topic, unsupported: `an order that is ${parsed.data.status.slice(0, 40)}` };
  return { delivery, topic, events };
}

/** One for its being placed, one for what its status has become, one for each refund. */
function eventsOf(wire: WireOrder, topic: string, shop: ConnectedShop): ShopEvent[] {
  const meaning = shop.statuses[wire.status] ?? 'nothing';
  const placed = topic === 'order.created' && wire.status !== 'checkout-draft' && wire.status !== 'failed';
  const became = meaning === 'nothing' || (placed && meaning === 'order.confirmed') ? [] : [meaning];
  const types = [...(placed ? ['order.confirmed' as const] : []), ...became];
  const events = types.map((type): ShopEvent => {
    const at = timeIn(type === 'order.confirmed' && placed ? wire.date_created_gmt : wire.date_modified_gmt);
    const refunded = type === 'order.refunded' ? { details: { amount: minorUnits(wire.total, wire.currency) } } : {};
    return { ...common(wire, shop), key: `order:${wire.id}:${type}`, type, at, ...refunded };
  });
  return [...events, ...(meaning === 'order.refunded' ? [] : refundsOf(wire, shop))];
}

/** Told of a part, while the order goes on. */
const refundsOf = (wire: WireOrder, shop: ConnectedShop): ShopEvent[] =>
  (wire.refunds ?? []).flatMap(({ id: refund, total }) => {
    const amount = minorUnits(total, wire.currency);
    if (!amount) return [];
    const what = { key: `refund:${refund}`, type: 'order.refunded' as const, at: timeIn(wire.date_modified_gmt) };
    return [{ ...common(wire, shop), ...what, details: { amount: Math.abs(amount) } }];
  });

const common = (wire: WireOrder, shop: ConnectedShop) => ({
  number: wire.number ?? wire.id,
  remoteId: wire.id,
  order: orderOf(wire),
  customer: customerOf(wire),
  language: languageIn(wire) ?? shop.language,
});

function orderOf(wire: WireOrder): Omit<Order, 'number'> {
  const { currency } = wire;
  const money = (amount: unknown) => (amount === undefined ? undefined : minorUnits(amount, currency));
  const lines = (wire.line_items ?? []).flatMap(
    (line) => lineOf({ ...line, title: line.name, price: rounded(line.price, currency) }, currency) ?? [],
  );
  return {
    currency,
    placedAt: timeIn(wire.date_created_gmt)?.toISOString(),
    ...(lines.length > 0 ? { lines } : {}),
    shipping: money(wire.shipping_total),
    tax: money(wire.total_tax),
    total: money(wire.total),
    paymentMethod: wire.payment_method_title,
    payUrl: wire.status === 'pending' ? wire.payment_url : undefined,
    shippingAddress: addressIn(wire.shipping),
    billingAddress: addressIn(wire.billing),
    tracking: trackingIn(wire),
  };
}

/** The price of one is computed by the shop, and may have a long tail of digits. */
const rounded = (price: unknown, currency: string): unknown =>
  typeof price === 'number' && Number.isFinite(price) ? price.toFixed(minorDigits(currency)) : price;

function addressIn(wire: z.infer<typeof address> | null | undefined) {
  if (!wire) return undefined;
  const name = [wire.first_name, wire.last_name].filter((each) => each !== undefined).join(' ');
  const { address_1: street1, address_2: street2, city, state, postcode: postalCode, country } = wire;
  return addressOf({ ...(name ? { name } : {}), street1, street2, city, postalCode, state, country });
}

function customerOf({ customer_id: customer, billing, shipping }: WireOrder) {
  return {
    // Guests are all number 0.
    customerId: customer ? String(customer) : undefined,
    email: billing?.email,
    phone: phoneIn(billing?.country ?? shipping?.country, billing?.phone, shipping?.phone),
  };
}

/** As WPML and Polylang note it. */
function languageIn({ meta_data: meta }: WireOrder): string | undefined {
  const found = meta?.find(({ key }) => key === 'wpml_language' || key === '_language')?.value;
  return typeof found === 'string' && /^[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?$/.test(found)
    ? found.replace('_', '-')
    : undefined;
}

const shipments = z.array(
  z.looseObject({
    tracking_number: text,
    tracking_provider: text,
    custom_tracking_provider: text,
    custom_tracking_link: text,
  }),
);

/** As the extension Shipment Tracking notes it. */
function trackingIn({ meta_data: meta }: WireOrder) {
  const found = shipments.safeParse(meta?.find(({ key }) => key === '_wc_shipment_tracking_items')?.value);
  const last = found.success ? found.data.at(-1) : undefined;
  if (!last?.tracking_number) return undefined;
  const carrier = last.tracking_provider ?? last.custom_tracking_provider;
  return { number: last.tracking_number, carrier, url: last.custom_tracking_link };
}
