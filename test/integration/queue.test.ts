import { sql as kysely } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seconds } from '../../src/domain/duration.ts';
import { silentLog } from '../../src/kit/log.ts';
import { allDone, openQueue, type Queue, replicaName } from '../../src/queue/queue.ts';
import { openDatabase } from '../../src/store/database.ts';
import { countReplicas } from '../../src/store/replicas.ts';
import { freshDatabase } from '../support/database.ts';
import { quietFor, until } from '../support/until.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  for (const queue of opened) await queue.stop(seconds(1));
  await database?.drop();
});

const opened: Queue[] = [];
async function openAnother(): Promise<Queue> {
  const queue = await openQueue(database.url, silentLog);
  opened.push(queue);
  return queue;
}

test('a job of a process that died a while ago is taken up by the next within moments of its start', async () => {
  const before = await openAnother();
  await before.wakeLater({ queue: 'history', key: '7' });
  await before.stop(seconds(1));
  await asIfItsWorkerHadDied();
  const queue = await openAnother();
  const keys: string[] = [];
  await queue.work('history', 1, async (key) => {
    keys.push(key);
    return allDone;
  });
  await until('the job', () => keys.length > 0, 7_000);
  expect(keys).toEqual(['7']);
}, 20_000);

test('a key that is being worked on, and waits again, does not hold up the others', async () => {
  const queue = await openAnother();
  const begun: string[] = [];
  const held = Promise.withResolvers<void>();
  await queue.work('sends', 2, async (key) => {
    begun.push(key);
    if (begun.length === 1) await held.promise;
    return allDone;
  });
  await queue.wakeLater({ queue: 'sends', key: 'slow' });
  await until('the first', () => begun.length === 1);
  const db = openDatabase(database.url, 1);
  await db.transaction().execute((tx) => queue.wake(tx, [{ queue: 'sends', key: 'slow' }]));
  await db.destroy();
  await queue.wakeLater({ queue: 'sends', key: 'other' });
  await until('the other', () => begun.includes('other'), 5_000);
  expect(begun).toEqual(['slow', 'other']);
  held.resolve();
  await until('the first again', () => begun.length === 3, 5_000);
  expect(begun).toEqual(['slow', 'other', 'slow']);
}, 20_000);

test('what is put off for long is called back when there is something new for it', async () => {
  const queue = await openAnother();
  const begun: string[] = [];
  await queue.work('tidy', 1, async (key) => {
    begun.push(key);
    return allDone;
  });
  await queue.wakeLater({ queue: 'tidy', key: 'put off' }, seconds(60));
  const db = openDatabase(database.url, 1);
  await db.transaction().execute((tx) => queue.wake(tx, [{ queue: 'tidy', key: 'put off' }]));
  await db.destroy();
  await until('it runs', () => begun.length === 1, 5_000);
}, 20_000);

test('jobs that were put off run when their time has come, several at once, though a worker is busy for long', async () => {
  const queue = await openAnother();
  const begun: string[] = [];
  const held = Promise.withResolvers<void>();
  await queue.work('coach', 3, async (key) => {
    begun.push(key);
    await held.promise;
    return allDone;
  });
  await queue.wakeLater({ queue: 'coach', key: 'long' });
  await until('the long one', () => begun.length === 1);
  await queue.wakeLater({ queue: 'coach', key: 'later' }, seconds(1));
  await queue.wakeLater({ queue: 'coach', key: 'later too' }, seconds(1));
  await until('the others', () => begun.length === 3, 6_000);
  held.resolve();
}, 20_000);

test('many are woken together, and one that is put off stays so', async () => {
  const queue = await openAnother();
  await queue.wakeLater({ queue: 'notices', key: '1' }, seconds(60));
  await queue.wakeAll([1, 2, 3, 3].map((key) => ({ queue: 'notices', key: String(key) })));
  await queue.wakeAll([]);
  const db = openDatabase(database.url, 1);
  const { rows } = await kysely`
    select singleton_key as key, start_after > now() as later from pgboss.job_common
    where name = 'notices' and state = 'created' order by 1`.execute(db);
  await db.destroy();
  expect(rows).toEqual([
    { key: '1', later: true },
    { key: '2', later: false },
    { key: '3', later: false },
  ]);
});

test('waking keys reads the jobs of these keys only, however many wait', async () => {
  const queue = await openAnother();
  const keys = Array.from({ length: 3_000 }, (_, n) => ({ queue: 'erasures' as const, key: String(n) }));
  await queue.wakeAll(keys);
  const db = openDatabase(database.url, 1);
  const readFor = (wake: Queue['wake']) =>
    db.transaction().execute(async (tx) => {
      await wake(tx, keys.slice(1_000, 1_010));
      const { rows } = await kysely<{ read: number }>`
        select (seq_tup_read + idx_tup_fetch)::int as read
        from pg_stat_xact_user_tables where relname = 'job_common'`.execute(tx);
      return rows[0]!.read;
    });
  expect(await readFor(queue.wake)).toBeLessThan(100);
  expect(await readFor(queue.wakeHeld)).toBeLessThan(100);
  await db.destroy();
}, 20_000);

test('a key that was being worked on when jobs were counted is taken up again as soon as it waits', async () => {
  const queue = await openAnother();
  const begun: string[] = [];
  const held = Promise.withResolvers<void>();
  await queue.work('replies', 2, async (key) => {
    begun.push(key);
    if (begun.length === 1) await held.promise;
    return allDone;
  });
  await queue.wakeLater({ queue: 'replies', key: 'counted' });
  await until('the job', () => begun.length === 1);
  await supervisedAgain();
  // Another replica starts meanwhile, and reads what was counted.
  const another = await openAnother();
  await queue.stop(seconds(0));
  await another.work('replies', 2, async (key) => {
    begun.push(key);
    return allDone;
  });
  held.resolve();
  await another.wakeLater({ queue: 'replies', key: 'counted' });
  await until('the job again', () => begun.length >= 2, 5_000);
}, 30_000);

test('the replicas on a database are counted, come and go as they may', async () => {
  const db = openDatabase(database.url, 1);
  const replicas = () => countReplicas(db, replicaName);
  const before = await replicas();
  const queue = await openAnother();
  await openAnother();
  expect(await replicas()).toBe(before + 2);
  await queue.stop(seconds(0));
  await until('one less', async () => (await replicas()) === before + 1);
  await db.destroy();
});

/** Lets whoever starts next supervise, though somebody did a moment ago. */
async function supervisedAgain(): Promise<void> {
  await sql(`update pgboss.queue set monitor_on = now() - interval '20s', monitor_claim_on = now() - interval '20s'`);
}

async function asIfItsWorkerHadDied(): Promise<void> {
  await sql(
    `update pgboss.job set state = 'active', started_on = now() - interval '30s', heartbeat_on = now() - interval '20s'`,
  );
  await supervisedAgain();
}

async function sql(statement: string): Promise<void> {
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query(statement);
  await client.end();
}

test('a job that waits already does not start before the transaction that wakes it is over', async () => {
  const queue = await openAnother();
  await queue.wakeLater({ queue: 'reconcile-channel', key: 'known' });
  const db = openDatabase(database.url, 1);
  const begun: string[] = [];
  let written = false;
  const sawIt: boolean[] = [];
  await db.transaction().execute(async (tx) => {
    await queue.wake(tx, [
      { queue: 'reconcile-channel', key: 'known' },
      { queue: 'reconcile-channel', key: 'new' },
    ]);
    await queue.work('reconcile-channel', 2, async (key) => {
      begun.push(key);
      sawIt.push(written);
      return allDone;
    });
    await quietFor(2_500);
    expect(begun).toEqual([]);
    written = true;
  });
  await until('both', () => begun.length === 2, 5_000);
  expect(begun.toSorted()).toEqual(['known', 'new']);
  expect(sawIt).toEqual([true, true]);
  await db.destroy();
}, 20_000);

test('two transactions that wake the same keys in different order both go through', async () => {
  const queue = await openAnother();
  const db = openDatabase(database.url, 2);
  const both = ['a', 'b'].map((key) => ({ queue: 'media' as const, key }));
  const ready = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const wakeBoth = (mine: number, wakeUps: typeof both) =>
    db.transaction().execute(async (tx) => {
      ready[mine]!.resolve();
      await ready[1 - mine]!.promise;
      await queue.wake(tx, wakeUps);
      await quietFor(100);
      await queue.wake(tx, wakeUps.toReversed());
    });
  for (let round = 0; round < 3; round++) await Promise.all([wakeBoth(0, both), wakeBoth(1, both.toReversed())]);
  await db.destroy();
}, 20_000);

test('jobs that were put off are done one after the other once their time has come, not one a second', async () => {
  const queue = await openAnother();
  const done = new Set<string>();
  await queue.work('reconcile', 2, async (key) => {
    done.add(key);
    return allDone;
  });
  for (let n = 0; n < 60; n++) await queue.wakeLater({ queue: 'reconcile', key: String(n) }, seconds(3));
  await until('all', () => done.size === 60, 12_000);
}, 30_000);
