import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import { backlogs } from '../store/deliveries.ts';
import { type WaitingTarget, waitingTargets } from '../store/target-states.ts';

export interface Readiness {
  ready: boolean;
  database: 'up' | 'down';
  /** Accounts whose work waits, and why. They do not make the service unready: it goes on taking in. */
  broken: { target: string; reason: string; since: string }[];
  /** Targets that do not answer: their work waits and goes on by itself. */
  paused: { target: string; reason: string; since: string }[];
  backlog: { target: string; waiting: number; parked: number }[];
}

/** Ready means: what comes in can be committed. */
export async function readiness(db: Database): Promise<Readiness> {
  try {
    await sql`select 1`.execute(db);
    const [held, found] = await Promise.all([waitingTargets(db), backlogs(db)]);
    return {
      ready: true,
      database: 'up',
      broken: held.filter(({ state }) => state === 'broken').map(shown),
      paused: held.filter(({ state }) => state === 'paused').map(shown),
      backlog: found.map(({ target, waiting, parked }) => ({ target, waiting, parked })),
    };
  } catch {
    return { ready: false, database: 'down', broken: [], paused: [], backlog: [] };
  }
}

const shown = ({ target, reason, since }: WaitingTarget) => ({ target, reason, since: since.toISOString() });
