import { expect, test } from 'vitest';
import { seconds } from '../../src/domain/duration.ts';
import { silentLog } from '../../src/kit/log.ts';
import { openQueue } from '../../src/queue/queue.ts';
import { migrate, openDatabase } from '../../src/store/database.ts';
import { emptyDatabase } from '../support/database.ts';

/** What a process does with the database when it starts. Returns the migrations it ran. */
async function started(url: string): Promise<string[]> {
  const db = openDatabase(url, 2);
  try {
    const ran = await migrate(db);
    const queue = await openQueue(url, silentLog);
    await queue.stop(seconds(1));
    return ran;
  } finally {
    await db.destroy();
  }
}

test.each([1, 2, 3])(
  'replicas that start at once on an empty database: one migrates, all start (%i)',
  async () => {
    const database = await emptyDatabase();
    try {
      const ran = await Promise.all(Array.from({ length: 4 }, () => started(database.url)));
      expect(ran.flat()).toHaveLength(new Set(ran.flat()).size);
      expect(ran.flat().length).toBeGreaterThan(0);
      expect(await started(database.url)).toEqual([]);
    } finally {
      await database.drop();
    }
  },
  60_000,
);
