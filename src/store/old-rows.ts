import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** What a step along a table by id looked at, and what it deleted. `last` is where the next one goes on. */
export interface Step {
  looked: number;
  deleted: number;
  last: number;
}

/**
 * Deletes raw webhooks older than `before`, among the next `size` by id. Ids grow with time, nearly: each replica takes
 * them in blocks. So no index on the time is needed, which the door would have to keep.
 */
export async function deleteOldWebhooks(db: Queryable, before: Date, after: number, size: number): Promise<Step> {
  const { rows } = await sql<Step>`
    with page as materialized (select id, received_at from webhooks where id > ${after} order by id limit ${size}),
      gone as (delete from webhooks w using page p where w.id = p.id and p.received_at < ${before} returning w.id)
    select (select count(*) from page)::int as looked, (select count(*) from gone)::int as deleted,
      coalesce((select max(id) from page), ${after})::bigint as last`.execute(db);
  return rows[0]!;
}

/**
 * Deletes events received before `before` with which nothing is left to do, likewise. One that waits, or is parked for a
 * person, stays however old.
 */
export async function deleteOldEvents(db: Queryable, before: Date, after: number, size: number): Promise<Step> {
  const { rows } = await sql<Step>`
    with page as materialized (
        select id, received_at, applied_at, outcome from events where id > ${after} order by id limit ${size}),
      gone as (delete from events e using page p where e.id = p.id and p.received_at < ${before}
        and p.applied_at is not null and p.outcome <> 'parked' returning e.id)
    select (select count(*) from page)::int as looked, (select count(*) from gone)::int as deleted,
      coalesce((select max(id) from page), ${after})::bigint as last`.execute(db);
  return rows[0]!;
}
