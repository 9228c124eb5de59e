import { setTimeout as wait } from 'node:timers/promises';

/** Lets background work step back while something that cannot wait is busy. */
export interface Pressure {
  /** Counts a call as under way until it settles. */
  counting<Argument, Result>(call: (argument: Argument) => Promise<Result>): (argument: Argument) => Promise<Result>;
  /** At once when fewer than `busyAt` calls are under way; else when they are, or after `patienceMs`, so that nothing starves. */
  calm(): Promise<void>;
}

const lookAgainMs = 10;

export function makePressure({ busyAt, patienceMs }: { busyAt: number; patienceMs: number }): Pressure {
  let underWay = 0;
  return {
    counting: (call) => async (argument) => {
      underWay++;
      try {
        return await call(argument);
      } finally {
        underWay--;
      }
    },
    calm: async () => {
      for (let waited = 0; underWay >= busyAt && waited < patienceMs; waited += lookAgainMs) await wait(lookAgainMs);
    },
  };
}
