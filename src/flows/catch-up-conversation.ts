import { conversationKey, splitKey } from '../domain/conversation-key.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import type { Conversation } from '../store/conversations.ts';
import { applyAccountEvents } from './apply-account-events.ts';
import { applyWaiting } from './apply-waiting.ts';
import { bringTicketUpToDate } from './bring-ticket-up-to-date.ts';
import { greetCustomer } from './greet-customer.ts';
import type { ConnectedChannel, World } from './world.ts';

/** The `conversation` job: what the webhooks told is applied, then the ticket is brought up to date. */
export async function catchUpConversation(world: World, key: string): Promise<CatchUp> {
  const [account, platformUser] = splitKey(key);
  const connected = world.channels.get(account);
  if (!connected) {
    world.tools.log.warn('conversation.unrouted', { account, why: 'the account is no longer in the configuration' });
    return allDone;
  }
  if (platformUser === '') {
    await applyAccountEvents(world, connected);
    return allDone;
  }
  const { conversation, retry } = await applyWaiting(world, connected, platformUser);
  const ended = conversation ? await goOn(world, connected, conversation, platformUser) : allDone;
  return retry && !ended.left ? leftFor(retry) : ended;
}

/** Only one job at a time may write a conversation's ticket: the one under its own name. */
async function goOn(
  world: World,
  connected: ConnectedChannel,
  conversation: Conversation,
  platformUser: string,
): Promise<CatchUp> {
  if (conversation.platformUser === platformUser) {
    await greetCustomer(world, connected, conversation);
    return bringTicketUpToDate(world, connected, conversation);
  }
  const key = conversationKey(conversation.account, conversation.platformUser);
  await world.queue.wakeLater({ queue: 'conversation', key });
  return allDone;
}
