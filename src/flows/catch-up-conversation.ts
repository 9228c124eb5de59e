import { allDone, type CatchUp } from '../queue/queue.ts';
import { applyAccountEvents } from './apply-account-events.ts';
import { applyEvents } from './apply-events.ts';
import { bringTicketUpToDate } from './bring-ticket-up-to-date.ts';
import { conversationKey, splitKey, type World } from './world.ts';

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
  const conversation = await applyEvents(world, connected, platformUser);
  if (conversation.platformUser === platformUser) return bringTicketUpToDate(world, connected, conversation);
  // Only one job at a time may write a conversation's ticket: the one under its own name.
  await world.queue.wakeLater({ queue: 'conversation', key: conversationKey(account, conversation.platformUser) });
  return allDone;
}
