import { faultOf } from './fault.ts';
import type { Log } from './log.ts';
import { isPostgresTrouble } from './postgres-trouble.ts';

/** Turns the many errors of an outage into one line when it begins and one when it is over. */
export interface DatabaseWatch {
  /** Takes an error met while using the database. False: it is none of the database's troubles, so log it yourself. */
  saw(error: unknown): boolean;
  /** Whether an outage is going on. */
  isAway(): boolean;
  stop(): void;
}

export interface WatchOptions {
  log: Log;
  /** Rejects while the database cannot take a commit. Asked only during an outage. */
  probe: () => Promise<unknown>;
  /** How often to ask, and for how long nothing may have failed before it counts as over. Milliseconds. */
  lookEveryMs?: number;
  quietMs?: number;
}

export function makeDatabaseWatch({ log, probe, lookEveryMs = 1_000, quietMs = 3_000 }: WatchOptions): DatabaseWatch {
  let outage: { since: number; last: number; failures: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async () => {
    const works = await probe().then(
      () => true,
      () => false,
    );
    if (!outage || stopped) return;
    if (!works || performance.now() - outage.last < quietMs) return void lookAgain();
    log.info('database.back', { ms: Math.round(performance.now() - outage.since), failures: outage.failures });
    outage = undefined;
  };
  const lookAgain = () => {
    timer = setTimeout(look, lookEveryMs);
    timer.unref();
  };
  return {
    saw: (error) => {
      if (!isPostgresTrouble(error)) return false;
      const now = performance.now();
      if (outage) {
        outage.last = now;
        outage.failures++;
      } else if (!stopped) {
        outage = { since: now, last: now, failures: 1 };
        log.error('database.away', { ...faultOf(error) });
        lookAgain();
      }
      return true;
    },
    isAway: () => outage !== undefined,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
