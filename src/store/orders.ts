import { sql } from 'kysely';
import { type EventDetails, merged, type Order, type OrderEventBody, type OrderEventType } from '../domain/order.ts';
import type { Queryable, Tx } from './database.ts';

export interface KeptOrder {
  id: number;
  shop: string;
  number: string;
  customer: number;
  /** As the shop's latest event says: `shipped`. */
  state: string;
  updatedAt: Date;
  order: Order;
}

export interface KeptOrderEvent {
  id: number;
  order: number;
  key: string;
  type: OrderEventType;
  at: Date;
  receivedAt: Date;
  details: EventDetails;
  language: string | undefined;
  /** Of a receipt: the how manyeth of its order. */
  receipt: number;
  /** What became of it, where no notice tells of it. */
  told: string | undefined;
}

export interface NewOrderEvent {
  shop: string;
  key: string;
  type: OrderEventType;
  at: Date;
  /** Of all that was told: by it a repeat is known. */
  digest: Buffer;
  body: OrderEventBody;
}

/** The event that has this key already, with its digest. */
export async function orderEventByKey(
  db: Queryable,
  shop: string,
  key: string,
): Promise<{ id: number; digest: Buffer } | undefined> {
  return db
    .selectFrom('order_events')
    .select(['id', 'digest'])
    .where('shop', '=', shop)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** Locked until the transaction ends. */
export async function orderForUpdate(tx: Tx, shop: string, number: string): Promise<KeptOrder | undefined> {
  const row = await tx
    .selectFrom('orders')
    .selectAll()
    .where('shop', '=', shop)
    .where('number', '=', number)
    .forUpdate()
    .executeTakeFirst();
  return row && orderOf(row);
}

/** The orders of this number; more than one where several shops count alike. */
export async function ordersByNumber(db: Queryable, number: string, shop?: string): Promise<KeptOrder[]> {
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .where('number', '=', number)
    .$if(shop !== undefined, (query) => query.where('shop', '=', shop!))
    .orderBy('updated_at', 'desc')
    .limit(10)
    .execute();
  return rows.map(orderOf);
}

/** The latest orders of a customer, whoever they were joined with. */
export async function latestOrders(db: Queryable, customer: number, most: number): Promise<KeptOrder[]> {
  const { rows } = await sql<OrderRow>`
    with recursive members (id) as (
      select ${customer}::bigint union select u.id from customers u join members m on u.joined_with = m.id)
    select o.* from orders o join members m on m.id = o.customer order by o.updated_at desc limit ${most}`.execute(db);
  return rows.map(orderOf);
}

/**
 * Writes the order as it is after an event. What was told of an earlier time than the latest fills only what is not known
 * yet, and leaves the state.
 */
export async function saveOrder(
  tx: Tx,
  before: KeptOrder | undefined,
  told: { shop: string; customer: number; state: string | undefined; at: Date; order: Order },
): Promise<KeptOrder> {
  const isLatest = !before || told.at >= before.updatedAt;
  const order = !before ? told.order : isLatest ? merged(before.order, told.order) : merged(told.order, before.order);
  const values = {
    shop: told.shop,
    number: told.order.number,
    customer: told.customer,
    state: (isLatest ? (told.state ?? before?.state) : before.state) ?? 'known',
    currency: order.currency ?? null,
    total: order.total ?? null,
    placed_at: order.placedAt === undefined ? null : new Date(order.placedAt),
    updated_at: isLatest ? told.at : before.updatedAt,
    body: JSON.stringify(order),
  };
  const row = await tx
    .insertInto('orders')
    .values(values)
    .onConflict((conflict) => conflict.columns(['shop', 'number']).doUpdateSet(values))
    .returningAll()
    .executeTakeFirstOrThrow();
  return orderOf(row);
}

export async function addOrderEvent(tx: Tx, order: number, event: NewOrderEvent, told?: string): Promise<number> {
  const { shop, key, type, at, digest, body } = event;
  const row = await tx
    .insertInto('order_events')
    .values({ order, shop, key, type, occurred_at: at, digest, body: JSON.stringify(body), told: told ?? null })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** What happened to an order, the latest first. */
export async function eventsOfOrder(db: Queryable, order: number, most: number): Promise<KeptOrderEvent[]> {
  const rows = await db
    .selectFrom('order_events')
    .selectAll()
    .where('order', '=', order)
    .orderBy('occurred_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
  return rows.map((row) => eventOf(row));
}

/** Whose order an event is of, and which. */
export async function orderOfEvent(
  db: Queryable,
  event: number,
): Promise<{ shop: string; number: string } | undefined> {
  return db
    .selectFrom('order_events as e')
    .innerJoin('orders as o', 'o.id', 'e.order')
    .select(['o.shop', 'o.number'])
    .where('e.id', '=', event)
    .executeTakeFirst();
}

/** An event with the order as it is known now and, above it, as that event told it. */
export async function orderEventById(
  db: Queryable,
  id: number,
): Promise<{ event: KeptOrderEvent; order: KeptOrder } | undefined> {
  const event = await db.selectFrom('order_events').selectAll().where('id', '=', id).executeTakeFirst();
  if (!event) return undefined;
  const row = await db.selectFrom('orders').selectAll().where('id', '=', event.order).executeTakeFirstOrThrow();
  const order = orderOf(row);
  const { count } = await db
    .selectFrom('order_events')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('order', '=', event.order)
    .where('type', '=', event.type)
    .where('id', '<=', event.id)
    .executeTakeFirstOrThrow();
  return { event: eventOf(event, count), order: { ...order, order: merged(order.order, bodyOf(event).order) } };
}

interface OrderRow {
  id: number;
  shop: string;
  number: string;
  customer: number;
  state: string;
  updated_at: Date;
  body: unknown;
}

export const orderOf = ({ updated_at: updatedAt, body, ...row }: OrderRow): KeptOrder => ({
  id: row.id,
  shop: row.shop,
  number: row.number,
  customer: row.customer,
  state: row.state,
  updatedAt,
  order: body as Order,
});

const bodyOf = ({ body }: { body: unknown }) => body as OrderEventBody;

interface EventRow {
  id: number;
  order: number;
  key: string;
  type: string;
  occurred_at: Date;
  received_at: Date;
  body: unknown;
  told: string | null;
}

const eventOf = (row: EventRow, receipt = 1): KeptOrderEvent => ({
  id: row.id,
  order: row.order,
  key: row.key,
  type: row.type as OrderEventType,
  at: row.occurred_at,
  receivedAt: row.received_at,
  details: bodyOf(row).details ?? {},
  language: bodyOf(row).language,
  told: row.told ?? undefined,
  receipt,
});
