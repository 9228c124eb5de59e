import type { ContactObject } from '../domain/contact-match.ts';
import { cutLink } from './cut-link.ts';
import { cutPerson } from './cut-person.ts';
import type { Acted, Doer } from './link-act.ts';
import type { Operations } from './operations.ts';

/** Cuts a wrong link at an account: a contact's of a CRM, a user's of a helpdesk. Undefined: there is no such customer. */
export function cut(
  operations: Operations,
  { customer, at, to }: { customer: number; at: string; to?: { id: string; object: ContactObject } | undefined },
  doer: Doer,
): Promise<Acted | undefined> {
  const isHelpdesk = [...operations.accounts.values()].some(({ account }) => account.helpdesk === at);
  if (isHelpdesk) return cutPerson(operations, { customer, helpdesk: at, to: to?.id }, doer);
  return cutLink(operations, { customer, crm: at, to }, doer);
}
