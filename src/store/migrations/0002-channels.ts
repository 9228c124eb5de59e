import { type Kysely, sql } from 'kysely';

/** What more channels need: other names of a platform user, tokens to answer with, groups, access tokens that expire. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // address: what the platform calls the customer by now, if no longer by platform_user. answer_token: given with the
  // customer's latest message, used once.
  `alter table conversations
     add column address text,
     add column answer_token text,
     add column answer_token_until timestamptz`,
  // Other ids under which a platform user's events may come: a new number, an id for all of a company's accounts…
  `create table aliases (
     account text not null,
     value text not null,
     platform_user text not null,
     kind text not null,
     created_at timestamptz not null default now(),
     primary key (account, value))`,
  // Groups that were told that they are not served.
  `create table declined_groups (
     account text not null,
     chat text not null,
     declined_at timestamptz not null default now(),
     primary key (account, chat))`,
  // Access tokens that expire, sealed; one replica renews, the others use what it got.
  `create table shared_tokens (
     key text primary key,
     sealed text not null,
     holds_until timestamptz not null,
     renewed_at timestamptz not null default now())`,
];
