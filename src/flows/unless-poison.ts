import type { Target } from '../domain/target.ts';
import { faultInWords, isOutage } from '../kit/fault.ts';
import { noteFailure } from '../store/deliveries.ts';
import type { World } from './world.ts';

/** Throws on the same message before it is taken for poison; the job's backoff lies between them. */
const mostFailures = 5;

/**
 * Does a step for some messages. A throw is a bug: it is thrown on, so that the job tries again later, but after a few
 * times on the same messages it is `poison`, for the caller to set them aside so that the rest goes on.
 */
export async function unlessPoison<Result extends object>(
  { db }: Pick<World, 'db'>,
  target: Target,
  messages: readonly number[],
  step: () => Promise<Result>,
): Promise<Result | { poison: string }> {
  try {
    return await step();
  } catch (error) {
    if (isOutage(error)) throw error;
    const why = `a bug in this service: ${faultInWords(error)}`;
    if ((await noteFailure(db, target, messages, why)) < mostFailures) throw error;
    return { poison: why };
  }
}
