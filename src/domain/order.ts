/** What can happen to an order. `custom`: something of the shop's own, with its own words. */
export const orderEventTypes = [
  'order.confirmed',
  'order.paid',
  'order.preparing',
  'order.shipped',
  'order.out_for_delivery',
  'order.delivered',
  'order.delayed',
  'order.cancelled',
  'order.refunded',
  'order.receipt',
  'order.invoice',
  'order.custom',
] as const;
export type OrderEventType = (typeof orderEventTypes)[number];

export interface Address {
  name?: string | undefined;
  street1: string;
  street2?: string | undefined;
  city: string;
  postalCode: string;
  state?: string | undefined;
  /** ISO 3166, two letters. */
  country: string;
}

export interface OrderLine {
  title: string;
  subtitle?: string | undefined;
  sku?: string | undefined;
  quantity: number;
  /** Of one, in minor units of the order's currency. */
  price: number;
  pictureUrl?: string | undefined;
  url?: string | undefined;
}

export interface Tracking {
  number?: string | undefined;
  carrier?: string | undefined;
  url?: string | undefined;
  /** When it is expected to arrive. */
  expectedAt?: string | undefined;
}

/** An order as the shop tells it; what a later event leaves out stays as it was. Amounts are in minor units. */
export interface Order {
  /** As the customer knows it. */
  number: string;
  url?: string | undefined;
  placedAt?: string | undefined;
  /** ISO 4217. */
  currency?: string | undefined;
  lines?: OrderLine[] | undefined;
  subtotal?: number | undefined;
  shipping?: number | undefined;
  tax?: number | undefined;
  total?: number | undefined;
  adjustments?: { name: string; amount: number }[] | undefined;
  paymentMethod?: string | undefined;
  /** Where it can be paid, as long as it is not. */
  payUrl?: string | undefined;
  shippingAddress?: Address | undefined;
  billingAddress?: Address | undefined;
  tracking?: Tracking | undefined;
}

/** What belongs to one event alone. */
export interface EventDetails {
  /** Why it is delayed, was cancelled or refunded; shown to the customer. */
  reason?: string | undefined;
  /** What was refunded, in minor units. */
  amount?: number | undefined;
  /** Of a custom event: what to tell. */
  title?: string | undefined;
  text?: string | undefined;
}

/** A file of the shop's: as bytes, or where it is fetched later. */
export type ShopFile = { name: string; contentType: string } & ({ bytes: Buffer } | { url: string });

/** What an event is kept as. */
export interface OrderEventBody {
  order: Order;
  details?: EventDetails | undefined;
  language?: string | undefined;
}

/** The way of a parcel: a newer step makes an older one that was not told yet old news. */
const steps: readonly OrderEventType[] = [
  'order.preparing',
  'order.shipped',
  'order.out_for_delivery',
  'order.delivered',
  'order.delayed',
];
export const isStep = (type: OrderEventType): boolean => steps.includes(type);
const ends: readonly OrderEventType[] = ['order.cancelled', 'order.refunded'];
/** Whether something that happened later leaves nothing to say of this. */
export const isOldNews = (type: OrderEventType, later: OrderEventType): boolean =>
  isStep(type) && (isStep(later) || ends.includes(later));

/** Papers say nothing of how far an order is. */
const papers: readonly OrderEventType[] = ['order.receipt', 'order.invoice', 'order.custom'];
/** What an order's state is after it: `shipped`; undefined where it stays what it was. */
export const stateAfter = (type: OrderEventType): string | undefined =>
  papers.includes(type) ? undefined : type.slice('order.'.length);

/** The order with what was told later put over it. */
export const merged = (before: Order, later: Order): Order => ({ ...before, ...withoutEmpty(later) });

const withoutEmpty = (order: Order): Order =>
  Object.fromEntries(Object.entries(order).filter(([, value]) => value !== undefined)) as unknown as Order;
