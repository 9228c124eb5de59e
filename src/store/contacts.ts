import { sql } from 'kysely';
import type { Candidate, ContactObject } from '../domain/contact-match.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { ContactId } from '../domain/ids.ts';
import type { Queryable } from './database.ts';

/** The record a customer was found to be. */
export interface LinkedContact {
  id: ContactId;
  object: ContactObject;
  name?: string;
  url?: string;
}

/**
 * Who a customer is at a CRM, and how that is known. `ambiguous` waits for a person; `none`: there is none, and none is to be
 * made.
 */
export type ContactLink = (
  | { state: 'linked'; contact: LinkedContact }
  | { state: 'ambiguous'; candidates: Candidate[] }
  | {
      state: 'none';
      /** Whom a person said it is not. */
      refused?: Candidate[];
    }
) & {
  /** In words. */
  evidence: string;
  /** How sure what it rests on is. */
  strength?: Evidence;
  /** A person said so: matching leaves it alone. */
  decided?: boolean;
  /** `rule`, `cli:ann`, `key:shop`. */
  by?: string;
};

/** As it stands in the ledger. */
export type KeptLink = ContactLink & { checkedAt: Date; linkedAt: Date | undefined };

export async function contactLink(db: Queryable, customer: number, crm: string): Promise<KeptLink | undefined> {
  const row = await db
    .selectFrom('contact_links')
    .selectAll()
    .where('customer', '=', customer)
    .where('crm', '=', crm)
    .executeTakeFirst();
  return row && linkOf(row);
}

/** All links of a customer, by CRM. */
export async function contactLinks(db: Queryable, customer: number): Promise<Map<string, KeptLink>> {
  const rows = await db
    .selectFrom('contact_links')
    .selectAll()
    .where('customer', '=', customer)
    .orderBy('crm')
    .execute();
  return new Map(rows.map((row) => [row.crm, linkOf(row)]));
}

/**
 * Keeps what matching found, unless the customer has a contact by now or a person decided meanwhile. Returns what holds
 * then.
 */
export async function saveContactLink(
  db: Queryable,
  customer: number,
  crm: string,
  link: ContactLink,
): Promise<KeptLink> {
  const values = { ...columnsOf(link), checked_at: new Date() };
  await db
    .insertInto('contact_links')
    .values({ customer, crm, ...values })
    .onConflict((conflict) =>
      conflict
        .columns(['customer', 'crm'])
        .doUpdateSet(values)
        .where('contact_links.state', '<>', 'linked')
        .where('contact_links.decided', '=', false),
    )
    .execute();
  return (await contactLink(db, customer, crm))!;
}

/** Forgets the link to this contact, so that one is sought anew: it is gone. */
export async function dropContactLink(db: Queryable, customer: number, crm: string, contact: ContactId): Promise<void> {
  await db
    .deleteFrom('contact_links')
    .where('customer', '=', customer)
    .where('crm', '=', crm)
    .where('contact', '=', contact)
    .execute();
}

/** The contact is another record by now. */
export async function moveContactLinks(db: Queryable, crm: string, from: ContactId, to: ContactId): Promise<void> {
  await sql`update contact_links set contact = ${to}, object = 'Contact', url = null
    where crm = ${crm} and contact = ${from}`.execute(db);
}

export const columnsOf = (link: ContactLink) => ({
  state: link.state,
  contact: link.state === 'linked' ? link.contact.id : null,
  object: link.state === 'linked' ? link.contact.object : null,
  name: (link.state === 'linked' ? link.contact.name : undefined) ?? null,
  url: (link.state === 'linked' ? link.contact.url : undefined) ?? null,
  evidence: link.evidence,
  strength: link.strength ?? null,
  decided: link.decided ?? false,
  by_whom: link.by ?? 'rule',
  candidates: JSON.stringify(
    link.state === 'ambiguous' ? link.candidates : link.state === 'none' ? (link.refused ?? []) : [],
  ),
  linked_at: link.state === 'linked' ? new Date() : null,
});

interface Row {
  state: 'linked' | 'ambiguous' | 'none';
  contact: string | null;
  object: string | null;
  name: string | null;
  url: string | null;
  evidence: string;
  strength: string | null;
  decided: boolean;
  by_whom: string | null;
  candidates: unknown;
  checked_at: Date;
  linked_at: Date | null;
}

function linkOf(row: Row): KeptLink {
  const common = {
    evidence: row.evidence,
    ...(row.strength ? { strength: row.strength as Evidence } : {}),
    decided: row.decided,
    by: row.by_whom ?? 'rule',
    checkedAt: row.checked_at,
    linkedAt: row.linked_at ?? undefined,
  };
  if (row.state === 'none') return { ...common, state: 'none', refused: row.candidates as Candidate[] };
  if (row.state === 'ambiguous') return { ...common, state: 'ambiguous', candidates: row.candidates as Candidate[] };
  const contact = {
    id: row.contact as ContactId,
    // Links from before leads were matched are to contacts.
    object: (row.object ?? 'Contact') as ContactObject,
    ...(row.name ? { name: row.name } : {}),
    ...(row.url ? { url: row.url } : {}),
  };
  return { ...common, state: 'linked', contact };
}
