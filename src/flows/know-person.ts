import { hours } from '../domain/duration.ts';
import { externalIdOf } from '../domain/external-id.ts';
import type { PersonId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import { type Conversation, conversationById, savePerson, saveProfile } from '../store/conversations.ts';
import type { TicketWork } from './ticket-work.ts';
import { type ConnectedChannel, nameOf, type World } from './world.ts';

/** A profile is asked for again after this time: names and pictures change. */
const profileAge = hours(24);

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
    profile: conversation.customer.profile,
    fallbackName: nameOf(connected, conversation),
  };
  const ensured = await helpdesk.session.ensurePerson(person, known);
  if (ensured.result === 'done' && ensured.value !== known) await savePerson(world.db, conversation.id, ensured.value);
  return ensured;
}

async function knowProfile(
  { db, tools }: World,
  { channel, account }: ConnectedChannel,
  conversation: Conversation,
): Promise<Conversation> {
  const age = tools.clock.now().getTime() - (conversation.profileAt?.getTime() ?? 0);
  if (!channel.fetchProfile || age < profileAge) return conversation;
  const fetched = await channel.fetchProfile(conversation.platformUser as never, account, tools);
  if (fetched.result !== 'done') {
    tools.log.warn('profile.not-fetched', { account: account.id, result: fetched.result, why: fetched.why });
    return conversation;
  }
  await saveProfile(db, conversation, fetched.value);
  return (await conversationById(db, conversation.id)) ?? conversation;
}
