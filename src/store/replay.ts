import { type RawBuilder, sql } from 'kysely';
import type { Queryable, Tx } from './database.ts';

/** Which messages an operator means. A range is by when they were taken in. */
export type ReplayScope =
  | { message: number }
  | { conversation: number }
  | { since: Date; until: Date }
  /** One parked delivery. */
  | { message: number; target: string };

export interface ParkedDelivery {
  message: number;
  target: string;
  conversation: number;
  /** Bubbles of a reply of which nobody knows whether they arrived. */
  unsure: number;
}

const condition = (scope: ReplayScope, target: string | undefined): RawBuilder<unknown> => {
  const only = 'target' in scope ? scope.target : target;
  const where =
    'message' in scope
      ? sql`d.message = ${scope.message}`
      : 'conversation' in scope
        ? sql`d.conversation = ${scope.conversation}`
        : sql`d.created_at >= ${scope.since} and d.created_at < ${scope.until}`;
  return only ? sql`${where} and d.target = ${only}` : where;
};

/** Parked deliveries in a scope, oldest message first. */
export async function parkedIn(
  db: Queryable,
  scope: ReplayScope,
  target: string | undefined,
  limit: number,
): Promise<ParkedDelivery[]> {
  const { rows } = await sql<ParkedDelivery>`
    select d.message, d.target, d.conversation,
      (select count(*) from reply_parts p where p.message = d.message and p.state = 'unsure'
        and d.target like 'channel:%')::int as unsure
    from deliveries d where d.state = 'parked' and ${condition(scope, target)}
    order by d.message, d.target limit ${limit}`.execute(db);
  return rows;
}

/** Conversations in a scope for which something waits: their jobs may be lost. */
export async function waitingIn(
  db: Queryable,
  scope: ReplayScope,
  target: string | undefined,
): Promise<{ conversation: number; target: string; account: string; platformUser: string }[]> {
  const { rows } = await sql<{ conversation: number; target: string; account: string; platformUser: string }>`
    select distinct d.conversation, d.target, c.account, c.platform_user as "platformUser"
    from deliveries d join conversations c on c.id = d.conversation
    where d.state = 'waiting' and ${condition(scope, target)}`.execute(db);
  return rows;
}

/** How many are done or skipped already, and stay so. Not told of a range: that would read all of it. */
export async function settledIn(
  db: Queryable,
  scope: Exclude<ReplayScope, { since: Date }>,
  target: string | undefined,
): Promise<number> {
  const only = 'target' in scope ? scope.target : target;
  const messages =
    'message' in scope
      ? sql`d.message = ${scope.message}`
      : sql`d.message in (select id from messages where conversation = ${scope.conversation})`;
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from deliveries d where d.state in ('done', 'skipped') and ${messages}
    ${only ? sql`and d.target = ${only}` : sql``}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Whether there is such a delivery or event, in whatever state. */
export async function isKnown(
  db: Queryable,
  key: { event: number } | { message: number; target: string },
): Promise<boolean> {
  const { rows } = await ('event' in key
    ? sql`select 1 from events where id = ${key.event}`
    : sql`select 1 from deliveries where message = ${key.message} and target = ${key.target}`
  ).execute(db);
  return rows.length > 0;
}

/** Back to waiting. Only what is parked still: whoever comes second changes nothing. Returns what it changed. */
export async function rearmDeliveries(
  tx: Tx,
  found: readonly Pick<ParkedDelivery, 'message' | 'target'>[],
): Promise<{ message: number; target: string; conversation: number; account: string; platformUser: string }[]> {
  const { rows } = await sql<{
    message: number;
    target: string;
    conversation: number;
    account: string;
    platformUser: string;
  }>`
    update deliveries d set state = 'waiting', reason = null, ended_at = null, attempts = 0, failures = 0, replays = replays + 1
    from conversations c, unnest(${found.map(({ message }) => message)}::bigint[], ${found.map(({ target }) => target)}::text[])
      as wanted (message, target)
    where d.message = wanted.message and d.target = wanted.target and d.state = 'parked' and c.id = d.conversation
    returning d.message, d.target, d.conversation, c.account, c.platform_user as "platformUser"`.execute(tx);
  return rows;
}

/**
 * Bubbles that failed wait again; one whose fate is not known is looked up first, as if its send had just gone
 * unanswered. What was sent stays sent.
 */
export async function rearmReplyParts(tx: Tx, messages: readonly number[], resendUnsure: boolean): Promise<void> {
  if (messages.length === 0) return;
  await sql`
    update reply_parts set reason = null, state = case state when 'unsure' then 'sending' else 'waiting' end,
      replay = case state when 'unsure' then ${resendUnsure ? 'resend' : 'look-up'} end
    where message = any(${messages}::bigint[]) and state in ('failed', 'unsure')`.execute(tx);
}

/** What comes to the ticket after something that was said later says so. */
export async function markLate(tx: Tx, messages: readonly number[]): Promise<void> {
  if (messages.length === 0) return;
  await sql`
    update messages m set late = true where m.id = any(${messages}::bigint[]) and m.kind = 'said' and exists (
      select 1 from messages later where later.conversation = m.conversation and later.occurred_at > m.occurred_at
        and later.ticket is not null)`.execute(tx);
}

/** Parked → skipped. Undefined when it is not parked (any more). */
export async function discardDelivery(
  tx: Tx,
  { message, target }: { message: number; target: string },
  reason: string,
): Promise<{ conversation: number } | undefined> {
  return tx
    .updateTable('deliveries')
    .set({ state: 'skipped', reason, ended_at: new Date() })
    .where('message', '=', message)
    .where('target', '=', target)
    .where('state', '=', 'parked')
    .returning('conversation')
    .executeTakeFirst();
}
