import { type Kysely, sql } from 'kysely';

/** Versions of the mapping; every message and ticket knows under which it was written. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // `text` is the file as it was written, its environment variables not filled in. One version is in force at a time.
  `create table mapping_versions (
     number integer primary key,
     text text not null,
     source text not null,
     who text not null,
     at timestamptz not null default now(),
     comment text,
     state text not null default 'in-force')`,
  `create unique index mapping_in_force on mapping_versions (state) where state = 'in-force'`,
  `create function mapping_now() returns integer language sql stable
     as 'select number from mapping_versions where state = ''in-force'''`,
  // First the column, then its default: rows that are there already stay without a version, and nothing is rewritten.
  // The default sees to it that no replica, of whatever age, writes a message without it.
  ...['messages', 'tickets'].flatMap((table) => [
    `alter table ${table} add column mapping integer`,
    `alter table ${table} alter column mapping set default mapping_now()`,
  ]),
  // What was last told to the helpdesk of who the customer is there (a digest of the fields).
  'alter table conversations add column person_fields text',
  // What the shop told of a customer, for routing and texts: `{ "orderState": "shipped" }`.
  `alter table customers add column attributes jsonb not null default '{}'`,
];
