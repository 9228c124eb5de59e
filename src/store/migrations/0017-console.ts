import { type Kysely, sql } from 'kysely';

/** The console: who may sign in, who is signed in, and the figures of the overview. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // source: 'configuration' (console.admins), 'command-line', or 'oidc'. password: an argon2id hash in PHC form; null for those
  // who sign in by OIDC alone. email is kept in lower case.
  `create table console_users (
     id bigint generated always as identity primary key,
     email text not null unique,
     name text,
     role text not null,
     source text not null,
     password text,
     oidc_subject text unique,
     created_at timestamptz not null default now(),
     signed_in_at timestamptz,
     disabled_at timestamptz)`,
  // id: the SHA-256 of what the browser holds.
  `create table console_sessions (
     id bytea primary key,
     "user" bigint not null references console_users on delete cascade,
     created_at timestamptz not null default now(),
     seen_at timestamptz not null default now(),
     way text not null,
     address text,
     browser text)`,
  'create index console_sessions_user on console_sessions ("user")',
  // What the overview draws: how many of something in each minute of the last hours and each hour of the last weeks. measure: in, out,
  // delivery, ticket, reply; label: the account, the target and outcome, the seconds it took.
  `create table figures (
     period text not null,
     at timestamptz not null,
     measure text not null,
     label text not null,
     n bigint not null,
     primary key (period, at, measure, label))`,
  // Until when they were counted.
  'create table figures_counted (one boolean primary key default true check (one), until timestamptz not null)',
  'create index conversations_latest on conversations (account, last_customer_at) where last_customer_at is not null',
  'create index messages_received on messages using brin (received_at) with (pages_per_range = 16)',
  `create index messages_answers on messages (received_at) where author <> 'customer' and kind = 'said'`,
  'create index deliveries_ended on deliveries using brin (ended_at) with (pages_per_range = 16)',
  'create index audit_what on audit (what, id)',
  'create index audit_who on audit (who, id)',
  'create index audit_subject on audit (subject, id)',
];
