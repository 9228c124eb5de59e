import { type Kysely, sql } from 'kysely';

/** What the console finds conversations and people by: plain indexes that every Postgres has. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create index messages_words on messages
     using gin (to_tsvector('simple'::regconfig, jsonb_path_query_array(parts, '$[*].text'))) where kind = 'said'`,
  `create index customers_words on customers using gin (to_tsvector('simple'::regconfig, coalesce(name, '')))`,
  'create index conversations_by_latest on conversations (coalesce(last_customer_at, created_at) desc, id desc)',
  'create index conversations_user on conversations (platform_user text_pattern_ops)',
  'create index tickets_number on tickets (remote_id text_pattern_ops)',
  'create index orders_number on orders (lower(number) text_pattern_ops)',
  `create index deliveries_parked_of on deliveries (conversation) where state = 'parked'`,
  `create index questions_asked on questions (id) where state = 'open'`,
];
