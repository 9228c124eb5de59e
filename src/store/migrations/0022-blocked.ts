import { type Kysely, sql } from 'kysely';

/** Customers whose messages an agent no longer wants on tickets. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table conversations
    -- Since when an agent blocks it; empty: nobody does.
    add column blocked_at timestamptz,
    -- Their name.
    add column blocked_by text,
    -- What was written is spam.
    add column spam boolean not null default false`.execute(db);
}
