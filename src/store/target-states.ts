import type { Target } from '../domain/target.ts';
import type { Queryable } from './database.ts';

/** An account that is broken: its token died, or a permission is missing. Its work waits until a call succeeds again. */
export interface BrokenTarget {
  target: string;
  reason: string;
  since: Date;
}

export async function markBroken(db: Queryable, target: Target, reason: string): Promise<void> {
  await db
    .insertInto('target_states')
    .values({ target, state: 'broken', reason })
    .onConflict((conflict) => conflict.column('target').doUpdateSet({ reason }))
    .execute();
}

/** Returns whether it was broken. */
export async function markMended(db: Queryable, target: Target): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('target_states').where('target', '=', target).executeTakeFirst();
  return numDeletedRows > 0n;
}

export const brokenTargets = (db: Queryable): Promise<BrokenTarget[]> =>
  db.selectFrom('target_states').select(['target', 'reason', 'since']).orderBy('target').execute();
