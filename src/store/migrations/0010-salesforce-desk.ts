import { type Kysely, sql } from 'kysely';

/**
 * Streams of events that a helpdesk is listened to by: how far each was heard, and which replica listens. One that dies is
 * replaced when its time is over.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table streams (
    helpdesk text primary key,
    place text,
    holder text,
    held_until timestamptz
  )`.execute(db);
}
