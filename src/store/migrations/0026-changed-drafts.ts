import { type Kysely, sql } from 'kysely';

/** Whoever changed a draft: like whoever made it, they may not approve of it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table campaigns add column changed_by text[] not null default '{}'`.execute(db);
}
