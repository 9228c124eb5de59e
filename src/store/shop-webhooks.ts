import { sql } from 'kysely';
import type { ShopNote } from '../domain/shop-event.ts';
import type { Queryable, Tx } from './database.ts';

/** Brings the ledger's list of hooks to what the configuration says. What waits for one that is gone is given up. */
export async function syncHooks(
  db: Queryable,
  hooks: readonly { id: string; events: readonly string[] }[],
): Promise<void> {
  const ids = hooks.map(({ id }) => id);
  await sql`with gone as (delete from shop_hooks where id <> all(${ids}::text[]))
    update shop_webhooks set state = 'discarded', ended_at = now(), reason = 'this webhook is no longer configured'
    where state in ('waiting', 'parked') and hook <> all(${ids}::text[])`.execute(db);
  for (const { id, events } of hooks) {
    await sql`insert into shop_hooks (id, events) values (${id}, ${[...events]}::text[])
      on conflict (id) do update set events = excluded.events`.execute(db);
  }
}

/** Writes one row for each hook that wants to hear of it; nothing where none does. */
export async function addShopWebhooks(tx: Tx | Queryable, note: ShopNote): Promise<void> {
  const { kind, customer, at, ...data } = note;
  await sql`insert into shop_webhooks (hook, customer, kind, data, occurred_at)
    select id, ${customer}, ${kind}, ${JSON.stringify(data)}::jsonb, ${at} from shop_hooks
    where ${kind} = any(events)`.execute(tx);
}

/**
 * Notes that a customer wrote within seven days of a notice: of each of these messages, by the platform's ids, for the hooks that
 * want to hear of it.
 */
export async function addReplies(tx: Tx, conversation: number, platformIds: readonly string[]): Promise<void> {
  if (platformIds.length === 0) return;
  await sql`insert into shop_webhooks (hook, customer, kind, data, occurred_at)
    select h.id, c.customer, 'customer.replied', jsonb_build_object('account', c.account, 'conversation', c.id,
      'message', m.id, 'notice', n.id), m.occurred_at
    from shop_hooks h join conversations c on c.id = ${conversation} and 'customer.replied' = any(h.events)
      join messages m on m.conversation = c.id and m.platform_id = any(${[...platformIds]}::text[])
        and m.author = 'customer' and m.kind = 'said'
      join lateral (select id from notices n where n.customer = c.customer and n.state in ('sent', 'delivered', 'read')
        and n.conversation = c.id and n.created_at between m.occurred_at - interval '7 days' and m.occurred_at
        order by n.id desc limit 1) n on true
    order by m.id`.execute(tx);
}

export interface WaitingShopWebhook {
  id: number;
  customer: number;
  kind: string;
  data: Record<string, unknown>;
  at: Date;
  attempts: number;
  /** Milliseconds since it was noted. */
  age: number;
  /** Until its next try; 0 or less when it is due. */
  dueIn: number;
}

/** What waits for a hook and customer, the first first: the others wait for it. */
export async function waitingShopWebhooks(
  db: Queryable,
  hook: string,
  customer: number,
  limit: number,
): Promise<WaitingShopWebhook[]> {
  const { rows } = await sql<WaitingShopWebhook>`
    select id, customer, kind, data, occurred_at as at, attempts,
      extract(epoch from clock_timestamp() - created_at)::float8 * 1000 as age,
      extract(epoch from next_at - clock_timestamp())::float8 * 1000 as "dueIn"
    from shop_webhooks where hook = ${hook} and customer = ${customer} and state = 'waiting'
    order by id limit ${limit}`.execute(db);
  return rows;
}

/** Of each hook and customer with something due: those whose first in line is due, which is what the others wait for. */
export async function dueShopWebhooks(db: Queryable, limit: number): Promise<{ hook: string; customer: number }[]> {
  const { rows } = await sql<{ hook: string; customer: number }>`
    select hook, customer from (
      select distinct on (hook, customer) hook, customer, next_at from shop_webhooks
      where state = 'waiting' order by hook, customer, id) first
    where next_at <= now() order by next_at limit ${limit}`.execute(db);
  return rows;
}

export async function endShopWebhook(
  db: Queryable,
  id: number,
  state: 'done' | 'parked',
  reason?: string,
): Promise<void> {
  await db
    .updateTable('shop_webhooks')
    .set({ state, reason: reason ?? null, ended_at: new Date() })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute();
}

/** It was tried in vain, and is tried again after `ms`. */
export async function shopWebhookLater(db: Queryable, id: number, ms: number, reason: string): Promise<void> {
  await sql`update shop_webhooks set attempts = attempts + 1, reason = ${reason},
      next_at = now() + ${ms} * interval '1 millisecond'
    where id = ${id} and state = 'waiting'`.execute(db);
}

export interface ParkedShopWebhook {
  id: number;
  hook: string;
  customer: number;
  kind: string;
  reason: string | null;
  at: Date;
}

export async function parkedShopWebhooks(db: Queryable, limit: number): Promise<ParkedShopWebhook[]> {
  return db
    .selectFrom('shop_webhooks')
    .select(['id', 'hook', 'customer', 'kind', 'reason', 'occurred_at as at'])
    .where('state', '=', 'parked')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Lets parked ones be sent once more, or gives them up. Returns how many. */
export async function settleParked(
  db: Queryable,
  ids: readonly number[] | 'all',
  to: 'waiting' | 'discarded',
): Promise<number> {
  const { rows } = await sql`update shop_webhooks set state = ${to}, attempts = 0, next_at = now(), created_at = now(),
      ended_at = ${to === 'discarded' ? new Date() : null}
    where state = 'parked' ${ids === 'all' ? sql`` : sql`and id = any(${[...ids]}::bigint[])`} returning id`.execute(
    db,
  );
  return rows.length;
}
