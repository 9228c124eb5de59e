import type { FieldRules } from '../domain/mapping.ts';
import type { Queue } from '../queue/queue.ts';
import type { WakeUp } from '../queue/wake-up.ts';
import type { Database } from '../store/database.ts';
import type { ConnectedChannel } from './world.ts';

/** What an operator's doings work with; they need no platform, so the command line can do them beside the service. */
export interface Operations {
  db: Database;
  queue: Pick<Queue, 'wake'>;
  /** The channel accounts by id. */
  accounts: ReadonlyMap<string, Pick<ConnectedChannel, 'account'>>;
  /** What remains of two customers who are one, as the mapping says now. */
  joinedFields?(): FieldRules;
}

/** After the commit: a job that is about to start then sees it, and one that is enqueued finds it. */
export async function wakeAll({ db, queue }: Operations, wakeUps: readonly WakeUp[]): Promise<void> {
  for (let start = 0; start < wakeUps.length; start += 200) {
    await db.transaction().execute((tx) => queue.wake(tx, wakeUps.slice(start, start + 200)));
  }
}
