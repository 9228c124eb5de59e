import { createHash } from 'node:crypto';
import type { Priority } from '../domain/consent.ts';
import { days } from '../domain/duration.ts';
import {
  type EventDetails,
  isOldNews,
  isStep,
  type Order,
  type OrderEventType,
  orderEventTypes,
  type ShopFile,
  stateAfter,
} from '../domain/order.ts';
import type { Queue } from '../queue/queue.ts';
import type { Tx } from '../store/database.ts';
import { lockConversation } from '../store/locks.ts';
import { replaceNotices } from '../store/notices.ts';
import { addOrderFile } from '../store/order-files.ts';
import {
  addOrderEvent,
  eventsOfOrder,
  type KeptOrder,
  orderEventByKey,
  orderForUpdate,
  saveOrder,
} from '../store/orders.ts';
import { customerOfOrder } from './customer-of-order.ts';
import type { FoundCustomer, ShopCustomer } from './customer-of-shop.ts';
import { planNotice } from './plan-notice.ts';

/** What a shop tells of an order, whichever way it came: its API, Shopify, WooCommerce. */
export interface ToldOrderEvent {
  /** Who tells: the name of the API key, or the id of the connection. Order numbers and keys are unique within it. */
  shop: string;
  /** The shop's own key of this event; without it, what is told alike is one event. */
  key?: string | undefined;
  type: OrderEventType;
  /** When it happened; now when it is not told. */
  at?: Date | undefined;
  order: Order;
  /** May be left out once the order is known. */
  customer?: ShopCustomer | undefined;
  /** In which language the customer shops: `en`, `fr-CA`. */
  language?: string | undefined;
  details?: EventDetails | undefined;
  file?: ShopFile | undefined;
  /** It is only kept; nobody is told. */
  silent?: boolean | undefined;
}

/** `told`: what becomes of it: `planned`, or why the customer is told nothing. */
export type TakenOrderEvent =
  | { result: 'taken'; event: number; order: KeptOrder; notice?: number; told: Told }
  | { result: 'repeat'; event: number }
  | { result: 'refused'; because: 'invalid' | 'conflict'; field: string; why: string };

export type Told = 'planned' | 'silent' | 'overtaken' | 'too-old';

/** After that nobody needs to hear of it. */
export const worthTelling = days(3);

const priorityOf: Partial<Record<OrderEventType, Priority>> = {
  'order.delayed': 'high',
  'order.cancelled': 'high',
  'order.refunded': 'high',
  'order.out_for_delivery': 'high',
};

/**
 * Takes in one event of an order: the order as it is now, the event, and the notice that tells of it, all in the caller's
 * transaction. The same event again is a repeat; what something later has overtaken is kept and not told. After `refused` the
 * caller rolls back.
 */
export async function takeInOrderEvent(
  tx: Tx,
  world: { queue: Pick<Queue, 'wake'> },
  told: ToldOrderEvent,
  now = new Date(),
): Promise<TakenOrderEvent> {
  const { shop, type, order } = told;
  await lockConversation(tx, `order:${shop}:${order.number}`);
  const digest = digestOf(told);
  const key = told.key ?? digest.toString('hex');
  const known = await orderEventByKey(tx, shop, key);
  if (known?.digest.equals(digest)) return { result: 'repeat', event: known.id };
  if (known) return { result: 'refused', because: 'conflict', field: 'id', why: 'this id was used for another event' };
  const before = await orderForUpdate(tx, shop, order.number);
  const found = await customerOfOrder(tx, before, told.customer, `shop:${shop}`);
  if ('refused' in found) return refusal(found);
  const at = told.at ?? now;
  const kept = await saveOrder(tx, before, { shop, customer: found.customer, state: stateAfter(type), at, order });
  const fate = await fateOf(tx, kept.id, told, at, now);
  const body = { order, details: told.details, language: told.language };
  const event = await addOrderEvent(tx, kept.id, { shop, key, type, at, digest, body }, fate);
  if (told.file) await addOrderFile(tx, event, told.file);
  if (fate !== 'planned') return { result: 'taken', event, order: kept, told: fate };
  await replaceOlder(tx, kept.id, type, at, now);
  const notice = await planNotice(tx, world, {
    ...{ customer: kept.customer, purpose: 'order-updates', priority: priorityOf[type] ?? 'normal', event: type },
    ...{ orderEvent: event, language: told.language, dedupeKey: `order-event:${event}` },
    expiresAt: new Date(at.getTime() + worthTelling),
  });
  return { result: 'taken', event, order: kept, told: fate, ...(notice === undefined ? {} : { notice }) };
}

const digestOf = ({ file, at, ...told }: ToldOrderEvent): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([told, at?.toISOString() ?? null, file && { ...file, bytes: undefined }]))
    .update(file && 'bytes' in file ? file.bytes : '')
    .digest();

async function fateOf(tx: Tx, order: number, { type, silent }: ToldOrderEvent, at: Date, now: Date): Promise<Told> {
  if (silent) return 'silent';
  if (at.getTime() + worthTelling <= now.getTime()) return 'too-old';
  const later = (await eventsOfOrder(tx, order, 50)).filter((each) => each.at > at);
  return later.some((each) => isOldNews(type, each.type)) ? 'overtaken' : 'planned';
}

/** A step of the parcel that still waits for the morning is old news by the next. */
async function replaceOlder(tx: Tx, order: number, type: OrderEventType, at: Date, now: Date): Promise<void> {
  const types = orderEventTypes.filter((each) => isStep(each) && isOldNews(each, type));
  await replaceNotices(tx, order, { types, before: at, at: now, reason: `overtaken by ${type}` });
}

function refusal(found: Extract<FoundCustomer, { refused: string }> | { refused: 'another' }): TakenOrderEvent {
  const say = {
    'nothing-said': 'say who the customer is: customerId, email, phone or linkToken',
    'unknown-link': 'this linkToken was never given out',
    several: 'several customers are known by this; say the customerId',
    another: 'this order is another customer’s',
  };
  const because = found.refused === 'several' || found.refused === 'another' ? 'conflict' : 'invalid';
  const field = found.refused === 'unknown-link' ? 'customer.linkToken' : 'customer';
  return { result: 'refused', because, field, why: say[found.refused] };
}
