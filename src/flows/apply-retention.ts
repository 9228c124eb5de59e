import { type Duration, milliseconds } from '../domain/duration.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import {
  deleteOldLinks,
  deleteOldNotices,
  deleteOldProofs,
  deleteOldReceipts,
  deleteOrders,
  deleteStretch,
  oldOrders,
  oldStretches,
} from '../store/retention.ts';
import type { World } from './world.ts';

/** How long each kind of data is kept; 0 is for ever. */
export interface Retention {
  messages: Duration;
  orders: Duration;
  notices: Duration;
  links: Duration;
  consentProof: Duration;
  receipts: Duration;
}

type Keeping = Pick<World, 'db' | 'vault' | 'tools'>;

/** Rows a transaction, and the pause after it. */
const batch = 500;
const breath = milliseconds(20);
/** A job may last ten minutes; what is left is done by the next, at once. */
const atMost = 60_000;

/** Deletes what was kept long enough, in small batches. What still waits for something is never deleted. */
export async function applyRetention(keeping: Keeping, retention: Retention): Promise<CatchUp> {
  const { clock, log } = keeping.tools;
  const until = clock.now().getTime() + atMost;
  const deleted: Record<string, number> = {};
  for (const [kind, deleteSome] of Object.entries(kinds) as [keyof Retention, DeleteSome][]) {
    if (retention[kind] === 0) continue;
    const before = new Date(clock.now().getTime() - retention[kind]);
    for (let after: number | undefined = 0; after !== undefined; ) {
      if (clock.now().getTime() > until) return leftFor(milliseconds(100));
      const step: Deleted = await deleteSome(keeping, before, after);
      deleted[kind] = (deleted[kind] ?? 0) + step.deleted;
      after = step.after;
      if (after !== undefined) await clock.sleep(breath);
    }
  }
  if (Object.values(deleted).some((n) => n > 0)) log.info('retention.applied', deleted);
  return allDone;
}

interface Deleted {
  deleted: number;
  /** Where the next batch begins; undefined at the end. */
  after: number | undefined;
}
type DeleteSome = (keeping: Keeping, before: Date, after: number) => Promise<Deleted>;

/** What is gone after each batch is not found by the next. */
const batches =
  (deleteSome: (db: Parameters<typeof deleteOldLinks>[0], before: Date, size: number) => Promise<number>): DeleteSome =>
  async ({ db }, before) => {
    const deleted = await db.transaction().execute((tx) => deleteSome(tx, before, batch));
    return { deleted, after: deleted < batch ? undefined : 0 };
  };

const kinds: Record<keyof Retention, DeleteSome> = {
  messages: deleteMessages,
  notices: batches(deleteOldNotices),
  orders: deleteOldOrders,
  links: batches(deleteOldLinks),
  consentProof: batches(deleteOldProofs),
  receipts: batches(deleteOldReceipts),
};

/** The copies go first, the rows after them: a crash between leaves nothing behind that nobody knows of. */
async function deleteOldOrders({ db, vault }: Keeping, before: Date): Promise<Deleted> {
  const { ids, copies } = await oldOrders(db, before, batch);
  for (const key of copies) await vault.delete(key);
  await db.transaction().execute((tx) => deleteOrders(tx, ids));
  return { deleted: ids.length, after: ids.length < batch ? undefined : 0 };
}

async function deleteMessages({ db, vault }: Keeping, before: Date, after: number): Promise<Deleted> {
  const { stretches, last } = await oldStretches(db, before, after, batch);
  let deleted = 0;
  for (const stretch of stretches) {
    for (const key of stretch.copies) await vault.delete(key);
    await db.transaction().execute((tx) => deleteStretch(tx, stretch));
    deleted += stretch.messages.length;
  }
  return { deleted, after: last };
}
