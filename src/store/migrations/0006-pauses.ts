import { type Kysely, sql } from 'kysely';

/**
 * Budgets of calls, shared by all replicas. Targets that are down are paused as well as those whose account is broken; one
 * probe at a time finds out when they are back.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table target_states
    add column probe_at timestamptz not null default now()`.execute(db);
  // As the package rate-limiter-flexible wants it. Unlogged: what was counted before a crash is of no use after it.
  await sql`create unlogged table budgets (key varchar(255) primary key, points integer not null default 0, expire bigint)`.execute(
    db,
  );
}
