import { type Duration, milliseconds } from '../domain/duration.ts';
import { backoffMs } from '../kit/backoff.ts';
import { faultInWords, isOutage } from '../kit/fault.ts';
import type { Conversation } from '../store/conversations.ts';
import { eventFailed } from '../store/parked-events.ts';
import { type Applied, applyEvents } from './apply-events.ts';
import type { ConnectedChannel, World } from './world.ts';

/** Tries before an event that cannot be applied is set aside: about 15 s. */
const mostTries = 5;
const all = 1_000;

/**
 * Applies what waits for a conversation. If that throws, the events are applied one by one, so that those before the one
 * to blame are in; that one is tried a few times more, for order's sake, and then parked alone. `retry`: when to go on.
 */
export async function applyWaiting(
  world: World,
  connected: ConnectedChannel,
  platformUser: string,
): Promise<{ conversation: Conversation | undefined; retry?: Duration }> {
  const together = await attempt(world, connected, platformUser, all);
  if ('conversation' in together) return together.applied < all ? together : { ...together, retry: milliseconds(1) };
  let conversation: Conversation | undefined;
  for (;;) {
    const one = await attempt(world, connected, platformUser, 1);
    if ('conversation' in one) {
      conversation = one.conversation;
      if (one.applied === 0) return { conversation };
      continue;
    }
    const retry = await blame(world, connected, one);
    if (retry !== undefined) return { conversation, retry };
  }
}

interface Failure {
  event: number;
  error: unknown;
}

/** Rethrows what is no event's fault: our own database was away. */
async function attempt(
  world: World,
  connected: ConnectedChannel,
  platformUser: string,
  limit: number,
): Promise<Applied | Failure> {
  let event: number | undefined;
  const trying = (id: number) => {
    event = id;
  };
  try {
    return await applyEvents(world, connected, platformUser, { limit, trying, trace: world.tools.trace });
  } catch (error) {
    if (event === undefined || isOutage(error)) throw error;
    return { event, error };
  }
}

/** When to try it again; undefined once it is set aside. */
async function blame(
  { db, tools }: World,
  { account }: ConnectedChannel,
  { event, error }: Failure,
): Promise<Duration | undefined> {
  const why = `a bug in this service: ${faultInWords(error)}`;
  const { attempts, parked } = await eventFailed(db, event, why, mostTries);
  if (parked) tools.log.error('event.parked', { account: account.id, stored: event, why });
  else tools.log.warn('event.not-applied', { account: account.id, stored: event, attempts, why });
  return parked ? undefined : milliseconds(backoffMs(attempts - 1));
}
