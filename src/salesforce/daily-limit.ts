import { type Duration, minutes } from '../domain/duration.ts';
import type { Clock } from '../kit/clock.ts';

/** Watches the org's daily API requests, of which a share is left to everybody else. */
export interface DailyLimit {
  /** How long to leave the org alone; undefined while there is enough. */
  pause(): Duration | undefined;
  /** Learns from an answer's header `Sforce-Limit-Info`, such as `api-usage=10018/100000`. */
  learn(header: string | undefined): void;
}

/** The limit counts the last 24 hours, so that a little comes back all the time: then one call looks again. */
const lookAgain = minutes(15);

/** `reserve` is the share left to others: 0.1 stops at 90 %. (REST API Developer Guide, "Limit Info Header".) */
export function makeDailyLimit(reserve: number, clock: Clock): DailyLimit {
  let until = 0;
  return {
    pause: () => {
      const left = until - clock.now().getTime();
      return left > 0 ? (left as Duration) : undefined;
    },
    learn: (header) => {
      const [, used, most] = /\bapi-usage=(\d+)\/(\d+)/.exec(header ?? '') ?? [];
      if (!used || !most || Number(most) === 0) return;
      until = Number(used) / Number(most) >= 1 - reserve ? clock.now().getTime() + lookAgain : 0;
    },
  };
}
