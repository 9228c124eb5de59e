import { type Kysely, sql } from 'kysely';

/** A helpdesk that takes pushed resources tells the number of a ticket afterwards: it waits here until the ticket is finished. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tickets add column told_id text`.execute(db);
  await sql`create index tickets_told on tickets (conversation) where told_id is not null`.execute(db);
}
