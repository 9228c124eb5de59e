import { helpdeskTarget } from '../domain/target.ts';
import { heldPersons } from '../store/held-persons.ts';
import { customerExists } from '../store/joined-customers.ts';
import { type Acted, type Doer, performAct } from './link-act.ts';
import type { Operations } from './operations.ts';

export interface PersonCut {
  customer: number;
  helpdesk: string;
  /** The right user, if it is known; else the customer gets one of their own. */
  to?: string | undefined;
}

/**
 * Whoever was taken for the customer at a helpdesk is not them. Tickets stay under the name they were opened with, and get a
 * note; what is said from now on is the right user's. No rule ties the customer to the wrong one again.
 */
export async function cutPerson(
  operations: Operations,
  { customer, helpdesk, to }: PersonCut,
  doer: Doer,
): Promise<Acted | undefined> {
  if (!(await customerExists(operations.db, customer))) return undefined;
  return performAct(operations, doer, [customer], async (draft) => {
    const held = await heldPersons(draft.tx, { customers: [customer] });
    const wrong = held.filter(
      ({ account, person }) =>
        person !== undefined && person !== to && operations.accounts.get(account)?.account.helpdesk === helpdesk,
    );
    if (wrong.length === 0) return { refused: `customer ${customer} is no user of ${helpdesk} that could be cut` };
    for (const { conversation, person, refused } of wrong)
      await draft.set('conversations', conversation, {
        person: to ?? null,
        person_evidence: to === undefined ? null : 'admin',
        persons_refused: [...new Set([...refused, ...(person === undefined ? [] : [person])])],
      });
    const from = [...new Set(wrong.map(({ person }) => person))];
    return { what: 'cut', customer, target: helpdeskTarget(helpdesk), detail: { from, ...(to ? { to } : {}) } };
  });
}
