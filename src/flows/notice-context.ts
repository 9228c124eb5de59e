import type { Order } from '../domain/order.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Notice } from '../store/notices.ts';
import { type OrderFile, orderFile } from '../store/order-files.ts';
import { type KeptOrder, type KeptOrderEvent, orderEventById } from '../store/orders.ts';
import type { ConnectedChannel, World } from './world.ts';

/** What a notice is about, as far as it is about an order. */
export interface NoticeSubject {
  order?: KeptOrder;
  event?: KeptOrderEvent;
  file?: OrderFile;
}

export async function subjectOf({ db }: Pick<World, 'db'>, notice: Notice): Promise<NoticeSubject> {
  if (notice.orderEvent === undefined) return {};
  const found = await orderEventById(db, notice.orderEvent);
  const file = await orderFile(db, notice.orderEvent);
  return { ...found, ...(file ? { file } : {}) };
}

/** What its texts may speak of (settings/notice-variables.ts names all of it). */
export function noticeContext(
  { noticing }: Pick<World, 'noticing'>,
  { channel }: Pick<ConnectedChannel, 'channel'>,
  { customer }: Pick<Conversation, 'customer'>,
  { order, event, file }: NoticeSubject,
  variables: Record<string, unknown>,
): Record<string, unknown> {
  return {
    ...(order ? orderContext(order.order, order.state) : {}),
    ...(event ? { details: event.details } : {}),
    ...(file ? { invoice: { name: file.name } } : {}),
    customer: namesOf(customer.profile),
    channel: { kind: channel.kind, label: channel.label },
    shop: { name: noticing.shopName },
    campaign: variables,
  };
}

const namesOf = ({ name, firstName, lastName }: Conversation['customer']['profile']) => ({
  ...(name ? { name } : {}),
  ...(firstName ? { firstName } : {}),
  ...(lastName ? { lastName } : {}),
});

/** An order as texts and the mapping know it. */
export function orderContext(order: Order, state: string): Record<string, unknown> {
  const { tracking, shippingAddress, lines = [], billingAddress: _, adjustments: __, ...rest } = order;
  return {
    order: {
      ...rest,
      state,
      count: lines.reduce((sum, { quantity }) => sum + quantity, 0),
      picture: lines.find(({ pictureUrl }) => pictureUrl)?.pictureUrl,
      lines: lines.map((line) => ({ ...line, sum: line.price * line.quantity })),
    },
    tracking: tracking ?? {},
    address: shippingAddress ?? {},
  };
}
