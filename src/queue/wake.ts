import { randomUUID } from 'node:crypto';
import { fromKysely, type KyselyTransactionLike, type PgBoss } from 'pg-boss';
import { channelSql } from './lookout.ts';
import { type QueueName, queueNames, type WakeUp } from './wake-up.ts';

/** From so many keys on they are looked for before they are enqueued. */
const many = 4;

/** In the same order for all, for those who wait for each other's keys. */
const keysOf = (wakeUps: readonly WakeUp[], name: QueueName): string[] =>
  [...new Set(wakeUps.filter(({ queue }) => queue === name).map(({ key }) => key))].toSorted();

/** `Queue.wake`. */
export async function wake(boss: PgBoss, wakeUps: readonly WakeUp[], tx: KyselyTransactionLike): Promise<void> {
  for (const name of queueNames) {
    let keys = keysOf(wakeUps, name);
    // One that neither could be enqueued nor was found waiting was taken up in between.
    while (keys.length > 0) {
      const waits = await insert(boss, name, keys, tx);
      const held = waits.length > 0 ? await holdBack(tx, name, waits) : new Set<string>();
      keys = waits.filter((key) => !held.has(key));
    }
  }
}

/** `Queue.wakeHeld`. */
export async function wakeHeld(boss: PgBoss, wakeUps: readonly WakeUp[], tx: KyselyTransactionLike): Promise<void> {
  for (const name of queueNames) {
    const keys = keysOf(wakeUps, name);
    if (keys.length === 0) continue;
    // Many come together when there is much to do, and then most of them wait already: looking costs less than trying.
    const found = keys.length >= many ? await pullForward(tx, name, keys) : new Set<string>();
    const missing = keys.filter((key) => !found.has(key));
    const waits = missing.length > 0 ? await insert(boss, name, missing, tx) : [];
    if (waits.length > 0) await pullForward(tx, name, waits);
  }
}

/** `Queue.wakeAll`. */
export async function wakeAll(boss: PgBoss, wakeUps: readonly WakeUp[]): Promise<void> {
  for (const name of queueNames) {
    const keys = keysOf(wakeUps, name);
    if (keys.length > 0) await boss.insert(name, keys.map(jobOf));
  }
}

const jobOf = (key: string) => ({ id: randomUUID(), data: { key }, singletonKey: key, group: { id: key } });

/** Returns the keys that wait already. */
async function insert(boss: PgBoss, name: QueueName, keys: string[], tx: KyselyTransactionLike): Promise<string[]> {
  const jobs = keys.map(jobOf);
  const inserted = new Set(await boss.insert(name, jobs, { db: fromKysely(tx), returnId: true }));
  return jobs.flatMap(({ id, data }) => (inserted.has(id) ? [] : [data.key]));
}

/**
 * The jobs that wait for these keys, for `$1` the queue and `$2` the keys. Key by key, so that it is sought by the index of
 * what waits: for all of them at once Postgres would rather read whatever waits in that queue.
 */
const waitingJobs = (lock: string) => `
  select waits.* from unnest($2::text[]) sought cross join lateral (
    select id, singleton_key as key, start_after > now() + ${atOnce} as put_off from pgboss.job_common
    where name = $1 and state = 'created' and policy = 'stately' and coalesce(singleton_key, '') = sought
    limit 1 ${lock}) waits`;

/**
 * A job put off for longer takes the place of the one that would run now, so it is called back. One put off for a moment is
 * let be: what comes meanwhile goes along.
 */
const atOnce = `interval '2 seconds'`;

/**
 * Whoever takes up jobs passes over those that are locked, so a lock that many can share keeps them until the transaction
 * ends; only then does anybody hear of them. Returns the keys found waiting.
 */
async function holdBack(tx: KyselyTransactionLike, name: QueueName, keys: string[]): Promise<Set<string>> {
  const { rows } = await fromKysely(tx).executeSql(
    `with waiting as materialized (${waitingJobs('for key share')}),
     pulled as (
       update pgboss.job_common j set start_after = now() from waiting w
       where j.name = $1 and j.id = w.id and w.put_off),
     told as (select pg_notify(${channelSql}, $1) from waiting limit 1)
     select key from waiting, (select count(*) from told) as told_all`,
    [name, keys],
  );
  return new Set((rows as { key: string }[]).map(({ key }) => key));
}

/** Returns the keys found waiting. */
async function pullForward(tx: KyselyTransactionLike, name: QueueName, keys: string[]): Promise<Set<string>> {
  const { rows } = await fromKysely(tx).executeSql(waitingJobs(''), [name, keys]);
  const waiting = rows as { id: string; key: string; put_off: boolean }[];
  const putOff = waiting.flatMap(({ id, put_off }) => (put_off ? [id] : []));
  if (putOff.length > 0) await beginNow(tx, name, putOff);
  return new Set(waiting.map(({ key }) => key));
}

/** Passes over what is locked: two transactions that want the same keys must not wait for each other. */
const beginNow = (tx: KyselyTransactionLike, name: QueueName, jobs: string[]) =>
  fromKysely(tx).executeSql(
    `update pgboss.job_common set start_after = now() where name = $1 and id = any(array(
       select id from pgboss.job_common where name = $1 and id = any($2) and state = 'created' for update skip locked))`,
    [name, jobs],
  );
