import { type Kysely, sql } from 'kysely';
import { step } from '../../kit/step.ts';

/** The first ledger. Times are the platform's (`occurred_at`) and ours (`received_at`), both kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) {
    await sql.raw(statement).execute(db);
    step('start.migrating');
  }
}

const statements = [
  // Ids are handed out in blocks of 1,000, so that the door need not ask for each.
  'create sequence webhook_ids increment 1000',
  // Every verified webhook as it came. No foreign key points here: the door writes it for each webhook.
  `create table webhooks (
     id bigint primary key,
     source text not null,
     account text,
     received_at timestamptz not null default now(),
     body bytea not null)`,
  // What the webhooks told. (account, key) is what makes a second delivery a repeat. An account that is not
  // configured is written as '?kind:address'.
  `create table events (
     id bigint generated always as identity primary key,
     webhook bigint not null,
     account text not null,
     key text not null,
     type text not null,
     outcome text not null,
     platform_user text,
     occurred_at timestamptz not null,
     received_at timestamptz not null default now(),
     body jsonb not null,
     applied_at timestamptz,
     unique (account, key))`,
  'create index events_waiting on events (account, platform_user, id) where applied_at is null',
  `create table customers (
     id bigint generated always as identity primary key,
     name text, first_name text, last_name text, email text, phone text, locale text, picture_url text,
     created_at timestamptz not null default now())`,
  // Who a platform user is, and how we know.
  `create table identities (
     id bigint generated always as identity primary key,
     account text not null,
     platform_user text not null,
     customer bigint not null references customers,
     evidence text not null,
     detail jsonb not null default '{}',
     created_at timestamptz not null default now(),
     unique (account, platform_user))`,
  // last_customer_at opens the messaging window; person is the customer at the helpdesk.
  `create table conversations (
     id bigint generated always as identity primary key,
     account text not null,
     platform_user text not null,
     customer bigint not null references customers,
     last_customer_at timestamptz,
     profile_at timestamptz,
     delivered_until timestamptz,
     read_until timestamptz,
     person text,
     created_at timestamptz not null default now(),
     unique (account, platform_user))`,
  `create table tickets (
     id bigint generated always as identity primary key,
     conversation bigint not null references conversations,
     helpdesk text not null,
     external_id text not null unique,
     remote_id text,
     state text not null default 'opening',
     follow_up_of bigint references tickets,
     last_comment_read text,
     created_at timestamptz not null default now(),
     opened_at timestamptz)`,
  'create unique index tickets_remote on tickets (helpdesk, remote_id)',
  'create index tickets_of on tickets (conversation, id)',
  // comment_id: the agent's comment a reply was made from.
  `create table messages (
     id bigint generated always as identity primary key,
     conversation bigint not null references conversations,
     kind text not null,
     author text not null,
     platform_id text,
     comment_id text,
     ticket bigint references tickets,
     parts jsonb not null,
     reply_to text,
     detail jsonb not null default '{}',
     occurred_at timestamptz not null,
     received_at timestamptz not null default now(),
     late boolean not null default false)`,
  'create unique index messages_platform on messages (conversation, platform_id)',
  'create unique index messages_comment on messages (ticket, comment_id)',
  'create index messages_of on messages (conversation, occurred_at, id)',
  // What has to reach whom: one row for each message and target (`helpdesk:id`, `crm:id`, `channel:id`).
  `create table deliveries (
     message bigint not null references messages,
     target text not null,
     conversation bigint not null,
     state text not null default 'waiting',
     reason text,
     attempts integer not null default 0,
     created_at timestamptz not null default now(),
     ended_at timestamptz,
     primary key (message, target))`,
  `create index deliveries_waiting on deliveries (target, conversation) where state = 'waiting'`,
  `create index deliveries_parked on deliveries (target) where state = 'parked'`,
  `create table media (
     message bigint not null references messages,
     position integer not null,
     state text not null,
     storage_key text, name text not null, content_type text, bytes bigint, reason text,
     primary key (message, position))`,
  // Each comment we write, noted before the call: what is still 'started' after a crash is looked up by its marker.
  `create table comments (
     id bigint generated always as identity primary key,
     ticket bigint not null references tickets,
     kind text not null,
     marker text not null unique,
     messages bigint[] not null,
     request jsonb not null,
     state text not null default 'started',
     remote_id text,
     started_at timestamptz not null default now(),
     ended_at timestamptz)`,
  'create index comments_of on comments (ticket, started_at)',
  // Each bubble of a reply, likewise.
  `create table reply_parts (
     id bigint generated always as identity primary key,
     message bigint not null references messages,
     conversation bigint not null,
     position integer not null,
     body jsonb not null,
     marker text not null unique,
     state text not null default 'waiting',
     platform_id text,
     reason text,
     started_at timestamptz, sent_at timestamptz, delivered_at timestamptz, read_at timestamptz,
     unique (message, position))`,
  'create index reply_parts_platform on reply_parts (conversation, platform_id)',
  `create index reply_parts_open on reply_parts (conversation, message, position) where state in ('waiting', 'sending')`,
  `create table contact_links (
     id bigint generated always as identity primary key,
     customer bigint not null references customers,
     crm text not null,
     state text not null,
     contact text,
     evidence text not null,
     candidates jsonb not null default '[]',
     checked_at timestamptz not null default now(),
     unique (customer, crm))`,
  `create table history_entries (
     id bigint generated always as identity primary key,
     ticket bigint not null references tickets,
     crm text not null,
     key text not null,
     digest text not null,
     remote_id text,
     written_at timestamptz not null default now(),
     unique (crm, key))`,
  // How far each helpdesk's changes were read.
  `create table cursors (
     helpdesk text primary key,
     cursor text not null,
     read_at timestamptz not null default now())`,
  // Accounts whose token died or permission is missing; a row goes when a call succeeds again.
  `create table target_states (
     target text primary key,
     state text not null,
     reason text not null,
     since timestamptz not null default now())`,
];
