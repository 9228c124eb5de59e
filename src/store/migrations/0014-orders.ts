import { type Kysely, sql } from 'kysely';

/** Orders of the shop and what happened to them; the notices that tell customers of it, and each step of telling. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // An order as the shop last told it. `shop` is the name of the key or connection that told; amounts are in minor units.
  `create table orders (
     id bigint generated always as identity primary key,
     shop text not null,
     number text not null,
     customer bigint not null references customers,
     state text not null,
     currency text,
     total bigint,
     placed_at timestamptz,
     updated_at timestamptz not null,
     body jsonb not null,
     unique (shop, number))`,
  'create index orders_of on orders (customer, updated_at desc)',
  // What happened to an order, once for each key of the shop. `digest` is of what was told, so that a repeat is known from another event
  // under the same key; `told` is what became of it: a notice is planned, or why none is.
  `create table order_events (
     id bigint generated always as identity primary key,
     "order" bigint not null references orders,
     shop text not null,
     key text not null,
     type text not null,
     occurred_at timestamptz not null,
     received_at timestamptz not null default now(),
     digest bytea not null,
     body jsonb not null,
     told text,
     unique (shop, key))`,
  'create index order_events_of on order_events ("order", occurred_at, id)',
  // A file that goes with an event: an invoice. It waits, by its address or as the shop sent it (`content`), then is `stored` in the
  // vault or `failed`.
  `create table order_files (
     event bigint primary key references order_events,
     state text not null,
     url text,
     content bytea,
     name text not null,
     content_type text not null,
     storage_key text,
     bytes integer,
     reason text,
     attempts integer not null default 0)`,
  // Something to tell a customer. `event` names the texts (config/notices/); `variables` is what those may speak of and is empty where an
  // order event says it. `held`: its campaign has not let it go yet.
  `create table notices (
     id bigint generated always as identity primary key,
     customer bigint not null references customers,
     purpose text not null,
     priority smallint not null,
     event text not null,
     order_event bigint references order_events,
     campaign bigint,
     language text,
     variables jsonb,
     state text not null default 'waiting',
     reason text,
     not_before timestamptz not null default now(),
     expires_at timestamptz not null,
     dedupe_key text,
     created_at timestamptz not null default now(),
     sent_at timestamptz,
     ended_at timestamptz,
     conversation bigint references conversations,
     message bigint references messages)`,
  'create unique index notices_once on notices (dedupe_key) where dedupe_key is not null',
  // What is still to be sent, or stands unsure; narrow, however many have ended.
  `create index notices_open on notices (customer, id) where state in ('waiting', 'sending')`,
  `create index notices_due on notices (not_before) where state in ('waiting', 'sending')`,
  `create index notices_held on notices (campaign, id) where state = 'held'`,
  'create index notices_of_campaign on notices (campaign, state) where campaign is not null',
  'create index notices_of_event on notices (order_event) where order_event is not null',
  'create index notices_of_message on notices (message) where message is not null',
  'create index notices_of_customer on notices (customer, id desc)',
  // Each step of a chain: one account tried. `passed` was looked at and not tried.
  `create table notice_tries (
     id bigint generated always as identity primary key,
     notice bigint not null references notices,
     account text not null,
     conversation bigint not null references conversations,
     form text,
     message bigint references messages,
     state text not null,
     reason text,
     started_at timestamptz not null default now(),
     ended_at timestamptz)`,
  'create index notice_tries_of on notice_tries (notice, id)',
  'create unique index notice_tries_message on notice_tries (message) where message is not null',
];
