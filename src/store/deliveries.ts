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

export interface WaitingConversation {
  conversation: number;
  account: string;
  platformUser: string;
}

/** Conversations with something that waits for the target, by how long; only those that wait longer than `ms`. */
export async function waitingConversations(
  db: Queryable,
  target: string,
  most: number,
  ms = 0,
): Promise<WaitingConversation[]> {
  const { rows } = await sql<WaitingConversation>`
    select d.conversation, c.account, c.platform_user as "platformUser"
    from (select conversation, min(created_at) as since from deliveries
          where state = 'waiting' and target = ${target} group by conversation) d
    join conversations c on c.id = d.conversation
    where d.since <= now() - ${ms} * interval '1 millisecond'
    order by d.since limit ${most}`.execute(db);
  return rows;
}

/** Targets that something waits for. A walk over the index, however much waits. */
export async function targetsWaitedFor(db: Queryable): Promise<string[]> {
  const { rows } = await sql<{ target: string }>`
    with recursive each as (
      (select target from deliveries where state = 'waiting' order by target limit 1)
      union all
      select (select target from deliveries d where d.state = 'waiting' and d.target > each.target order by target limit 1)
      from each where each.target is not null)
    select target from each where target is not null`.execute(db);
  return rows.map(({ target }) => target);
}
