import { sql } from 'kysely';
import type { Target } from '../domain/target.ts';
import type { Queryable } from './database.ts';
import type { DeliveryState } from './tables.ts';

export interface Ended {
  message: number;
  /** From commit to now, in milliseconds. */
  ms: number;
}

/** Ends deliveries that wait. Returns those it ended, with how long each took. */
export async function endDeliveries(
  db: Queryable,
  target: Target,
  messages: readonly number[],
  state: Exclude<DeliveryState, 'waiting'>,
  reason?: string,
): Promise<Ended[]> {
  if (messages.length === 0) return [];
  const { rows } = await sql<{ message: number; ms: number }>`
    update deliveries set state = ${state}, reason = ${reason ?? null}, ended_at = now(), attempts = attempts + 1
    where target = ${target} and message = any(${messages}::bigint[]) and state = 'waiting'
    returning message, extract(epoch from now() - created_at)::float8 * 1000 as ms`.execute(db);
  return rows;
}

/** What had arrived as far as the target said, but did not after all. */
export async function parkDelivery(tx: Queryable, target: Target, message: number, reason: string): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ state: 'parked', reason, ended_at: new Date() })
    .where('target', '=', target)
    .where('message', '=', message)
    .execute();
}

export async function noteAttempt(
  db: Queryable,
  target: Target,
  messages: readonly number[],
  reason: string,
): Promise<void> {
  if (messages.length === 0) return;
  await sql`update deliveries set attempts = attempts + 1, reason = ${reason}
    where target = ${target} and message = any(${messages}::bigint[])`.execute(db);
}

/** Whether a message still waits to reach a target. */
export async function isWaiting(db: Queryable, target: Target, message: number): Promise<boolean> {
  const row = await db
    .selectFrom('deliveries')
    .select('state')
    .where('target', '=', target)
    .where('message', '=', message)
    .executeTakeFirst();
  return row?.state === 'waiting';
}

export interface Backlog {
  target: string;
  waiting: number;
  parked: number;
  /** Age of the oldest that waits, in seconds. */
  oldest: number;
}

export async function backlogs(db: Queryable): Promise<Backlog[]> {
  const { rows } = await sql<Backlog>`
    select target, count(*) filter (where state = 'waiting')::int as waiting,
           count(*) filter (where state = 'parked')::int as parked,
           coalesce(extract(epoch from now() - min(created_at) filter (where state = 'waiting')), 0)::float8 as oldest
    from deliveries where state in ('waiting', 'parked') group by target`.execute(db);
  return rows;
}

/** Conversations with deliveries that wait longer than `ms`, for which no job may be left. */
export async function forgottenDeliveries(
  db: Queryable,
  ms: number,
): Promise<{ target: string; conversation: number; account: string; platformUser: string }[]> {
  const { rows } = await sql<{ target: string; conversation: number; account: string; platformUser: string }>`
    select distinct d.target, d.conversation, c.account, c.platform_user as "platformUser"
    from deliveries d join conversations c on c.id = d.conversation
    where d.state = 'waiting' and d.created_at < now() - ${ms} * interval '1 millisecond' limit 1000`.execute(db);
  return rows;
}
