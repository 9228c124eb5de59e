import { z } from 'zod';
import type { ConnectedChannel } from '../../flows/world.ts';
import type { Database } from '../../store/database.ts';
import { triesOf } from '../../store/notice-tries.ts';
import { type Notice, noticeById, noticesOfOrder } from '../../store/notices.ts';
import { eventsOfOrder, type KeptOrder, orderOfEvent, ordersByNumber } from '../../store/orders.ts';
import type { Caller } from './credentials.ts';
import { type ApiAnswer, type Operation, operation } from './operation.ts';
import { noticeAnswer, noticeParams, noticesAnswer, orderAnswer, orderParams } from './order-schemas.ts';

const none = z.object({});

export interface OrderReadParts {
  db: Database;
  channels: ReadonlyMap<string, ConnectedChannel>;
}

const noOrder: ApiAnswer = { status: 404, detail: 'there is no order of this number' };
/** What another shop's key told is not there for this one. */
const orderFor = async ({ db }: OrderReadParts, { name }: Caller, number: string): Promise<KeptOrder | undefined> =>
  (await ordersByNumber(db, number, name))[0];

/** How an order stands, and what became of telling the customer. */
export const orderReadOperations = (parts: OrderReadParts): Operation[] => [
  operation({
    method: 'get',
    path: '/v1/orders/{number}',
    id: 'showOrder',
    summary: 'An order as it is known here',
    description: 'With what happened to it, the latest first. A key sees the orders that were told with it.',
    scope: 'orders',
    params: orderParams,
    query: none,
    body: undefined,
    answer: orderAnswer,
    handle: async ({ params, caller }) => {
      const order = await orderFor(parts, caller, params.number);
      return order ? { status: 200, body: await shownOrder(parts, order) } : noOrder;
    },
  }),
  operation({
    method: 'get',
    path: '/v1/orders/{number}/notices',
    id: 'showNoticesOfOrder',
    summary: 'What the customer was told of an order',
    description: 'The latest first, each with the ways that were tried.',
    scope: 'orders',
    params: orderParams,
    query: none,
    body: undefined,
    answer: noticesAnswer,
    handle: async ({ params, caller }) => {
      const order = await orderFor(parts, caller, params.number);
      if (!order) return noOrder;
      const notices = await noticesOfOrder(parts.db, order.id);
      return { status: 200, body: { notices: await Promise.all(notices.map((each) => shownNotice(parts, each))) } };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/notices/{id}',
    id: 'showNotice',
    summary: 'What became of a notice',
    description: 'Whether it waits, by which ways it was tried, and whether it was delivered and read.',
    scope: 'orders',
    params: noticeParams,
    query: none,
    body: undefined,
    answer: noticeAnswer,
    handle: async ({ params, caller }) => {
      const notice = await noticeById(parts.db, Number(params.id));
      const order = notice?.orderEvent === undefined ? undefined : await orderOfEvent(parts.db, notice.orderEvent);
      if (!notice || order?.shop !== caller.name) return { status: 404, detail: 'there is no notice of this id' };
      return { status: 200, body: await shownNotice(parts, notice) };
    },
  }),
];

async function shownOrder({ db }: OrderReadParts, { id, number, shop, state, updatedAt, order, customer }: KeptOrder) {
  const events = await eventsOfOrder(db, id, 200);
  return {
    ...{ number, shop, state, order, customer },
    updatedAt: updatedAt.toISOString(),
    events: events.map(({ id: event, type, at, receivedAt, told }) => ({
      ...{ id: event, type, occurredAt: at.toISOString(), receivedAt: receivedAt.toISOString() },
      ...(told ? { told } : {}),
    })),
  };
}

async function shownNotice({ db, channels }: OrderReadParts, notice: Notice) {
  const order = notice.orderEvent === undefined ? undefined : await orderOfEvent(db, notice.orderEvent);
  const tries = await triesOf(db, notice.id);
  return {
    ...{ id: notice.id, event: notice.event, state: notice.state, purpose: notice.purpose },
    ...(notice.reason ? { reason: notice.reason } : {}),
    ...(order ? { order: order.number } : {}),
    createdAt: notice.createdAt.toISOString(),
    ...(notice.state === 'waiting' ? { notBefore: notice.notBefore.toISOString() } : {}),
    expiresAt: notice.expiresAt.toISOString(),
    ...(notice.sentAt ? { sentAt: notice.sentAt.toISOString() } : {}),
    ...(notice.endedAt ? { endedAt: notice.endedAt.toISOString() } : {}),
    tries: tries.map(({ account, form, state, reason, startedAt }) => ({
      ...{ account, channel: channels.get(account)?.channel.kind ?? account, state, at: startedAt.toISOString() },
      ...(form ? { form } : {}),
      ...(reason ? { reason } : {}),
    })),
  };
}
