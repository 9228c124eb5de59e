import { type Kysely, sql } from 'kysely';

/** The console: who may sign in, and who is signed in. */
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
  'create index audit_what on audit (what, id)',
  'create index audit_who on audit (who, id)',
];
