import { contactLinks } from '../store/contacts.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { withdrawFacts } from '../store/facts.ts';
import { identitiesOf } from '../store/identities.ts';
import { customerExists } from '../store/joined-customers.ts';
import { joinWasUndone } from '../store/link-acts.ts';
import { joinInto } from './join-customers.ts';
import { type Doer, type Draft, performActWithin } from './link-act.ts';
import type { World } from './world.ts';

/** Two customers were found to be one. */
export interface SameCustomer {
  /** The platform user who was found to be somebody known. */
  conversation: Conversation;
  /** Whom we know that somebody as. */
  other: number;
  evidence: 'signed-link';
  /** What the same evidence told of them just now. */
  told: readonly number[];
  doer: Doer;
}

/**
 * Joins what is surely one: a platform user who is new here goes over to the customer who is known already, by an act that can
 * be undone. Where more hangs on it (further platform users, another customer of the shop, a contact with its history), or
 * where a person took the same back once, nothing is joined on its own: `asked`, a person has to say.
 */
export async function sameCustomer(
  tx: Tx,
  world: Pick<World, 'queue' | 'channels' | 'mapping'>,
  found: SameCustomer,
): Promise<'joined' | 'asked'> {
  const { conversation, other, doer } = found;
  const { customer } = conversation;
  if (!(await isPlain(tx, found)) || (await joinWasUndone(tx, other, customer.id))) return 'asked';
  const operations = { queue: world.queue, accounts: world.channels };
  const rules = world.mapping.people.joinedFields;
  const acted = await performActWithin(tx, operations, doer, [other, customer.id], async (draft) => {
    if (!(await customerExists(draft.tx, other))) return { refused: 'the other was joined with somebody meanwhile' };
    await standsWithTheAct(draft, found);
    return joinInto(draft, { keep: other, gone: customer.id, rules }, doer);
  });
  return 'act' in acted ? 'joined' : 'asked';
}

async function isPlain(tx: Tx, { conversation: { customer }, evidence }: SameCustomer): Promise<boolean> {
  const elsewhere = new Set(
    customer.facts.filter((fact) => fact.kind === 'shop-customer' && fact.evidence === evidence).map((f) => f.compared),
  );
  if (elsewhere.size > 1 || (await contactLinks(tx, customer.id)).size > 0) return false;
  return (await identitiesOf(tx, customer.id)).length <= 1;
}

/**
 * What the link told stands as long as the act does: whoever undoes it says that the link came to somebody else, of whom then
 * nothing of it is true. So it is withdrawn before the act, and made to stand by it.
 */
async function standsWithTheAct({ tx, set }: Draft, { conversation, told, doer }: SameCustomer): Promise<void> {
  const why = 'the link that told it was found to have come to somebody else';
  await withdrawFacts(tx, conversation.customer.id, told, { at: doer.now, by: 'service', why });
  for (const fact of told) await set('facts', fact, { withdrawn_at: null, withdrawn_by: null, withdrawn_why: null });
}
