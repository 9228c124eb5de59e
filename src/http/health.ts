import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import { backlogs } from '../store/deliveries.ts';
import { brokenTargets } from '../store/target-states.ts';

export interface Readiness {
  ready: boolean;
  database: 'up' | 'down';
  /** Accounts whose work waits, and why. They do not make the service unready: it goes on taking in. */
  broken: { target: string; reason: string; since: string }[];
  backlog: { target: string; waiting: number; parked: number }[];
}

/** Ready means: what comes in can be committed. */
export async function readiness(db: Database): Promise<Readiness> {
  try {
    await sql`select 1`.execute(db);
    const [broken, found] = await Promise.all([brokenTargets(db), backlogs(db)]);
    return {
      ready: true,
      database: 'up',
      broken: broken.map(({ target, reason, since }) => ({ target, reason, since: since.toISOString() })),
      backlog: found.map(({ target, waiting, parked }) => ({ target, waiting, parked })),
    };
  } catch {
    return { ready: false, database: 'down', broken: [], backlog: [] };
  }
}
