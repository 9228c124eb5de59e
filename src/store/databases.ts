import { atMost } from '../kit/at-most.ts';
import { type DatabaseWatch, makeDatabaseWatch } from '../kit/database-watch.ts';
import type { Log } from '../kit/log.ts';
import { type Database, doorPatience, endlessPatience, migrate, openDatabase } from './database.ts';
import { probeLedger } from './probe.ts';

/** The service's connections to its Postgres. */
export interface Databases {
  db: Database;
  /** The door's own: no job can use them up, and they give up in time for an answer to the platform. */
  doorDb: Database;
  watch: DatabaseWatch;
  /** How many of the door's statements were answered: as long as it grows, the database is there. */
  progress: { answers: number };
  close(): Promise<void>;
}

export function openDatabases(url: string, log: Log): Databases {
  const watch = makeDatabaseWatch({ log, probe: () => probeLedger(doorDb) });
  const progress = { answers: 0 };
  const db = openDatabase(url, 20, watch.saw);
  const doorDb = openDatabase(url, 4, watch.saw, doorPatience, () => progress.answers++);
  const close = async () => {
    watch.stop();
    await atMost(3_000, Promise.all([db.destroy(), doorDb.destroy()]));
  };
  return { db, doorDb, watch, progress, close };
}

/** Connections of its own, for bringing a large ledger up to date may take longer than any statement may later. */
export async function migrateLedger(url: string): Promise<string[]> {
  const db = openDatabase(url, 2, undefined, endlessPatience);
  return migrate(db).finally(() => db.destroy());
}
