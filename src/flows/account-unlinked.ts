import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { factsOf, withdrawFacts } from '../store/facts.ts';
import { identifyAs } from '../store/identities.ts';

/** The customer cut the tie between their account at the shop and this chat: what was known only by it no longer counts. */
export async function accountUnlinked(
  tx: Tx,
  { account, platformUser, customer }: Conversation,
  at: Date,
): Promise<void> {
  const facts = (await factsOf(tx, customer.id)).filter(
    ({ withdrawn, source }) =>
      !withdrawn &&
      source.account === account &&
      source.platformUser === platformUser &&
      source.event?.startsWith('account-link:'),
  );
  if (facts.length === 0) return;
  const ids = facts.map(({ id }) => id);
  await withdrawFacts(tx, customer.id, ids, { at, by: 'customer', why: 'they unlinked their account at the shop' });
  const none = { evidence: 'wrote-here', by: undefined, event: undefined } as const;
  await identifyAs(tx, { account, platformUser, customer: customer.id, at, ...none });
}
