import { type Kysely, sql } from 'kysely';

/** What operating needs: poison events set aside, replays, API keys, the audit, and indexes that stay small as tables grow. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // How often applying an event failed; one that keeps failing is set aside (outcome 'parked', applied_at says when).
  'alter table events add column attempts integer not null default 0, add column reason text',
  `create index events_parked on events (applied_at) where outcome = 'parked'`,
  // replays: how often an operator had it done again. failures: how often the code threw on it.
  `alter table deliveries add column replays integer not null default 0,
     add column failures integer not null default 0`,
  'drop index deliveries_parked',
  `create index deliveries_parked on deliveries (ended_at, target) where state = 'parked'`,
  // Set when an operator replays a bubble whose fate is not known: 'look-up', or 'resend' if the platform cannot tell.
  'alter table reply_parts add column replay text',
  `create index comments_open on comments (ticket) where state = 'started'`,
  // Keys are random, so a fast hash is enough. prefix is for telling them apart.
  `create table api_keys (
     id bigint generated always as identity primary key,
     name text not null,
     prefix text not null,
     digest bytea not null unique,
     scopes text[] not null,
     created_at timestamptz not null default now(),
     last_used_at timestamptz,
     revoked_at timestamptz)`,
  `create unique index api_keys_name on api_keys (name) where revoked_at is null`,
  // Who did what to what.
  `create table audit (
     id bigint generated always as identity primary key,
     at timestamptz not null default now(),
     who text not null,
     what text not null,
     subject text not null,
     detail jsonb not null default '{}')`,
];
