import { hours } from '../domain/duration.ts';
import { type Conversation, conversationById, saveProfile } from '../store/conversations.ts';
import { keepFacts, platformFacts } from './customer-facts.ts';
import type { ConnectedChannel, World } from './world.ts';

/** A profile is asked for again after this time: names and pictures change. */
const profileAge = hours(24);

/** Asks the platform who the customer is, if that was not done lately; returns the conversation with what is known. */
export async function knowProfile(
  { db, tools }: Pick<World, 'db' | 'tools'>,
  connected: ConnectedChannel,
  conversation: Conversation,
): Promise<Conversation> {
  const { channel, account } = connected;
  const age = tools.clock.now().getTime() - (conversation.profileAt?.getTime() ?? 0);
  if (!channel.fetchProfile || age < profileAge) return conversation;
  const fetched = await channel.fetchProfile(conversation.address as never, account, tools);
  if (fetched.result !== 'done') {
    tools.log.warn('profile.not-fetched', { account: account.id, result: fetched.result, why: fetched.why });
    if (fetched.result !== 'never') return conversation;
  }
  const profile = fetched.result === 'done' ? fetched.value : {};
  await saveProfile(db, conversation, profile);
  await keepFacts(db, conversation, platformFacts(connected, profile), { event: 'profile', at: tools.clock.now() });
  return (await conversationById(db, conversation.id)) ?? conversation;
}
