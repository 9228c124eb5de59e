import type { Arrival } from './arrival.ts';

/** The door's take-in, which also calls `over` when it works again after it failed. */
export function noticingOutages(
  takeIn: (arrival: Arrival) => Promise<void>,
  over: () => void,
): (arrival: Arrival) => Promise<void> {
  let failed = false;
  return async (arrival) => {
    try {
      await takeIn(arrival);
    } catch (error) {
      failed = true;
      throw error;
    }
    if (failed) over();
    failed = false;
  };
}
