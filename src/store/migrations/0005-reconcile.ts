import { type Kysely, sql } from 'kysely';

/** What is needed to find what platforms did not tell. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Each comparison of a platform's history with the ledger. `page` is how far one got that is still under way.
  `create table reconciliations (
     id bigint generated always as identity primary key,
     account text not null,
     why text not null,
     from_at timestamptz not null,
     to_at timestamptz not null,
     page text,
     seen integer not null default 0,
     known integer not null default 0,
     recovered integer not null default 0,
     missed integer not null default 0,
     problem text,
     started_at timestamptz not null default now(),
     ended_at timestamptz)`,
  'create index reconciliations_of on reconciliations (account, id)',
  // What was last found when looking whether the platform still calls us: by target, `channel:…` or `helpdesk:…`.
  `create table watches (
     target text primary key,
     subscribed boolean,
     why text,
     fix text,
     checked_at timestamptz not null default now(),
     silent_since timestamptz)`,
  // Since when another app owns the thread.
  'alter table conversations add column elsewhere_since timestamptz',
  // Since when a helpdesk's changes could not be read on.
  'alter table cursors add column failing_since timestamptz',
  // Of a kind that costs the door next to nothing: rows are written in the order of this column.
  'create index events_received on events using brin (received_at)',
];
