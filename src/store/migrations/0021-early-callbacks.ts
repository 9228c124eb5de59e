import { type Kysely, sql } from 'kysely';

/** Callbacks about tickets that are not known here, or not yet: ours are known only once their creation was answered. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table early_callbacks (
    helpdesk text not null,
    ticket text not null,
    came_at timestamptz not null default now(),
    primary key (helpdesk, ticket)
  )`.execute(db);
}
