import { bestFact } from '../domain/fact.ts';
import type { Mapping } from '../domain/mapping.ts';
import type { Conversation } from '../store/conversations.ts';

/**
 * The conversation as an act may see its customer (`identity` in the mapping): with the strongest e-mail and phone whose
 * evidence is enough for it, and none that is weaker.
 */
export function asFarAsFitFor(
  act: 'showOnTicket' | 'match' | 'writePerson' | 'writeContact',
  { identity }: Pick<Mapping, 'identity'>,
  conversation: Conversation,
): Conversation {
  const { customer } = conversation;
  const { email: _, phone: __, ...profile } = customer.profile;
  const email = bestFact(customer.facts, 'email', identity[act])?.value;
  const phone = bestFact(customer.facts, 'phone', identity[act])?.value;
  return {
    ...conversation,
    customer: { ...customer, profile: { ...profile, ...(email && { email }), ...(phone && { phone }) } },
  };
}
