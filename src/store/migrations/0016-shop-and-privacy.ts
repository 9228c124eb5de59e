import { type Kysely, sql } from 'kysely';

/** Webhooks to the shop; customers who are forgotten, with what was done where; proofs of consent that outlive them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // What the configuration says of each of the shop's addresses, so that whoever notes something need not know it.
  `create table shop_hooks (
     id text primary key,
     events text[] not null)`,
  // What is to be told to the shop: in the order of ids for each hook and customer. No foreign key points to the customer.
  `create table shop_webhooks (
     id bigint generated always as identity primary key,
     hook text not null,
     customer bigint not null,
     kind text not null,
     data jsonb not null,
     occurred_at timestamptz not null,
     created_at timestamptz not null default now(),
     state text not null default 'waiting',
     attempts integer not null default 0,
     next_at timestamptz not null default now(),
     reason text,
     ended_at timestamptz)`,
  `create index shop_webhooks_waiting on shop_webhooks (hook, customer, id) where state = 'waiting'`,
  `create index shop_webhooks_parked on shop_webhooks (hook, id) where state = 'parked'`,
  'create index shop_webhooks_of on shop_webhooks (customer)',
  // Somebody who is to be forgotten. `asked`: whom a platform named, until it is known who that is here.
  `create table erasures (
     id bigint generated always as identity primary key,
     code text not null unique,
     customer bigint,
     asked jsonb,
     asked_by text not null,
     asked_at timestamptz not null default now(),
     state text not null default 'waiting',
     ended_at timestamptz)`,
  `create index erasures_open on erasures (id) where state in ('waiting', 'working')`,
  'create index erasures_of on erasures (customer)',
  // What is to be done where. `ref` says of what, in ids alone, and is emptied when it is done.
  `create table erasure_steps (
     id bigint generated always as identity primary key,
     erasure bigint not null references erasures,
     place text not null,
     what text not null,
     ref jsonb,
     state text not null default 'waiting',
     count integer not null default 0,
     reason text,
     attempts integer not null default 0,
     ended_at timestamptz)`,
  'create index erasure_steps_of on erasure_steps (erasure, id)',
  // What a platform tells of somebody from before they were forgotten is not taken in once more. A keyed hash of their id.
  `create table erased_users (
     digest bytea primary key,
     erased_at timestamptz not null default now())`,
  // What proves that somebody once agreed, under a keyed hash of each of their addresses: `subject`.
  `create table consent_proofs (
     id bigint generated always as identity primary key,
     subjects bytea[] not null,
     channel text not null,
     purpose text not null,
     act text not null,
     source text not null,
     words text,
     at timestamptz not null,
     kept_since timestamptz not null default now())`,
  'create index consent_proofs_of on consent_proofs using gin (subjects)',
  // Which of our orders a shop means by its own id: some webhooks tell nothing else.
  `create table shop_orders (
     shop text not null,
     remote_id text not null,
     number text not null,
     primary key (shop, remote_id))`,
  'create index shop_orders_of on shop_orders (shop, number)',
  // Looked through when a customer is forgotten.
  'create index links_used_by on links (used_customer) where used_customer is not null',
  'create index tickets_follow_ups on tickets (follow_up_of) where follow_up_of is not null',
];
