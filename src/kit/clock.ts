import { setTimeout as wait } from 'node:timers/promises';

/** Passed rather than read, so that tests own the time. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms` milliseconds; rejects with an AbortError when `signal` fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    await wait(ms, undefined, signal ? { signal } : undefined);
  },
};
