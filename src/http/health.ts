import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import { backlogs } from '../store/deliveries.ts';
import { latestReconciliations, type Reconciliation } from '../store/reconciliations.ts';
import { type WaitingTarget, waitingTargets } from '../store/target-states.ts';
import { type Watch, watches } from '../store/watches.ts';

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

/** Ready means: what comes in can be committed. */
export async function readiness(db: Database): Promise<Readiness> {
  try {
    await sql`select 1`.execute(db);
    const [held, found, watched, compared] = await Promise.all([
      waitingTargets(db),
      backlogs(db),
      watches(db),
      latestReconciliations(db),
    ]);
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
  } catch {
    const nothing = { broken: [], paused: [], subscriptions: [], silent: [], reconciliations: [], backlog: [] };
    return { ready: false, database: 'down', ...nothing };
  }
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
