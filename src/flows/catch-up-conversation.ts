import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { applyWaiting } from './apply-waiting.ts';
import { bringTicketUpToDate } from './bring-ticket-up-to-date.ts';
import { splitKey, type World } from './world.ts';

/** The `conversation` job: what the webhooks told is applied, then the ticket is brought up to date. */
export async function catchUpConversation(world: World, key: string): Promise<CatchUp> {
  const [account, platformUser] = splitKey(key);
  const connected = world.channels.get(account);
  if (!connected) {
    world.tools.log.warn('conversation.unrouted', { account, why: 'the account is no longer in the configuration' });
    return allDone;
  }
  const { conversation, retry } = await applyWaiting(world, connected, platformUser);
  const ended = conversation ? await bringTicketUpToDate(world, connected, conversation) : allDone;
  return retry && !ended.left ? leftFor(retry) : ended;
}
