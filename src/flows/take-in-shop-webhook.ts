import { sql } from 'kysely';
import type { Log } from '../kit/log.ts';
import type { Queue } from '../queue/queue.ts';
import type { Database, Tx } from '../store/database.ts';
import { insertArrivals, makeWebhookIds } from '../store/events.ts';
import { orderEventByKey } from '../store/orders.ts';
import { orderNumber, wasTold } from '../store/shop-orders.ts';
import type { ShopCustomer } from './customer-of-shop.ts';
import type { ConnectedShop, ShopEvent, ShopTold } from './shops/shop-kind.ts';
import { takeInOrderEvent } from './take-in-order-event.ts';

export interface ShopWebhook {
  shop: ConnectedShop;
  told: Extract<ShopTold, { delivery: string }>;
  body: Buffer;
  at: Date;
}

/** What became of a webhook. `unsupported` and `refused` are kept, and say why. */
export type ShopWebhookTaken = { result: 'taken' | 'repeat' } | { result: 'unsupported' | 'refused'; why: string };

interface Parts {
  db: Database;
  queue: Queue;
  log: Log;
}

/**
 * Takes in a shop's own webhook: raw body, a row that makes a second delivery a repeat, and the order events it tells, in one
 * transaction; only then it is answered. What an event is refused for is kept with it, and the rest is taken in.
 */
export function makeTakeInShop({ db, queue, log }: Parts) {
  const nextId = makeWebhookIds(db);
  return async (webhook: ShopWebhook): Promise<ShopWebhookTaken> => {
    const id = await nextId();
    const taken = await db.transaction().execute((tx) => takeIn(tx, { queue }, id, webhook));
    const { shop, told } = webhook;
    const why = 'why' in taken ? { why: taken.why } : {};
    log[taken.result === 'refused' ? 'warn' : 'info']('shop.webhook', {
      ...{ shop: shop.id, topic: told.topic, result: taken.result, ...why },
    });
    return taken;
  };
}

async function takeIn(
  tx: Tx,
  world: { queue: Queue },
  id: number,
  { shop, told, body, at }: ShopWebhook,
): Promise<ShopWebhookTaken> {
  const account = `shop:${shop.id}`;
  const key = `delivery:${told.delivery}`;
  const outcome = 'events' in told ? ('taken' as const) : ('unsupported' as const);
  const event = { type: `shop:${told.topic}`, at };
  const hook = { id, source: `shop:${shop.kind}`, account, body };
  const fresh = await insertArrivals(
    tx,
    [hook],
    [{ webhook: id, account, key, outcome, platformUser: null, event }],
    [],
  );
  if (fresh.size === 0) return { result: 'repeat' };
  const problems = 'events' in told ? await takeInAll(tx, world, shop, told.events) : [told.unsupported];
  if (problems.length === 0) return { result: 'taken' };
  const why = problems.join('; ');
  await sql`update events set outcome = 'unsupported', reason = ${why} where account = ${account} and key = ${key}`.execute(
    tx,
  );
  return { result: 'events' in told ? 'refused' : 'unsupported', why };
}

const only = ({ customerId }: ShopCustomer): ShopCustomer => ({ customerId });

/** Returns why some were not taken in. */
async function takeInAll(
  tx: Tx,
  world: { queue: Queue },
  shop: ConnectedShop,
  events: readonly ShopEvent[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const event of events) {
    await sql`savepoint shop_event`.execute(tx);
    const problem = await takeInOne(tx, world, shop, event);
    if (problem === undefined) continue;
    await sql`rollback to savepoint shop_event`.execute(tx);
    problems.push(problem);
  }
  return problems;
}

async function takeInOne(
  tx: Tx,
  world: { queue: Queue },
  shop: ConnectedShop,
  event: ShopEvent,
): Promise<string | undefined> {
  const { key, type, at, order, remoteId, customer, language, details, unlessTold } = event;
  const number = await orderNumber(tx, shop.id, remoteId, event.number);
  if (number === undefined) return `${type}: an order that was never told of`;
  // Shops tell of an order whenever anything about it changes; the same thing with other details is no second one.
  if (await orderEventByKey(tx, shop.id, key)) return undefined;
  const silent = unlessTold && (await wasTold(tx, shop.id, number, type));
  const told = { shop: shop.id, key, type, at, order: { ...order, number }, language, details };
  const take = (by: ShopEvent['customer']) =>
    takeInOrderEvent(tx, world, { ...told, customer: by, ...(silent ? { silent } : {}) });
  const taken = await take(customer);
  if (taken.result !== 'refused') return undefined;
  // A phone or an e-mail that several share says nothing: the shop's own id of them is enough.
  const again = taken.because === 'conflict' && customer?.customerId ? await take(only(customer)) : taken;
  return again.result === 'refused' ? `${type}: ${again.field}: ${again.why}` : undefined;
}
