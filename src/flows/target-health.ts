import { seconds } from '../domain/duration.ts';
import type { Trouble } from '../domain/outcome.ts';
import type { Target } from '../domain/target.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Queue } from '../queue/queue.ts';
import type { Database } from '../store/database.ts';
import { claimProbe, markMended, markWaiting, type WaitingTarget, waitingTargets } from '../store/target-states.ts';
import { wakeWaiting } from './wake-waiting.ts';

/** Which targets can be worked with. A target that is down, or whose account is broken, is paused for all replicas. */
export interface TargetHealth {
  /**
   * Undefined: go on. Otherwise leave the work in the ledger: it is woken when the target is back. While a target is
   * paused one probe at a time is let through.
   */
  pauseOf(target: Target): Promise<WaitingTarget | undefined>;
  /** What is known of a target that does not work; lets no probe through. */
  stateOf(target: Target): Promise<WaitingTarget | undefined>;
  /** A call was answered, be it with a refusal: the target is there. */
  answered(target: Target): Promise<void>;
  failed(target: Target, trouble: Exclude<Trouble, { result: 'never' }>): Promise<void>;
}

/** So many calls in a row without an answer, and none for so long: then the target is paused. */
const mostFailures = 5;
const patience = seconds(10);
const firstProbe = seconds(3);
/** How long a broken account is left alone at first before it is tried again. */
export const brokenProbe = seconds(3);
/** How long a probe may take before another is let through. */
const probeTakes = seconds(10);
const refreshMs = 1_000;

export function makeTargetHealth(parts: { db: Database; queue: Queue; clock: Clock; log: Log }): TargetHealth {
  const { db, clock, log } = parts;
  const inARow = new Map<Target, { failures: number; since: number }>();
  let known = new Map<string, WaitingTarget>();
  let readAt = 0;
  const refresh = async () => {
    const now = clock.now().getTime();
    if (now - readAt < refreshMs) return;
    readAt = now;
    known = new Map((await waitingTargets(db)).map((each) => [each.target, each]));
  };
  const mark = async (target: Target, state: 'paused' | 'broken', why: string, probeIn: typeof firstProbe) => {
    readAt = 0;
    if (await markWaiting(db, target, state, why, probeIn)) log.error(`target.${state}`, { target, why });
  };
  return {
    pauseOf: async (target) => {
      await refresh();
      const pause = known.get(target);
      if (!pause) return undefined;
      if (pause.probeAt > clock.now()) return pause;
      readAt = 0;
      return (await claimProbe(db, target, probeTakes)) ? undefined : pause;
    },
    stateOf: async (target) => {
      await refresh();
      return known.get(target);
    },
    answered: async (target) => {
      inARow.delete(target);
      if (!known.has(target) || !(await markMended(db, target))) return;
      known.delete(target);
      log.info('target.mended', { target });
      await wakeWaiting(parts, target);
    },
    failed: async (target, trouble) => {
      if (trouble.result === 'account-broken') return mark(target, 'broken', trouble.why, brokenProbe);
      const now = clock.now().getTime();
      const { failures, since } = inARow.get(target) ?? { failures: 0, since: now };
      inARow.set(target, { failures: failures + 1, since });
      const down = failures + 1 >= mostFailures && now - since >= patience;
      const asked = trouble.result === 'later' ? (trouble.after ?? firstProbe) : firstProbe;
      if (down || known.has(target)) await mark(target, 'paused', trouble.why, asked);
    },
  };
}
