import { randomUUID } from 'node:crypto';
import { fromKysely, type Job, type KyselyTransactionLike, PgBoss } from 'pg-boss';
import { type Duration, milliseconds } from '../domain/duration.ts';
import { backoffMs } from '../kit/backoff.ts';
import { faultOf } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';

/**
 * The catch-up jobs. A job carries no message, only the key of what to bring up to date; the ledger says the rest.
 * - `conversation`: apply new events, bring the ticket up to date. Key `{account}|{platform user}`.
 * - `replies`: read an agent's comments off a ticket. Key `{helpdesk}|{remote ticket id}`.
 * - `sends`: send replies to the customer. Key: the conversation's id.
 * - `notices`: send what is to be told a customer. Key: the customer's id.
 * - `history`: record history at the CRM. Key: the conversation's id.
 * - `media`: copy the files of a message to the vault. Key: the message's id.
 * - `vault-sweep`: delete copies whose time is over. Key: `vault`.
 * - `reconcile`: read which tickets changed at a helpdesk. Key: the helpdesk's id.
 * - `reconcile-channel`: compare a platform's history with the ledger. Key: the account's id.
 * - `campaigns`: let a campaign's notices go at its rate. Key: the campaign's id.
 * - `coach`: keep the fields of tickets current that tell of their conversations. Key: the helpdesk's id.
 * - `tidy`: delete old webhooks and events. Key: `ledger`.
 * - `erasures`: carry out what is left of an erasure. Key: its id.
 * - `crm-consents`: take in and write consents that a CRM keeps. Key: the CRM's id.
 * - `shop-webhooks`: tell the shop of what happened. Key `{hook}|{customer}`.
 */
export const queueNames = [
  'conversation',
  'media',
  'replies',
  'sends',
  'notices',
  'history',
  'reconcile',
  'reconcile-channel',
  'campaigns',
  'coach',
  'vault-sweep',
  'tidy',
  'erasures',
  'crm-consents',
  'shop-webhooks',
] as const;
export type QueueName = (typeof queueNames)[number];

export interface WakeUp {
  queue: QueueName;
  key: string;
}

/** What a catch-up job ended with: all done, or something left to try again `after` a while. */
export type CatchUp = { left: false } | { left: true; after: Duration };
export const allDone: CatchUp = { left: false };
export const leftFor = (after: Duration): CatchUp => ({ left: true, after });

/** A queue that only wakes: for what runs beside the service. */
export type Waker = Pick<Queue, 'wake' | 'stop'>;

export interface Queue {
  /**
   * Enqueues in the transaction that writes the ledger. A key that waits already is not enqueued twice, and does not start
   * before this transaction has ended: its job could not see what it is woken for.
   */
  wake(tx: KyselyTransactionLike, wakeUps: readonly WakeUp[]): Promise<void>;
  /** The same, cheaper, where something else makes the job wait for this transaction (`store/locks.ts`). */
  wakeHeld(tx: KyselyTransactionLike, wakeUps: readonly WakeUp[]): Promise<void>;
  /** Enqueues outside any transaction, after `delay` if given. */
  wakeLater(wakeUp: WakeUp, delay?: Duration): Promise<void>;
  work(queue: QueueName, concurrency: number, job: (key: string) => Promise<CatchUp>): Promise<void>;
  /** Takes no new jobs, waits at most `within` for those running, hands back the rest. */
  stop(within: Duration): Promise<void>;
}

/** Takes note of an error of the database; false when it is something else (`kit/database-watch.ts`). */
type Saw = (error: unknown) => boolean;

/** pg-boss hands these on to pg: so that what hangs is given up, and its connection with it. Milliseconds. */
const patience = { connectionTimeoutMillis: 5_000, statement_timeout: 30_000, query_timeout: 15_000, keepAlive: true };

/** What the queue's connections are called at the database, but for what tells the replicas apart. */
export const replicaName = 'passerelle-queue ';

/**
 * pg-boss with the policy `stately`: at most one waiting and one running job a key, across all replicas. Jobs of a
 * process that died are taken up again after `heartbeatSeconds` without a sign of life.
 */
export async function openQueue(url: string, log: Log, saw: Saw = () => false): Promise<Queue> {
  const boss = new PgBoss({
    ...patience,
    connectionString: url,
    max: 8,
    application_name: `${replicaName}${randomUUID().slice(0, 8)}`,
    useListenNotify: true,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
  });
  boss.on('error', (error) => saw(error) || log.error('queue.failed', { ...faultOf(error) }));
  await boss.start();
  for (const name of queueNames) await ensureQueue(boss, name);
  await passOverNoKey(boss);
  // At once, not only after the first interval: a service that dies every few seconds would never take up what it left.
  await boss.supervise();
  return {
    wake: (tx, wakeUps) => wake(boss, wakeUps, tx),
    wakeHeld: (tx, wakeUps) => wakeHeld(boss, wakeUps, tx),
    wakeLater: (wakeUp, delay) => sendLater(boss, wakeUp, delay),
    work: (name, concurrency, job) => work(boss, name, concurrency, job, { log, saw }),
    stop: (within) => boss.stop({ graceful: true, timeout: within, close: true }),
  };
}

/** Wakes jobs and works none: the service does them, now or when it starts. */
export async function openWaker(url: string, log: Log): Promise<Waker> {
  const boss = new PgBoss({
    connectionString: url,
    max: 2,
    application_name: 'passerelle-waker',
    supervise: false,
    schedule: false,
  });
  boss.on('error', (error) => log.error('queue.failed', { why: error.message }));
  await boss.start();
  for (const name of queueNames) if (!(await boss.getQueue(name))) await ensureQueue(boss, name);
  return {
    wake: (tx, wakeUps) => wake(boss, wakeUps, tx),
    stop: (within) => boss.stop({ graceful: false, timeout: within, close: true }),
  };
}

async function ensureQueue(boss: PgBoss, name: QueueName): Promise<void> {
  const options = {
    notify: true,
    retryLimit: 1_000_000,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 60,
    expireInSeconds: 600,
    heartbeatSeconds: 10,
    deleteAfterSeconds: 60,
    retentionSeconds: 14 * 24 * 3600,
  };
  if (await boss.getQueue(name)) await boss.updateQueue(name, { ...options, heartbeatSeconds: 10 });
  else await boss.createQueue(name, { ...options, policy: 'stately' });
}

/**
 * When pg-boss counts jobs it notes which keys are worked on, and workers then pass over these for up to a minute, done
 * or not. The group of each job says the same to the moment, so nothing is noted.
 */
async function passOverNoKey(boss: PgBoss): Promise<void> {
  await boss.getDb().executeSql(`
    select pg_advisory_xact_lock(hashtext('passerelle.pgboss'));
    create or replace function pgboss.passerelle_no_keys() returns trigger language plpgsql as
      'begin new.singletons_active := null; return new; end';
    create or replace trigger passerelle_no_keys before update on pgboss.queue
      for each row when (new.singletons_active is not null) execute function pgboss.passerelle_no_keys()`);
}

/** In the same order for all, for those who wait for each other's keys. */
const keysOf = (wakeUps: readonly WakeUp[], name: QueueName): string[] =>
  [...new Set(wakeUps.filter(({ queue }) => queue === name).map(({ key }) => key))].toSorted();

async function wake(boss: PgBoss, wakeUps: readonly WakeUp[], tx: KyselyTransactionLike): Promise<void> {
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

async function wakeHeld(boss: PgBoss, wakeUps: readonly WakeUp[], tx: KyselyTransactionLike): Promise<void> {
  for (const name of queueNames) {
    const keys = keysOf(wakeUps, name);
    const waits = keys.length > 0 ? await insert(boss, name, keys, tx) : [];
    if (waits.length > 0) await pullForward(tx, name, waits);
  }
}

/** Returns the keys that wait already. */
async function insert(boss: PgBoss, name: QueueName, keys: string[], tx: KyselyTransactionLike): Promise<string[]> {
  const jobs = keys.map((key) => ({ id: randomUUID(), data: { key }, singletonKey: key, group: { id: key } }));
  const inserted = new Set(await boss.insert(name, jobs, { db: fromKysely(tx), returnId: true }));
  return jobs.flatMap(({ id, data }) => (inserted.has(id) ? [] : [data.key]));
}

/**
 * Whoever takes up jobs passes over those that are locked, so a lock that many can share keeps them until the transaction
 * ends; only then does anybody hear of them. The name of the channel is as pg-boss forms it. Returns the keys found waiting.
 */
async function holdBack(tx: KyselyTransactionLike, name: QueueName, keys: string[]): Promise<Set<string>> {
  const { rows } = await fromKysely(tx).executeSql(
    `with waiting as materialized (
       select id, singleton_key, start_after from pgboss.job_common
       where name = $1 and state = 'created' and policy = 'stately' and coalesce(singleton_key, '') = any($2)
       for key share),
     pulled as (
       update pgboss.job_common j set start_after = now() from waiting w
       where j.name = $1 and j.id = w.id and w.start_after > now() + ${atOnce}),
     told as (select pg_notify('pgboss_' || left(encode(sha224('pgboss'), 'hex'), 24), $1) from waiting limit 1)
     select singleton_key as key from waiting, (select count(*) from told) as told_all`,
    [name, keys],
  );
  return new Set((rows as { key: string }[]).map(({ key }) => key));
}

/**
 * A job put off for longer takes the place of the one that would run now, so it is called back. One put off for a moment is
 * let be: what comes meanwhile goes along.
 */
const atOnce = `interval '2 seconds'`;

async function pullForward(tx: KyselyTransactionLike, name: QueueName, keys: string[]): Promise<void> {
  await fromKysely(tx).executeSql(
    // Skipping what is locked: two transactions that want the same keys must not wait for each other.
    // As an array, so that they are sought once: joined to the jobs they would be sought for each of them.
    `update pgboss.job_common set start_after = now() where name = $1 and id = any(array(
       select id from pgboss.job_common
       where name = $1 and state = 'created' and policy = 'stately' and coalesce(singleton_key, '') = any($2)
         and start_after > now() + ${atOnce}
       for update skip locked))`,
    [name, keys],
  );
}

async function sendLater(boss: PgBoss, { queue, key }: WakeUp, delay?: Duration, failures = 0): Promise<void> {
  await boss.send(
    queue,
    { key, ...(failures > 0 ? { failures } : {}) },
    { singletonKey: key, group: { id: key }, ...(delay ? { startAfter: delay / 1000 } : {}) },
  );
}

async function work(
  boss: PgBoss,
  name: QueueName,
  concurrency: number,
  job: (key: string) => Promise<CatchUp>,
  told: { log: Log; saw: Saw },
): Promise<void> {
  const options = {
    batchSize: 1,
    // A key that is worked on, and waits again, is passed over rather than found busy again and again before all others.
    groupConcurrency: 1,
    pollingIntervalSeconds: 1,
    notifyPollingIntervalSeconds: 1,
    heartbeatRefreshSeconds: 3,
  };
  for (let each = 0; each < concurrency; each++) {
    const worker: string = await boss.work<JobData>(name, options, async (jobs: Job<JobData>[]) => {
      const { data } = jobs[0]!;
      const ended = await attempt(job, data, name, told);
      if (ended.left) await sendLater(boss, { queue: name, key: data.key }, ended.after, ended.failures);
      // Else it would rest for a second before each job that nobody notified it of: those that were put off until now.
      boss.notifyWorker(worker);
    });
  }
}

interface JobData {
  key: string;
  /** How often in a row it threw. */
  failures?: number;
}

/** A throw is a bug or our own database: logged, and tried again later and later rather than burnt. */
async function attempt(
  job: (key: string) => Promise<CatchUp>,
  { key, failures = 0 }: JobData,
  name: string,
  { log, saw }: { log: Log; saw: Saw },
): Promise<CatchUp & { failures?: number }> {
  try {
    return await job(key);
  } catch (error) {
    if (!saw(error)) log.error('job.failed', { queue: name, key, failures: failures + 1, ...faultOf(error) });
    return { ...leftFor(milliseconds(backoffMs(failures + 1))), failures: failures + 1 };
  }
}
