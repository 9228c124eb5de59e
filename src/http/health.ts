import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseWatch } from '../kit/database-watch.ts';
import type { Database } from '../store/database.ts';
import { backlogs } from '../store/deliveries.ts';
import { probeLedger } from '../store/probe.ts';
import { latestReconciliations, type Reconciliation } from '../store/reconciliations.ts';
import { type WaitingTarget, waitingTargets } from '../store/target-states.ts';
import { type Watch, watches } from '../store/watches.ts';
import { inTime } from './in-time.ts';

export interface HealthParts {
  db: Database;
  /** The door's own connections. */
  doorDb: Database;
  watch: DatabaseWatch;
}

export interface Readiness {
  ready: boolean;
  database: 'up' | 'down';
  /** Accounts whose work waits, and why. They do not make the service unready: it goes on taking in. */
  broken: { target: string; reason: string; since: string }[];
  /** Targets that do not answer: their work waits and goes on by itself. */
  paused: { target: string; reason: string; since: string }[];
  /** Whether platforms still call our webhooks; `subscribed` is null where that cannot be seen. */
  subscriptions: { target: string; subscribed: boolean | null; why?: string; fix?: string; checkedAt: string }[];
  /** Accounts from which nothing has come for an unusual time. */
  silent: { target: string; since: string }[];
  /** The latest comparison of each account's history with the ledger. */
  reconciliations: {
    account: string;
    from: string;
    to: string;
    seen: number;
    known: number;
    recovered: number;
    missed: number;
    problem?: string;
  }[];
  backlog: { target: string; waiting: number; parked: number }[];
}

/** Ready means: what comes in can be committed. It is tried by a write that is taken back. */
export async function readiness({ db, doorDb, watch }: HealthParts): Promise<Readiness> {
  try {
    await atOnce(probeLedger(doorDb));
  } catch (error) {
    watch.saw(error);
    return { ready: false, database: 'down', ...nothing };
  }
  const known = await inTime(
    () => Promise.all([waitingTargets(db), backlogs(db), watches(db), latestReconciliations(db)]),
    watch,
  );
  const [held, found, watched, compared] = known ?? [[], [], [], []];
  return {
    ready: true,
    database: 'up',
    broken: held.filter(({ state }) => state === 'broken').map(shown),
    paused: held.filter(({ state }) => state === 'paused').map(shown),
    subscriptions: watched.map(subscriptionView),
    silent: watched.flatMap(({ target, silentSince }) =>
      silentSince ? [{ target, since: silentSince.toISOString() }] : [],
    ),
    reconciliations: compared.map(reconciliationView),
    backlog: found.map(({ target, waiting, parked }) => ({ target, waiting, parked })),
  };
}

const nothing = { broken: [], paused: [], subscriptions: [], silent: [], reconciliations: [], backlog: [] };

/** Whoever asks for readiness waits a second or so. */
async function atOnce(probe: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const tooLate = wait(900, undefined, { signal: timer.signal }).then(() => {
    throw Object.assign(new Error('no answer within 900 ms'), { code: 'ETIMEDOUT' });
  });
  await Promise.race([probe, tooLate]).finally(() => timer.abort());
}

const subscriptionView = ({ target, subscribed, why, fix, checkedAt }: Watch) => ({
  target,
  subscribed: subscribed ?? null,
  ...(why ? { why } : {}),
  ...(fix ? { fix } : {}),
  checkedAt: checkedAt.toISOString(),
});

const reconciliationView = ({ account, from, to, seen, known, recovered, missed, problem }: Reconciliation) => ({
  account,
  from: from.toISOString(),
  to: to.toISOString(),
  ...{ seen, known, recovered, missed },
  ...(problem ? { problem } : {}),
});

const shown = ({ target, reason, since }: WaitingTarget) => ({ target, reason, since: since.toISOString() });
