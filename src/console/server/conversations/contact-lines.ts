import { contactLinks, type KeptLink } from '../../../store/contacts.ts';
import type { Queryable } from '../../../store/database.ts';
import type { ContactLine } from '../../wire/conversations.ts';
import type { Places } from './places.ts';

/** Who a customer is at each CRM, with where people open the record. */
export async function contactLines(db: Queryable, places: Places, customer: number): Promise<ContactLine[]> {
  const links = await contactLinks(db, customer);
  return [...links].map(([crm, link]) => contactLine(places, crm, link));
}

export function contactLine({ crms }: Places, crm: string, link: KeptLink): ContactLine {
  const contact = link.state === 'linked' ? link.contact : undefined;
  return {
    crm,
    state: link.state,
    id: contact?.id ?? null,
    object: contact?.object ?? null,
    name: contact?.name ?? null,
    url: contact ? (crms.get(crm)?.session.recordUrl(contact.id) ?? contact.url ?? null) : null,
    evidence: link.evidence,
    strength: link.strength ?? null,
    decided: link.decided ?? false,
    by: link.by ?? 'rule',
    since: link.linkedAt?.toISOString() ?? null,
  };
}
