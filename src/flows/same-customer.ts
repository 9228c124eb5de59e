import { drawStates } from '../store/consents.ts';
import { contactLinks } from '../store/contacts.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { moveFacts } from '../store/facts.ts';
import { identifyAs, identitiesOf } from '../store/identities.ts';

/** Two customers were found to be one. */
export interface SameCustomer {
  /** The platform user who was found to be somebody known. */
  conversation: Conversation;
  /** Whom we know that somebody as. */
  other: number;
  evidence: 'signed-link';
  by: string;
  event: string;
  at: Date;
}

/**
 * Joins what is surely one: a platform user who is new here goes over to the customer who is known already. Where more hangs
 * on it (further platform users, another customer of the shop, a contact with its history) nothing is joined on its own:
 * `asked`, a person has to say, and can undo it.
 */
export async function sameCustomer(tx: Tx, found: SameCustomer): Promise<'joined' | 'asked'> {
  const { conversation, other, evidence, by, event, at } = found;
  const { account, platformUser, customer } = conversation;
  const own = await identitiesOf(tx, customer.id);
  const elsewhere = new Set(
    customer.facts.filter((fact) => fact.kind === 'shop-customer' && fact.evidence === evidence).map((f) => f.compared),
  );
  if (own.length > 1 || elsewhere.size > 1 || (await contactLinks(tx, customer.id)).size > 0) return 'asked';
  await moveFacts(tx, { account, platformUser }, customer.id, other, at);
  await identifyAs(tx, { account, platformUser, customer: other, evidence, by, event, at });
  for (const each of [customer.id, other]) await drawStates(tx, each);
  return 'joined';
}
