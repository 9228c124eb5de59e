import { type Kysely, sql } from 'kysely';

/** What customers agreed to, with proof; what the gate let through; what a signed link lets its customer agree to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Append-only. `customer` is who it was at the time; `account` and `platform_user` where it was done in a chat: whoever they
  // are now, the act is theirs. `channel` is a kind, or * for all; `purpose` * is everything a business may send by itself.
  // `event` is the event's key within the account, `request_id` the caller's own id of it.
  `create table consents (
     id bigint generated always as identity primary key,
     customer bigint not null references customers,
     channel text not null,
     purpose text not null,
     act text not null check (act in ('asked', 'granted', 'revoked')),
     source text not null,
     words text,
     at timestamptz not null,
     recorded_at timestamptz not null default now(),
     by_whom text not null,
     account text,
     platform_user text,
     event text,
     message bigint,
     request_id text,
     request_digest bytea,
     ip inet)`,
  'create index consents_of on consents (customer, id)',
  'create index consents_by on consents (account, platform_user)',
  'create unique index consents_request on consents (by_whom, request_id) where request_id is not null',
  // What is told twice is one act.
  'create unique index consents_event on consents (account, event, channel, purpose, act) where event is not null',
  // What the acts come to; drawn from them anew whenever one is added or customers are joined or parted.
  `create table consent_states (
     customer bigint not null references customers,
     channel text not null,
     purpose text not null,
     state text not null check (state in ('pending', 'granted', 'revoked')),
     since timestamptz not null,
     act bigint not null references consents,
     primary key (customer, channel, purpose))`,
  `create index consent_states_granted on consent_states (purpose, channel, customer) where state = 'granted'`,
  // What the gate let through, one row for each thing sent however often it is tried; the row goes when it was not sent after all.
  `create table sendings (
     key text primary key,
     customer bigint not null references customers,
     conversation bigint not null references conversations,
     purpose text not null,
     priority integer not null,
     form text not null,
     digest bytea,
     at timestamptz not null)`,
  'create index sendings_of on sendings (customer, at)',
  // What whoever opens the link agrees to by that, and the words they were shown.
  `alter table links add column consents jsonb not null default '[]'`,
];
