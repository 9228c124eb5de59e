import { randomUUID } from 'node:crypto';
import { type Job, type KyselyTransactionLike, PgBoss } from 'pg-boss';
import { type Duration, milliseconds } from '../domain/duration.ts';
import { backoffMs } from '../kit/backoff.ts';
import { faultOf } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import { type Crew, makeCrew } from './crew.ts';
import { keepLookout } from './lookout.ts';
import { wake, wakeAll, wakeHeld } from './wake.ts';
import { type QueueName, queueNames, type WakeUp } from './wake-up.ts';

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
  /** Enqueues outside any transaction, all of a queue together. A key that waits already, or is put off, stays as it is. */
  wakeAll(wakeUps: readonly WakeUp[]): Promise<void>;
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
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
  });
  const failed = (error: unknown) => saw(error) || log.error('queue.failed', { ...faultOf(error) });
  boss.on('error', failed);
  await boss.start();
  for (const name of queueNames) await ensureQueue(boss, name);
  await passOverNoKey(boss);
  // At once, not only after the first interval: a service that dies every few seconds would never take up what it left.
  await boss.supervise();
  const crews = new Map<QueueName, Crew>();
  const endLookout = await keepLookout(boss.getDb(), crews, failed);
  return {
    wake: (tx, wakeUps) => wake(boss, wakeUps, tx),
    wakeHeld: (tx, wakeUps) => wakeHeld(boss, wakeUps, tx),
    wakeAll: (wakeUps) => wakeAll(boss, wakeUps),
    wakeLater: (wakeUp, delay) => sendLater(boss, wakeUp, delay),
    work: (name, concurrency, job) => {
      const crew = makeCrew((worker) => boss.notifyWorker(worker));
      crews.set(name, crew);
      return work(boss, name, concurrency, job, { log, saw, crew });
    },
    stop: async (within) => {
      await endLookout();
      await boss.stop({ graceful: true, timeout: within, close: true });
    },
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
  { crew, ...told }: { log: Log; saw: Saw; crew: Crew },
): Promise<void> {
  const options = {
    batchSize: 1,
    // A key that is worked on, and waits again, is passed over rather than found busy again and again before all others.
    groupConcurrency: 1,
    // They are woken; this is for what nobody thought of.
    pollingIntervalSeconds: 10,
    heartbeatRefreshSeconds: 3,
  };
  for (let each = 0; each < concurrency; each++) {
    const worker: string = await boss.work<JobData>(name, options, (jobs: Job<JobData>[]) =>
      crew.busy(worker, async () => {
        const { data } = jobs[0]!;
        const ended = await attempt(job, data, name, told);
        if (ended.left) await sendLater(boss, { queue: name, key: data.key }, ended.after, ended.failures);
      }),
    );
    crew.add(worker);
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
