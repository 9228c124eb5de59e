import { sql } from 'kysely';
import type { Queryable } from './database.ts';

export interface EventConversation {
  account: string;
  platformUser: string;
}

/** Counts a failed try to apply an event; at `most` tries it is set aside. Returns the tries so far. */
export async function eventFailed(
  db: Queryable,
  id: number,
  reason: string,
  most: number,
): Promise<{ attempts: number; parked: boolean }> {
  const { rows } = await sql<{ attempts: number; parked: boolean }>`
    update events set attempts = attempts + 1, reason = ${reason},
      outcome = case when attempts + 1 >= ${most} then 'parked' else outcome end,
      applied_at = case when attempts + 1 >= ${most} then now() end
    where id = ${id} and applied_at is null
    returning attempts, outcome = 'parked' as parked`.execute(db);
  return rows[0] ?? { attempts: 0, parked: false };
}

export type EventScope = { event: number } | EventConversation | { since: Date; until: Date };

const condition = (scope: EventScope) => {
  if ('event' in scope) return sql`id = ${scope.event}`;
  if ('account' in scope) return sql`account = ${scope.account} and platform_user = ${scope.platformUser}`;
  return sql`received_at >= ${scope.since} and received_at < ${scope.until}`;
};

export async function countParkedEvents(db: Queryable, scope: EventScope): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from events where outcome = 'parked' and ${condition(scope)}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Parked events wait to be applied again. Returns whose they are, one row an event. */
export async function rearmEvents(db: Queryable, scope: EventScope): Promise<EventConversation[]> {
  const { rows } = await sql<EventConversation>`
    update events set outcome = 'taken', applied_at = null, attempts = 0, reason = null
    where outcome = 'parked' and ${condition(scope)}
    returning account, coalesce(platform_user, '') as "platformUser"`.execute(db);
  return rows;
}

/** Conversations with events in the scope that were never applied. */
export async function unappliedIn(db: Queryable, scope: { since: Date; until: Date }): Promise<EventConversation[]> {
  const { rows } = await sql<EventConversation>`
    select distinct account, platform_user as "platformUser" from events
    where applied_at is null and ${condition(scope)}`.execute(db);
  return rows;
}

/** False when it is not parked (any more). */
export async function discardEvent(db: Queryable, id: number, reason: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('events')
    .set({ outcome: 'discarded', reason })
    .where('id', '=', id)
    .where('outcome', '=', 'parked')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function parkedEventCounts(db: Queryable): Promise<{ account: string; parked: number }[]> {
  const { rows } = await sql<{ account: string; parked: number }>`
    select account, count(*)::int as parked from events where outcome = 'parked' group by account`.execute(db);
  return rows;
}
