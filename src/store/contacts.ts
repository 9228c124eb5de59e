import type { ContactId } from '../domain/ids.ts';
import type { Queryable } from './database.ts';

/** The contact a customer was found to be. `ambiguous` waits for a person; `none`: there is none and none is to be made. */
export type ContactLink =
  | { state: 'linked'; contact: ContactId; evidence: string }
  | { state: 'ambiguous'; candidates: { id: string; name?: string }[]; evidence: string }
  | { state: 'none'; evidence: string };

export async function contactLink(
  db: Queryable,
  customer: number,
  crm: string,
): Promise<(ContactLink & { checkedAt: Date }) | undefined> {
  const row = await db
    .selectFrom('contact_links')
    .selectAll()
    .where('customer', '=', customer)
    .where('crm', '=', crm)
    .executeTakeFirst();
  if (!row) return undefined;
  const common = { evidence: row.evidence, checkedAt: row.checked_at };
  if (row.state === 'linked') return { ...common, state: 'linked', contact: row.contact as ContactId };
  if (row.state === 'none') return { ...common, state: 'none' };
  return { ...common, state: 'ambiguous', candidates: row.candidates as { id: string; name?: string }[] };
}

export async function saveContactLink(db: Queryable, customer: number, crm: string, link: ContactLink): Promise<void> {
  const values = {
    customer,
    crm,
    state: link.state,
    contact: link.state === 'linked' ? link.contact : null,
    evidence: link.evidence,
    candidates: JSON.stringify(link.state === 'ambiguous' ? link.candidates : []),
    checked_at: new Date(),
  };
  await db
    .insertInto('contact_links')
    .values(values)
    .onConflict((conflict) => conflict.columns(['customer', 'crm']).doUpdateSet(values))
    .execute();
}

/** Forgets the link, so that the contact is sought anew: the one it pointed to is gone. */
export async function dropContactLink(db: Queryable, customer: number, crm: string): Promise<void> {
  await db.deleteFrom('contact_links').where('customer', '=', customer).where('crm', '=', crm).execute();
}
