import { type Duration, days, hours, milliseconds } from '../domain/duration.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { forgetEarlyCallbacks } from '../store/early-callbacks.ts';
import { deleteOldEvents, deleteOldWebhooks, type Step } from '../store/old-rows.ts';
import type { World } from './world.ts';

/** How long what grows is kept; 0 is for ever. */
export interface Keeping {
  webhooks: Duration;
  events: Duration;
}

/** How often old rows are looked for. */
export const tidyEvery = hours(1);

/** Rows a transaction, and the pause after it: the door's commits come in between. */
const batch = 1_000;
const breath = milliseconds(20);
/** A job may last ten minutes; what is left is done by the next, at once. */
const atMost = 60_000;
/** By then the creation of a ticket was answered, or looked up. */
const openedWithin = days(1);
/** Batches with nothing old in a row: what follows is young. An idle replica's block of ids may lie among old ones. */
const youngInARow = 5;

type Delete = (db: World['db'], before: Date, after: number, size: number) => Promise<Step>;

/** The `tidy` job: deletes old webhooks and events in small batches. Messages, tickets and what is parked stay. */
export async function tidyLedger(world: Pick<World, 'db' | 'tools'>, keep: Keeping): Promise<CatchUp> {
  const now = world.tools.clock.now().getTime();
  const until = now + atMost;
  await forgetEarlyCallbacks(world.db, new Date(now - openedWithin));
  const webhooks = await deleteOld(world, deleteOldWebhooks, keep.webhooks, until);
  const events = await deleteOld(world, deleteOldEvents, keep.events, until);
  if (webhooks.deleted + events.deleted > 0)
    world.tools.log.info('ledger.tidied', { webhooks: webhooks.deleted, events: events.deleted });
  return webhooks.left || events.left ? leftFor(milliseconds(100)) : allDone;
}

async function deleteOld(
  { db, tools: { clock } }: Pick<World, 'db' | 'tools'>,
  deleteSome: Delete,
  keepFor: Duration,
  until: number,
): Promise<{ deleted: number; left: boolean }> {
  let deleted = 0;
  if (keepFor === 0) return { deleted, left: false };
  const before = new Date(clock.now().getTime() - keepFor);
  let [after, young] = [0, 0];
  while (young < youngInARow) {
    const step = await deleteSome(db, before, after, batch);
    deleted += step.deleted;
    if (step.looked < batch) return { deleted, left: false };
    if (clock.now().getTime() > until) return { deleted, left: true };
    young = step.deleted === 0 ? young + 1 : 0;
    after = step.last;
    await clock.sleep(breath);
  }
  return { deleted, left: false };
}
