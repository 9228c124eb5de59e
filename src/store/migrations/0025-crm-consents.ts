import { type Kysely, sql } from 'kysely';

/** What CRMs hold of consents, as last seen there or written there. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // `name`: a field of the contact, a record, or our key of one we wrote (`consent:…`). `held` is what the CRM had when it was
  // last looked at or written; `wanted` what is being written just now. What differs from `held` there was changed there; what
  // differs from it here is still to be written.
  `create table crm_consents (
     crm text not null,
     customer bigint not null references customers,
     name text not null,
     contact text not null,
     channel text not null,
     purpose text not null,
     held text not null check (held in ('pending', 'granted', 'revoked', 'none')),
     wanted text check (wanted in ('pending', 'granted', 'revoked', 'none')),
     refused text,
     refused_at timestamptz,
     primary key (crm, customer, name))`,
  // When a customer's consents were read whole, of which contact.
  `create table crm_consent_reads (
     crm text not null,
     customer bigint not null references customers,
     contact text not null,
     read_at timestamptz not null,
     primary key (crm, customer))`,
  'create index contact_links_contact on contact_links (crm, contact)',
];
