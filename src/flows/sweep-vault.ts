import { type Duration, milliseconds, minutes } from '../domain/duration.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { copyExpired, oldCopies, removedCopies } from '../store/media.ts';
import { dropPublishedFile, endedFiles } from '../store/published-files.ts';
import type { World } from './world.ts';

/** How often the vault is looked through. */
export const sweepEvery = minutes(10);

/** Few at a time, so that a stop need not wait long. */
const batch = 100;
/** Whoever began to fetch a file before its link ended may finish. */
const finishing = minutes(5);

/**
 * The `vault-sweep` job, one at a time across all replicas: deletes copies that are older than `keepFor` (0: none are) or
 * whose message was removed, and files whose links have ended. The file goes first and the row after it, so that a crash between leaves nothing behind.
 */
export async function sweepVault(world: Pick<World, 'db' | 'vault' | 'tools'>, keepFor: Duration): Promise<CatchUp> {
  const { db, vault, tools } = world;
  const removed = await removedCopies(db, batch);
  const copies = [...removed, ...(keepFor > 0 ? await oldCopies(db, keepFor, batch) : [])];
  for (const copy of copies) {
    await vault.delete(copy.key);
    await copyExpired(db, copy);
  }
  const lent = await endedFiles(db, finishing, batch);
  for (const file of lent) {
    await vault.delete(file.key);
    await dropPublishedFile(db, file.id);
  }
  if (copies.length + lent.length > 0) tools.log.info('vault.swept', { copies: copies.length, published: lent.length });
  return copies.length >= batch || lent.length === batch ? leftFor(milliseconds(1)) : allDone;
}
