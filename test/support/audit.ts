import type { Database } from '../../src/store/database.ts';

/** Who did what to it, in order. */
export const actsOn = (db: Database, subject: number): Promise<{ who: string; what: string }[]> =>
  db.selectFrom('audit').select(['who', 'what']).where('subject', '=', String(subject)).orderBy('id').execute();
