import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseWatch } from '../kit/database-watch.ts';
import type { Database } from '../store/database.ts';
import { backlogs } from '../store/deliveries.ts';
import { probeLedger } from '../store/probe.ts';
import { type WaitingTarget, waitingTargets } from '../store/target-states.ts';
import { inTime } from './in-time.ts';

export interface HealthParts {
  db: Database;
  /** The door's own connections. */
  doorDb: Database;
  watch: DatabaseWatch;
}

export interface Readiness {
  ready: boolean;
  database: 'up' | 'down';
  /** Accounts whose work waits, and why. They do not make the service unready: it goes on taking in. */
  broken: { target: string; reason: string; since: string }[];
  /** Targets that do not answer: their work waits and goes on by itself. */
  paused: { target: string; reason: string; since: string }[];
  backlog: { target: string; waiting: number; parked: number }[];
}

/** Ready means: what comes in can be committed. It is tried by a write that is taken back. */
export async function readiness({ db, doorDb, watch }: HealthParts): Promise<Readiness> {
  try {
    await atOnce(probeLedger(doorDb));
  } catch (error) {
    watch.saw(error);
    return { ready: false, database: 'down', broken: [], paused: [], backlog: [] };
  }
  const [held, found] = (await inTime(() => Promise.all([waitingTargets(db), backlogs(db)]), watch)) ?? [[], []];
  return {
    ready: true,
    database: 'up',
    broken: held.filter(({ state }) => state === 'broken').map(shown),
    paused: held.filter(({ state }) => state === 'paused').map(shown),
    backlog: found.map(({ target, waiting, parked }) => ({ target, waiting, parked })),
  };
}

/** Whoever asks for readiness waits a second or so. */
async function atOnce(probe: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const tooLate = wait(900, undefined, { signal: timer.signal }).then(() => {
    throw Object.assign(new Error('no answer within 900 ms'), { code: 'ETIMEDOUT' });
  });
  await Promise.race([probe, tooLate]).finally(() => timer.abort());
}

const shown = ({ target, reason, since }: WaitingTarget) => ({ target, reason, since: since.toISOString() });
