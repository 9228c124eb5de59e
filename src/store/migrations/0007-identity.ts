import { type Kysely, sql } from 'kysely';

/**
 * What is known of a customer, each fact with how it is known; signed links of the shop; people who ticked a box before the
 * platform told who they are; codes that were mailed.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // `compared` is the form by which two are the same (domain/email.ts, domain/phone.ts). `event` is the key of the event
  // that told it, within the account. What is withdrawn stays, with who withdrew it and why.
  `create table facts (
     id bigint generated always as identity primary key,
     customer bigint not null references customers,
     kind text not null,
     value text not null,
     compared text not null,
     evidence text not null,
     by_whom text not null,
     account text,
     platform_user text,
     event text,
     told_at timestamptz not null default now(),
     withdrawn_at timestamptz,
     withdrawn_by text,
     withdrawn_why text)`,
  `create unique index facts_standing on facts (customer, kind, compared, evidence) where withdrawn_at is null`,
  `create index facts_sought on facts (kind, compared) where withdrawn_at is null`,
  'create index facts_of on facts (customer, id)',
  'create index facts_told on facts (account, event)',
  'create index identities_of on identities (customer)',
  // How the platform user is known to be this customer, as for a fact.
  `alter table identities add column by_whom text, add column event text, add column told_at timestamptz`,
  // What was kept before nothing tells how it was known: it counts as the weakest.
  `insert into facts (customer, kind, value, compared, evidence, by_whom)
     select id, 'email', email, lower(email), 'stated', 'customer' from customers where email is not null`,
  `insert into facts (customer, kind, value, compared, evidence, by_whom)
     select id, 'phone', phone, phone, 'stated', 'customer' from customers where phone is not null`,
  // Only the token's SHA-256 is kept. `accounts`: for which channel accounts it was made.
  `create table links (
     id text primary key,
     token_digest bytea not null unique,
     made_by text not null,
     request_key bytea,
     request_digest bytea not null,
     accounts text[] not null,
     shop_customer text not null,
     email text, phone text, name text, note text,
     created_at timestamptz not null default now(),
     expires_at timestamptz not null,
     used_at timestamptz,
     used_account text, used_platform_user text, used_event text,
     used_customer bigint references customers)`,
  'create unique index links_request on links (made_by, request_key)',
  // Tokens that nobody gave out, by who came with them.
  `create table wrong_tokens (
     account text not null,
     platform_user text not null,
     tries integer not null default 1,
     since timestamptz not null default now(),
     primary key (account, platform_user))`,
  // Somebody ticked a box on the shop's page; who they are at the platform is known when they answer.
  `create table user_refs (
     account text not null,
     user_ref text not null,
     ref text,
     opted_in_at timestamptz not null,
     platform_user text,
     primary key (account, user_ref))`,
  // A code that was mailed to find out whether an address is the customer's. `tries`: wrong answers; `mails`: how many codes were mailed.
  `create table mailed_codes (
     conversation bigint primary key references conversations,
     email text,
     code_digest bytea,
     state text not null,
     tries integer not null default 0,
     mails integer not null default 0,
     asked_at timestamptz not null default now(),
     mailed_at timestamptz,
     expires_at timestamptz)`,
  'create index mailed_codes_to on mailed_codes (lower(email)) where mailed_at is not null',
];
