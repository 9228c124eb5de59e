import { type Kysely, sql } from 'kysely';

/** Targets that are down are paused as well as those whose account is broken; one probe at a time finds out when they are back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table target_states
    add column probe_at timestamptz not null default now()`.execute(db);
}
