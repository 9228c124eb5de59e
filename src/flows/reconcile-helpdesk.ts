import { milliseconds, minutes, seconds } from '../domain/duration.ts';
import type { Trouble } from '../domain/outcome.ts';
import { backoffMs } from '../kit/backoff.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { type Cursor, cursorFails, cursorOf, saveCursor } from '../store/cursors.ts';
import { knownOf } from '../store/early-callbacks.ts';
import { openTickets } from '../store/tickets.ts';
import { watchHelpdesk } from './watch-subscription.ts';
import type { ConnectedHelpdesk, World } from './world.ts';

/** Helpdesks let their changes be read a few times a minute (Zendesk: 10), by all replicas together. */
export const reconcileEvery = seconds(60);
const notSooner = seconds(45);

/** Failing for so long while a new list can be begun: then the place in the list is the trouble. */
const stuckAfter = minutes(15);

type ReconcilingWorld = Pick<World, 'db' | 'queue' | 'tools' | 'helpdesks'>;

/**
 * The `reconcile` job: reads which tickets changed since the last time and looks at those of ours, in case a callback
 * was lost. What a callback told already is found read and costs nothing more than a look.
 */
export async function reconcileHelpdesk(world: ReconcilingWorld, helpdeskId: string): Promise<CatchUp> {
  const helpdesk = world.helpdesks.get(helpdeskId);
  const before = await cursorOf(world.db, helpdeskId);
  const age = world.tools.clock.now().getTime() - (before?.readAt.getTime() ?? 0);
  if (!helpdesk || age < notSooner) return allDone;
  await watchHelpdesk(world, helpdesk);
  const trouble = await readChanges(world, helpdesk, before?.cursor);
  if (!trouble) return allDone;
  const { result, why } = trouble;
  world.tools.log.warn('helpdesk.not-reconciled', { helpdesk: helpdeskId, result, why });
  if (before && (result === 'never' || (result === 'later' && isStuck(world, before))))
    return beginAnew(world, helpdesk);
  await cursorFails(world.db, helpdeskId, world.tools.clock.now());
  return result === 'later' ? leftFor(trouble.after ?? milliseconds(backoffMs(5))) : allDone;
}

const isStuck = ({ tools }: ReconcilingWorld, { failingSince }: Cursor): boolean =>
  failingSince !== undefined && tools.clock.now().getTime() - failingSince.getTime() > stuckAfter;

/** Pages read in a row after an outage; what is left is read a minute later. */
const mostPages = 5;

/** Each page is written down before the next is asked for, so that a restart goes on from there. */
async function readChanges(
  world: ReconcilingWorld,
  { id, session }: ConnectedHelpdesk,
  from: string | undefined,
): Promise<Trouble | undefined> {
  let cursor = from;
  for (let page = 0; page < mostPages; page++) {
    const changed = await session.changedTickets(cursor);
    if (changed.result !== 'done') return changed;
    cursor = changed.value.cursor;
    await wakeOurs(world, id, changed.value.tickets);
    await saveCursor(world.db, id, cursor, world.tools.clock.now());
    if (!changed.value.more) return undefined;
  }
  return undefined;
}

/** Where the list cannot be read on, a new one begins, and every open ticket of ours is looked at instead. */
async function beginAnew(world: ReconcilingWorld, { id, session }: ConnectedHelpdesk): Promise<CatchUp> {
  const changed = await session.changedTickets(undefined);
  if (changed.result !== 'done') return leftFor(milliseconds(backoffMs(6)));
  const open = await openTickets(world.db, id);
  // One that is being opened just now is not among them, but may be among what changed.
  const tickets = [...new Set([...open, ...(await knownOf(world.db, id, changed.value.tickets))])];
  await wake(world, id, tickets);
  await saveCursor(world.db, id, changed.value.cursor, world.tools.clock.now());
  world.tools.log.warn('helpdesk.cursor-renewed', { helpdesk: id, tickets: tickets.length });
  return allDone;
}

const wakeOurs = async (world: ReconcilingWorld, helpdesk: string, tickets: readonly string[]): Promise<void> =>
  wake(world, helpdesk, await knownOf(world.db, helpdesk, tickets));

const wake = ({ queue }: ReconcilingWorld, helpdesk: string, tickets: readonly string[]): Promise<void> =>
  queue.wakeAll(tickets.map((ticket) => ({ queue: 'replies', key: `${helpdesk}|${ticket}` })));
