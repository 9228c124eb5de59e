import { type Kysely, sql } from 'kysely';

/**
 * Links to contacts keep how, by whom and since when they are; what the rules cannot decide is a question to a person; what
 * people decide is kept so that it can be undone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // `decided`: a person said so, and matching leaves it alone. `strength`: of the evidence (domain/evidence.ts).
  `alter table contact_links
     add column object text,
     add column name text,
     add column url text,
     add column strength text,
     add column decided boolean not null default false,
     add column by_whom text,
     add column linked_at timestamptz`,
  // The contact an entry was last written for.
  'alter table history_entries add column contact text',
  `update history_entries h set contact = l.contact
     from tickets t, conversations c, contact_links l
     where t.id = h.ticket and c.id = t.conversation and l.customer = c.customer and l.crm = h.crm and l.state = 'linked'`,
  // How the helpdesk's user was found, if not by our own key; and those a person said it is not.
  `alter table conversations
     add column person_evidence text,
     add column persons_refused jsonb not null default '[]'`,
  'create index conversations_of on conversations (customer)',
  'create index history_entries_of on history_entries (ticket)',
  // Who a customer was joined with: nothing new is said of them from then on.
  'alter table customers add column joined_with bigint references customers',
  // What waits for a person. `target`: `crm:{id}`, `helpdesk:{id}`; `conversation` where the answer is for one alone.
  `create table questions (
     id bigint generated always as identity primary key,
     customer bigint not null references customers,
     target text not null,
     conversation bigint references conversations,
     why text not null,
     candidates jsonb not null default '[]',
     state text not null default 'open',
     answer text,
     answered_by text,
     asked_at timestamptz not null default now(),
     answered_at timestamptz)`,
  `create unique index questions_open on questions (customer, target, coalesce(conversation, 0)) where state = 'open'`,
  // What people decided about who is who: every row it changed, as it was and as it became. `place`: when it came into
  // force, in the order of acts. `undone_by`: the act that undid it.
  `create table link_acts (
     id bigint generated always as identity primary key,
     at timestamptz not null default now(),
     who text not null,
     what text not null,
     customer bigint not null references customers,
     target text,
     why text,
     detail jsonb not null default '{}',
     changes jsonb not null,
     rows text[] not null,
     place bigint not null default 0,
     undoes bigint references link_acts,
     undone_by bigint references link_acts)`,
  'create index link_acts_rows on link_acts using gin (rows)',
  'create index link_acts_of on link_acts (customer, id)',
];
