import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseWatch } from '../kit/database-watch.ts';

/** What is asked of the ledger for an operator's page; undefined during an outage, or when it does not come within 2 s. */
export async function inTime<Result>(
  ask: () => Promise<Result>,
  watch: Pick<DatabaseWatch, 'saw' | 'isAway'>,
): Promise<Result | undefined> {
  if (watch.isAway()) return undefined;
  const noLater = new AbortController();
  try {
    return await Promise.race([ask(), wait(2_000, undefined, { signal: noLater.signal })]);
  } catch (error) {
    if (!watch.saw(error)) throw error;
    return undefined;
  } finally {
    noLater.abort();
  }
}
