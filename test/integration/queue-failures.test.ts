import { afterAll, beforeAll, expect, test } from 'vitest';
import { seconds } from '../../src/domain/duration.ts';
import { silentLog } from '../../src/kit/log.ts';
import { allDone, openQueue, openWaker, type Queue } from '../../src/queue/queue.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let queue: Queue;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  queue = await openQueue(database.url, silentLog);
  db = openDatabase(database.url, 2);
});
afterAll(async () => {
  await queue.stop(seconds(1));
  await db.destroy();
  await database.drop();
});

test('a job that throws is tried later and later, and is well again after a success', async () => {
  const starts: number[] = [];
  await queue.work('history', 1, async () => {
    starts.push(Date.now());
    if (starts.length < 3) throw new TypeError('a bug');
    return allDone;
  });
  await queue.wakeLater({ queue: 'history', key: '1' });
  await until('three tries', () => starts.length === 3, 20_000);
  const [first, second] = [starts[1]! - starts[0]!, starts[2]! - starts[1]!];
  expect(first).toBeGreaterThan(1_500);
  expect(second).toBeGreaterThan(first + 500);
}, 30_000);

test('a waker wakes what another process works', async () => {
  const seen: string[] = [];
  await queue.work('reconcile', 1, async (key) => {
    seen.push(key);
    return allDone;
  });
  const waker = await openWaker(database.url, silentLog);
  await db.transaction().execute((tx) => waker.wake(tx, [{ queue: 'reconcile', key: 'desk' }]));
  await waker.stop(seconds(1));
  await until('seen', () => seen.includes('desk'));
}, 30_000);
