import { randomUUID } from 'node:crypto';
import { shopKey } from './account-data.ts';
import { BadAction } from './bad-action.ts';
import { channelOf } from './channels.ts';
import { boxWords, eventOf, type ToldType } from './shop-order.ts';
import type { World } from './world.ts';

interface ShopNotice {
  id: number;
  event: string;
  state: string;
  reason?: string;
}

/** An order as the shop page shows it. */
export interface ShopOrder {
  number: string;
  channel: string;
  user: string;
  /** Whether the box was ticked. */
  agreed: boolean;
  /** What the customer is told of it, the latest first. */
  notices: ShopNotice[];
}

/** The shop behind the page: it alone has the key of the API. */
export interface Shop {
  /** The latest first. */
  orders(): readonly ShopOrder[];
  /** The customer buys; with the box ticked they agree to hear of the order. */
  checkOut(bought: { channel: string; user: string; agrees: boolean }): Promise<{ number: string }>;
  /** Tells what happened to an order. */
  tell(number: string, type: ToldType): Promise<{ result: string }>;
  /** What the customer would be told of it, before it is. */
  preview(number: string, type: ToldType, language: string): Promise<{ title: string; text: string; language: string }>;
  close(): void;
}

/** Only of the newest orders is it asked what became of their notices, every second. */
const followed = 3;
const ended = ['read', 'failed', 'refused', 'expired', 'replaced'];

/** Opens the shop; `changed` is called when there is something new to show. */
export function openShop(world: World, changed: () => void): Shop {
  const orders: ShopOrder[] = [];
  const look = async () => {
    const open = orders.slice(0, followed).filter(({ notices }) => notices.some((each) => !ended.includes(each.state)));
    // What the service does not answer now it is asked again a second later.
    await Promise.all(open.map((order) => lookAfter(world, order).catch(() => undefined)));
    if (open.length > 0) changed();
  };
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    await look();
    looking = false;
  }, 1_000);
  return {
    orders: () => orders,
    checkOut: async ({ channel, user, agrees }) => {
      if (agrees) await tickBox(world, channel, user);
      const number = `A-${Date.now().toString(36).toUpperCase()}`;
      orders.unshift({ number, channel, user, agreed: agrees, notices: [] });
      return { number };
    },
    tell: async (number, type) => {
      const order = orders.find((each) => each.number === number);
      if (!order) throw new BadAction(`There is no order ${number}.`);
      const told = await ask(world, 'POST', '/v1/orders/events', eventOf(type, number, customerIdOf(order)));
      await lookAfter(world, order);
      return { result: String((told['results'] as { result: string }[])[0]?.result) };
    },
    preview: async (number, type, language) => {
      const order = orders.find((each) => each.number === number);
      if (!order) throw new BadAction(`There is no order ${number}.`);
      const { order: about } = eventOf(type, number, customerIdOf(order));
      const wish = { name: type, channel: order.channel, language, order: about };
      const { title, text, language: found } = await ask(world, 'POST', '/v1/notices/preview', wish);
      return { title: String(title), text: String(text), language: String(found) };
    },
    close: () => clearInterval(timer),
  };
}

const customerIdOf = ({ channel, user }: { channel: string; user: string }): string => `shop-${channel}-${user}`;

/** The box's `ref` is the token of a link, which says who they are at the shop and what they agree to. */
async function tickBox(world: World, channel: string, user: string): Promise<void> {
  const { simulator, account, sandbox } = channelOf(world.channels, channel);
  if (!simulator.customerTicksBox) throw new BadAction(`There is no such box on ${sandbox.label}.`);
  const link = await ask(world, 'POST', '/v1/links', {
    customerId: customerIdOf({ channel, user }),
    account,
    consents: [{ purpose: 'order-updates', words: boxWords }],
  });
  await simulator.customerTicksBox(user, { ref: String(link['token']), userRef: randomUUID() });
}

async function lookAfter(world: World, order: ShopOrder): Promise<void> {
  const { notices } = await ask(world, 'GET', `/v1/orders/${order.number}/notices`);
  order.notices = (notices as ShopNotice[]).map(({ id, event, state, reason }) => ({
    ...{ id, event, state },
    ...(reason === undefined ? {} : { reason }),
  }));
}

async function ask(world: World, method: 'GET' | 'POST', path: string, body?: object) {
  const response = await fetch(`${world.service.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${shopKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => undefined);
  if (!response) throw new BadAction(`The API does not answer (${method} ${path}).`);
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  if (response.ok) return answer;
  throw new BadAction(
    `The API answered ${response.status} (${method} ${path}): ${answer['detail'] ?? answer['title']}`,
  );
}
