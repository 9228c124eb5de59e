import { sql } from 'kysely';
import type { Target } from '../domain/target.ts';
import type { Queryable, Tx } from './database.ts';
import type { DeliveryState } from './tables.ts';

export interface Ended {
  message: number;
  /** From commit to now, in milliseconds. */
  ms: number;
}

/** Ends deliveries that wait; what turns out to be done is done even if it was parked. Returns those it ended, with how long each took. */
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
    where target = ${target} and message = any(${messages}::bigint[])
      and (state = 'waiting' or (state = 'parked' and ${state} = 'done'))
    returning message, extract(epoch from now() - created_at)::float8 * 1000 as ms`.execute(db);
  return rows;
}

/** A ticket was opened: what was passed over for want of one, but is to be seen on the next, waits again. */
export async function waitForTicketOpened(tx: Tx, target: Target, conversation: number): Promise<void> {
  await sql`update deliveries d set state = 'waiting', reason = null, ended_at = null, created_at = now()
    from messages m where m.conversation = ${conversation} and m.kind = 'note' and m.ticket is null
      and m.detail @> '{"forNextTicket": true}' and d.message = m.id and d.target = ${target}
      and d.state = 'skipped'`.execute(tx);
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

/** Counts that the code threw on these. Returns the most failures one of them has. */
export async function noteFailure(
  db: Queryable,
  target: Target,
  messages: readonly number[],
  reason: string,
): Promise<number> {
  const { rows } = await sql<{ failures: number }>`
    update deliveries set failures = failures + 1, attempts = attempts + 1, reason = ${reason}
    where target = ${target} and message = any(${messages}::bigint[]) and state = 'waiting'
    returning failures`.execute(db);
  return Math.max(0, ...rows.map(({ failures }) => failures));
}

/** What was parked of a ticket is there after all: it came with an entry that holds the whole ticket. */
export async function endParkedOf(db: Queryable, target: Target, ticket: number): Promise<void> {
  await sql`
    update deliveries d set state = 'done', reason = null, ended_at = now() from messages m
    where m.ticket = ${ticket} and m.kind = 'said' and d.message = m.id and d.target = ${target}
      and d.state = 'parked'`.execute(db);
}

/** How often an operator had a message done again for a target. */
export async function replaysOf(db: Queryable, target: Target, message: number): Promise<number> {
  const row = await db
    .selectFrom('deliveries')
    .select('replays')
    .where('target', '=', target)
    .where('message', '=', message)
    .executeTakeFirst();
  return row?.replays ?? 0;
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

/** Each state by the index of just that state: what is done is not read. */
export async function backlogs(db: Queryable): Promise<Backlog[]> {
  const { rows } = await sql<Backlog>`
    select target, sum(waiting)::int as waiting, sum(parked)::int as parked,
           coalesce(extract(epoch from now() - min(oldest)), 0)::float8 as oldest
    from (
      select target, count(*) as waiting, 0 as parked, min(created_at) as oldest
      from deliveries where state = 'waiting' group by target
      union all
      select target, 0, count(*), null from deliveries where state = 'parked' group by target
    ) each group by target`.execute(db);
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
