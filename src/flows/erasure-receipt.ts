import type { Queryable } from '../store/database.ts';
import { type Erasure, type ErasureStep, erasureByCode, retrySteps, stepsOf } from '../store/erasures.ts';
import type { Operations } from './operations.ts';

/** What was done where, for whoever asked. */
export interface Receipt extends Omit<Erasure, 'asked' | 'id'> {
  steps: Pick<ErasureStep, 'place' | 'what' | 'state' | 'count' | 'reason' | 'endedAt'>[];
}

export async function receiptOf(db: Queryable, code: string): Promise<Receipt | undefined> {
  const erasure = await erasureByCode(db, code);
  if (!erasure) return undefined;
  const { id, asked: _, ...told } = erasure;
  const steps = await stepsOf(db, id);
  return {
    ...told,
    steps: steps.map(({ place, what, state, count, reason, endedAt }) => ({
      place,
      what,
      state,
      count,
      reason,
      endedAt,
    })),
  };
}

/** Refused steps are tried once more, when what they were refused for was put right. Undefined: no such erasure. */
export async function retryErasure({ db, queue }: Operations, code: string): Promise<number | undefined> {
  return db.transaction().execute(async (tx) => {
    const erasure = await erasureByCode(tx, code);
    if (!erasure) return undefined;
    const retried = await retrySteps(tx, erasure.id);
    if (retried > 0) await queue.wake(tx, [{ queue: 'erasures', key: String(erasure.id) }]);
    return retried;
  });
}
