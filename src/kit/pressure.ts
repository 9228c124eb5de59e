import { setTimeout as wait } from 'node:timers/promises';

/** Lets background work step back while something that cannot wait is busy. */
export interface Pressure {
  /** Counts a call as under way until it settles. */
  counting<Argument, Result>(call: (argument: Argument) => Promise<Result>): (argument: Argument) => Promise<Result>;
  /**
   * At once when fewer than `busyAt` calls were under way all the time for a moment (calls that are answered together leave a gap
   * until the next ones come); else when that is so, or after `patienceMs`, so that nothing starves.
   */
  calm(): Promise<void>;
  /**
   * So many replicas share the load and the database: each is busy with a part of the calls, and steps back for so much
   * longer that all together do no more background work meanwhile than one would.
   */
  sharedBy(replicas: number): void;
}

const lookAgainMs = 10;
const momentMs = 100;

/** Nothing waits for longer than this many replicas make it. */
const mostReplicas = 8;

export function makePressure(alone: { busyAt: number; patienceMs: number }): Pressure {
  let { busyAt, patienceMs } = alone;
  let underWay = 0;
  let lastBusy = Number.NEGATIVE_INFINITY;
  const isBusy = () => underWay >= busyAt || performance.now() - lastBusy < momentMs;
  return {
    counting: (call) => async (argument) => {
      if (++underWay >= busyAt) lastBusy = performance.now();
      try {
        return await call(argument);
      } finally {
        if (underWay-- >= busyAt) lastBusy = performance.now();
      }
    },
    calm: async () => {
      for (let waited = 0; isBusy() && waited < patienceMs; waited += lookAgainMs) await wait(lookAgainMs);
    },
    sharedBy: (replicas) => {
      const many = Math.min(mostReplicas, Math.max(1, replicas));
      busyAt = Math.max(2, Math.ceil(alone.busyAt / many));
      patienceMs = alone.patienceMs * many;
    },
  };
}
