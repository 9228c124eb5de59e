import { externalIdOf } from '../domain/external-id.ts';
import type { ContactId, PersonId } from '../domain/ids.ts';
import { done, type Outcome } from '../domain/outcome.ts';
import { sha256Hex } from '../kit/crypto.ts';
import { step } from '../kit/step.ts';
import { contactLink } from '../store/contacts.ts';
import { savePerson, savePersonFields } from '../store/conversations.ts';
import { findPerson } from './find-person.ts';
import { asFarAsFitFor } from './fit-for.ts';
import { knowProfile } from './know-profile.ts';
import type { TicketWork } from './ticket-work.ts';
import { fallbackNameOf, mappingContext } from './world.ts';

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
    ...(await contactOf(work)),
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
  if (ensured.result === 'done') await tellFields(work, ensured.value);
  return ensured;
}

/** Further fields of the user, told when they are other than what was told last. What cannot be told now holds nobody up. */
async function tellFields(work: TicketWork, person: PersonId): Promise<void> {
  const { world, connected, conversation, helpdesk } = work;
  const fields = world.mapping.requester.fields(
    mappingContext(connected, asFarAsFitFor('writePerson', world.mapping, conversation)),
  );
  const digest = sha256Hex(JSON.stringify([person, fields]));
  if (Object.keys(fields).length === 0 || conversation.personFields === digest) return;
  const told = await helpdesk.session.setPersonFields?.(person, fields);
  if (told && told.result !== 'done')
    world.tools.log.warn('person.fields-not-set', { helpdesk: helpdesk.id, result: told.result, why: told.why });
  if (told?.result !== 'done' && told?.result !== 'never') return;
  await savePersonFields(world.db, conversation.id, digest);
  work.conversation = { ...conversation, personFields: digest };
}

async function contactOf({ world, helpdesk, conversation }: TicketWork): Promise<{ contact?: ContactId | 'none' }> {
  if (!helpdesk.contactsOf) return {};
  const link = await contactLink(world.db, conversation.customer.id, helpdesk.contactsOf);
  if (link?.state === 'none' && link.decided) return { contact: 'none' };
  return link?.state === 'linked' ? { contact: link.contact.id } : {};
}
