import { externalIdOf } from '../domain/external-id.ts';
import type { PersonId } from '../domain/ids.ts';
import { done, type Outcome } from '../domain/outcome.ts';
import { step } from '../kit/step.ts';
import { savePerson } from '../store/conversations.ts';
import { findPerson } from './find-person.ts';
import { asFarAsFitFor } from './fit-for.ts';
import { knowProfile } from './know-profile.ts';
import type { TicketWork } from './ticket-work.ts';
import { fallbackNameOf } from './world.ts';

/**
 * The customer at the helpdesk, keyed by external id. A profile that cannot be had now does not hold the ticket: the
 * name follows with a later message.
 */
export async function knowPerson(work: TicketWork): Promise<Outcome<PersonId>> {
  const { world, connected, helpdesk } = work;
  const conversation = await knowProfile(world, connected, work.conversation);
  work.conversation = conversation;
  const known = conversation.person as PersonId | undefined;
  const person = {
    externalId: externalIdOf(connected.channel.kind, connected.account.id, conversation.platformUser),
    profile: asFarAsFitFor('writePerson', world.mapping, conversation).customer.profile,
    fallbackName: fallbackNameOf(connected, conversation),
  };
  step('person.asking');
  const found = known === undefined ? await findPerson(work, person.externalId) : done(undefined);
  if (found.result !== 'done') return found;
  const refused = conversation.personsRefused as PersonId[];
  const ensured = await helpdesk.session.ensurePerson(person, known ?? found.value?.id, refused);
  step('person.answered');
  if (ensured.result === 'done' && ensured.value !== known) {
    const evidence = ensured.value === found.value?.id ? found.value.evidence : undefined;
    await savePerson(world.db, conversation.id, ensured.value, evidence);
    work.conversation = { ...conversation, person: ensured.value };
  }
  return ensured;
}
