import type { ContactObject } from '../domain/contact-match.ts';
import type { ContactId } from '../domain/ids.ts';
import { crmTarget } from '../domain/target.ts';
import { columnsOf, contactLink } from '../store/contacts.ts';
import { customerExists } from '../store/joined-customers.ts';
import { listQuestions } from '../store/questions.ts';
import { linkRow } from './answer-question.ts';
import { crmsOf } from './correct-history.ts';
import { type Acted, type Doer, performAct } from './link-act.ts';
import type { Operations } from './operations.ts';

export interface Cut {
  customer: number;
  crm: string;
  /** The right record, if it is known; else the customer has none until a person says. */
  to?: { id: string; object: ContactObject } | undefined;
}

/**
 * Cuts a wrong link. What was written under it is taken out of that contact's history and noted on the tickets; matching does
 * not tie the customer again.
 */
export async function cutLink(
  operations: Operations,
  { customer, crm, to }: Cut,
  doer: Doer,
): Promise<Acted | undefined> {
  if (!(await customerExists(operations.db, customer))) return undefined;
  return performAct(operations, doer, [customer], async (draft) => {
    if (!crmsOf(operations.accounts).includes(crm)) return { refused: `no CRM or helpdesk account is called ${crm}` };
    const link = await contactLink(draft.tx, customer, crm);
    if (link?.state !== 'linked' && !to) return { refused: `customer ${customer} has no contact at ${crm}` };
    if (link?.state === 'linked' && link.contact.id === to?.id)
      return { refused: `customer ${customer} is linked to ${to.id} already` };
    const none = {
      state: 'none' as const,
      refused: link?.state === 'linked' ? [{ id: link.contact.id }] : [],
      evidence: `cut by ${doer.who}${doer.why ? `: ${doer.why}` : ''}`,
      decided: true,
      by: doer.who,
    };
    const row = to
      ? linkRow(customer, crm, { id: to.id as ContactId, object: to.object, doer })
      : { customer, crm, ...columnsOf(none), candidates: none.refused };
    await draft.put('contact_links', `${customer}:${crm}`, row);
    for (const { id } of await listQuestions(draft.tx, { customer, target: crmTarget(crm) }, 10))
      await draft.set('questions', id, { state: 'withdrawn', answered_at: doer.now.toISOString() });
    const from = link?.state === 'linked' ? { from: link.contact.id } : {};
    const detail = { ...from, ...(to ? { to: to.id } : {}) };
    const what = link?.state === 'linked' ? ('cut' as const) : ('choose' as const);
    return { what, customer, target: crmTarget(crm), detail };
  });
}
