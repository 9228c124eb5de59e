import { milliseconds, seconds } from '../domain/duration.ts';
import { backoffMs } from '../kit/backoff.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { cursorOf, saveCursor } from '../store/cursors.ts';
import { ticketByRemoteId } from '../store/tickets.ts';
import type { World } from './world.ts';

/** Helpdesks let their changes be read a few times a minute (Zendesk: 10), by all replicas together. */
export const reconcileEvery = seconds(60);
const notSooner = seconds(45);

/**
 * The `reconcile` job: reads which tickets changed since the last time and looks at those of ours, in case a callback
 * was lost. What a callback told already is found read and costs nothing more than a look.
 */
export async function reconcileHelpdesk(world: World, helpdeskId: string): Promise<CatchUp> {
  const helpdesk = world.helpdesks.get(helpdeskId);
  const before = await cursorOf(world.db, helpdeskId);
  const age = world.tools.clock.now().getTime() - (before?.readAt.getTime() ?? 0);
  if (!helpdesk || age < notSooner) return allDone;
  let cursor = before?.cursor;
  for (let page = 0; page < mostPages; page++) {
    const changed = await helpdesk.session.changedTickets(cursor);
    if (changed.result === 'never' || changed.result === 'unsure' || changed.result === 'account-broken') {
      world.tools.log.warn('helpdesk.not-reconciled', {
        helpdesk: helpdeskId,
        result: changed.result,
        why: changed.why,
      });
      return allDone;
    }
    if (changed.result === 'later') return leftFor(changed.after ?? milliseconds(backoffMs(5)));
    cursor = changed.value.cursor;
    await wakeOurs(world, helpdeskId, changed.value.tickets);
    await saveCursor(world.db, helpdeskId, cursor);
    if (!changed.value.more) break;
  }
  return allDone;
}

/** Pages read in a row after an outage; what is left is read a minute later. */
const mostPages = 5;

async function wakeOurs(world: World, helpdesk: string, tickets: readonly string[]): Promise<void> {
  for (const ticket of tickets) {
    if (await ticketByRemoteId(world.db, helpdesk, ticket)) {
      await world.queue.wakeLater({ queue: 'replies', key: `${helpdesk}|${ticket}` });
    }
  }
}
