import { type Kysely, sql } from 'kysely';

/** Messages can be removed, here and where they were brought; files lent for a reply, and the token it answers with, are known to be its. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // When its words were taken out; the row stays, so that a repeat finds it.
  'alter table messages add column redacted_at timestamptz',
  // The message a lent file was sent with.
  'alter table published_files add column message bigint',
  `create index facts_stated on facts (account, event) where evidence = 'stated'`,
  // The customer's token that this bubble answers with, should it be tried again.
  'alter table reply_parts add column answer_token text, add column answer_token_until timestamptz',
  'create index published_files_of on published_files (message) where message is not null',
  // Copies that are to be deleted although their time is not over.
  `create index media_removed on media (message) where state = 'expired' and storage_key is not null`,
];
