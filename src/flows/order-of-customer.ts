import { days } from '../domain/duration.ts';
import type { MappingContext } from '../domain/mapping.ts';
import { money } from '../kit/money.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { type Notice, noticesOfOrder } from '../store/notices.ts';
import { eventsOfOrder, type KeptOrder, type KeptOrderEvent, latestOrders } from '../store/orders.ts';
import { tellAgents } from './tell-agents.ts';
import type { TicketWork } from './ticket-work.ts';

/** So long after the last that happened to it an order is what a customer may be writing about. */
const lately = days(60);

export async function latestOrderOf(db: Queryable, customer: number, at: Date): Promise<KeptOrder | undefined> {
  const [latest] = await latestOrders(db, customer, 1);
  return latest && at.getTime() - latest.updatedAt.getTime() <= lately ? latest : undefined;
}

/** An order as the mapping's expressions know it. */
export function orderVariables({ shop, state, updatedAt, order }: KeptOrder): NonNullable<MappingContext['order']> {
  const { number, url, currency, total, tracking } = order;
  return {
    ...{ number, state, shop, updatedAt: updatedAt.toISOString() },
    ...(url ? { url } : {}),
    ...(currency ? { currency } : {}),
    ...(total === undefined ? {} : { total }),
    ...(tracking?.number ? { tracking: tracking.number } : {}),
    ...(tracking?.url ? { trackingUrl: tracking.url } : {}),
  };
}

/** In the transaction that notes a new ticket: its agent sees the order, what happened to it, and what the customer was told. */
export async function tellOfOrder(tx: Tx, work: TicketWork, ticket: number): Promise<void> {
  const { world, connected, conversation } = work;
  const at = world.tools.clock.now();
  const order = await latestOrderOf(tx, conversation.customer.id, at);
  if (!order) return;
  const events = await eventsOfOrder(tx, order.id, 8);
  const notices = await noticesOfOrder(tx, order.id);
  await tellAgents(tx, world.queue, connected, {
    conversation: conversation.id,
    platformUser: conversation.platformUser,
    ticket,
    text: inWords(order, events, notices),
    at,
    cause: `order:${ticket}`,
  });
}

function inWords({ order, state }: KeptOrder, events: readonly KeptOrderEvent[], notices: readonly Notice[]): string {
  const { number, url, total, currency, tracking } = order;
  const costs = total !== undefined && currency ? `, ${money(total, currency)}` : '';
  const parcel = [tracking?.carrier, tracking?.number, tracking?.url].filter(Boolean).join(' ');
  const told = new Map(notices.flatMap((notice) => (notice.orderEvent ? [[notice.orderEvent, notice] as const] : [])));
  return [
    `🛍 The customer’s latest order: ${number} (${state}${costs})`,
    url,
    parcel && `Parcel: ${parcel}`,
    ...events.map((event) => line(event, told.get(event.id))),
  ]
    .filter(Boolean)
    .join('\n');
}

function line({ type, at, details }: KeptOrderEvent, notice: Notice | undefined): string {
  const why = details.reason ? ` (${details.reason})` : '';
  const told = notice ? `; the customer was told: ${notice.state}` : '';
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC ${type.slice('order.'.length)}${why}${told}`;
}
