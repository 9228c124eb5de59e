import type { EventDetails, Order, OrderEventType } from '../../domain/order.ts';
import type { WebhookRequest } from '../../kit/webhook.ts';
import type { ShopCustomer } from '../customer-of-shop.ts';

/** A shop whose own webhooks are taken as they come. */
export interface ConnectedShop {
  id: string;
  kind: string;
  /** Signs its webhooks. */
  secret: { reveal(): string };
  /** The language of customers of whom the shop tells none. */
  language?: string | undefined;
  /** What the shop's own statuses mean. */
  statuses: Readonly<Record<string, OrderEventType | 'nothing'>>;
}

/** One thing that happened to an order. */
export interface ShopEvent {
  /** Unique within the shop: a second one is a repeat, however it came. */
  key: string;
  type: OrderEventType;
  at: Date | undefined;
  order: Omit<Order, 'number'>;
  /** How customers know the order; where it is not told it is found by `remoteId`. */
  number: string | undefined;
  /** The shop's own id of the order. */
  remoteId: string;
  customer: ShopCustomer | undefined;
  language: string | undefined;
  details?: EventDetails;
  /** Only where nothing of this type was told of the order before. */
  unlessTold?: true;
}

/** What a webhook tells. `unsupported`: in words; it is kept, and nobody is told. */
export type ShopTold =
  | { delivery: string; topic: string; events: ShopEvent[] }
  | { delivery: string; topic: string; unsupported: string }
  | 'probe'
  | { malformed: string };

/** A kind of shop. */
export interface ShopKind {
  kind: string;
  /** Whether the shop sent it, in constant time. */
  isAuthentic(request: WebhookRequest, shop: ConnectedShop): boolean;
  /** Pure: the same request always tells the same. */
  read(request: WebhookRequest, shop: ConnectedShop): ShopTold;
}
