import { type Kysely, sql } from 'kysely';

/** What each ticket last said of its conversation in its fields, and when that has to be looked at again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table ticket_signs (
    ticket bigint primary key references tickets (id),
    -- Whose facts were looked at: a conversation can come to be another customer's.
    customer bigint not null,
    -- As they stand at the helpdesk; empty while nothing was written.
    signs jsonb,
    -- When they were last written there.
    told_at timestamptz,
    -- The moment whose truth the look found.
    seen_at timestamptz not null,
    -- When they change by themselves: a window that closes.
    look_at timestamptz
  )`.execute(db);
  await sql`create index ticket_signs_seen on ticket_signs (seen_at)`.execute(db);
}
