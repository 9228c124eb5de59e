import { z } from 'zod';
import type { Database } from '../../../store/database.ts';
import { findNoticesByIds } from '../../../store/notice-list.ts';
import { noticesOfOrder } from '../../../store/notices.ts';
import { findOrders, type ListedOrder, orderById } from '../../../store/order-list.ts';
import { eventsOfOrder, type KeptOrder } from '../../../store/orders.ts';
import { searched } from '../../../store/search-customers.ts';
import type { OrderLine, OrderPage } from '../../wire/notices.ts';
import { noCursor, tooMuch } from '../conversations/list.ts';
import { oneMore, pageOf, readCursor } from '../cursor.ts';
import { type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';
import { noticeLine } from './list.ts';

const limit = 40;
const mostEvents = 200;
const number = z.coerce.number().int().positive().max(1e15);

const filter = z.object({
  q: z.string().trim().max(100).default(''),
  state: z.string().max(40).optional(),
  customer: number.optional(),
  cursor: z.string().max(200).optional(),
});

export const orderEndpoints = ({ db }: Pick<ConsoleParts, 'db'>): Endpoint[] => [
  endpoint({
    method: 'get',
    path: '/orders',
    may: 'notices.read',
    query: filter,
    handle: async ({ query: { q, cursor, ...wanted } }) => {
      const [before] = cursor === undefined ? [undefined] : (readCursor(cursor, 1) ?? ['none']);
      if (typeof before === 'string') return noCursor;
      const asked = { ...wanted, number: q === '' ? undefined : q };
      const rows = await searched(db, (tx) => findOrders(tx, asked, oneMore(limit), before));
      return rows ? fine(pageOf(rows, limit, lineOf, ({ id }) => [id])) : tooMuch;
    },
  }),
  endpoint({
    method: 'get',
    path: '/orders/:id',
    may: 'notices.read',
    params: z.object({ id: number }),
    handle: async ({ params: { id } }) => {
      const order = await orderById(db, id);
      return order ? fine(await pageOfOrder(db, order)) : missing('order');
    },
  }),
];

const lineOf = ({ updated_at, ...rest }: ListedOrder): OrderLine => ({ ...rest, updatedAt: updated_at.toISOString() });

async function pageOfOrder(db: Database, { id, shop, number: n, state, customer, updatedAt, order }: KeptOrder) {
  const { tracking, lines = [] } = order;
  const [events, name] = await Promise.all([eventsOf(db, id), nameOf(db, customer)]);
  const page: OrderPage = {
    ...{ id, shop, state, customer, name, events, number: n, updatedAt: updatedAt.toISOString() },
    total: order.total ?? null,
    currency: order.currency ?? null,
    notices: events.filter(({ notice }) => notice).length,
    url: order.url ?? null,
    placedAt: order.placedAt === undefined ? null : new Date(order.placedAt).toISOString(),
    paymentMethod: order.paymentMethod ?? null,
    sums: { subtotal: order.subtotal ?? null, shipping: order.shipping ?? null, tax: order.tax ?? null },
    tracking: tracking
      ? { number: tracking.number ?? null, carrier: tracking.carrier ?? null, url: tracking.url ?? null }
      : null,
    lines: lines.map(({ title, subtitle, sku, quantity, price }) => ({
      ...{ title, quantity, price, subtitle: subtitle ?? null, sku: sku ?? null },
    })),
  };
  return page;
}

async function nameOf(db: Database, customer: number): Promise<string | null> {
  const row = await db.selectFrom('customers').select('name').where('id', '=', customer).executeTakeFirst();
  return row?.name ?? null;
}

/** What happened to it, the latest first, each with the notice that tells of it. */
async function eventsOf(db: Database, order: number): Promise<OrderPage['events']> {
  const [events, planned] = await Promise.all([eventsOfOrder(db, order, mostEvents), noticesOfOrder(db, order)]);
  const listed = await findNoticesByIds(
    db,
    planned.map(({ id }) => id),
  );
  const byId = new Map(listed.map((each) => [each.id, noticeLine(each)]));
  const byEvent = new Map(planned.map((each) => [each.orderEvent, byId.get(each.id)]));
  return events.map(({ id, type, at, receivedAt, told }) => ({
    ...{ id, type, at: at.toISOString(), receivedAt: receivedAt.toISOString(), told: whyNot(told) },
    notice: byEvent.get(id) ?? null,
  }));
}

const whyNot = (told: string | undefined): OrderPage['events'][number]['told'] =>
  told === 'silent' || told === 'overtaken' || told === 'too-old' ? told : null;
