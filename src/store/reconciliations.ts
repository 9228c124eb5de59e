import { sql } from 'kysely';
import type { Queryable } from './database.ts';
import type { ReconciliationReason } from './tables.ts';

/** A comparison of a platform's history with the ledger, for what was said from `from` to `to`. */
export interface Reconciliation {
  id: number;
  account: string;
  why: ReconciliationReason;
  from: Date;
  to: Date;
  /** Where the platform's history is to be read on. */
  page: string | undefined;
  /** Messages the platform's history has. */
  seen: number;
  /** Those of them that were in the ledger. */
  known: number;
  /** Those that were not, and are now. */
  recovered: number;
  /** Those the platform names but no longer shows. */
  missed: number;
  /** Why it came to nothing. */
  problem: string | undefined;
  startedAt: Date;
  endedAt: Date | undefined;
}

export type Counts = Pick<Reconciliation, 'seen' | 'known' | 'recovered' | 'missed'>;

export async function beginReconciliation(
  db: Queryable,
  begun: Pick<Reconciliation, 'account' | 'why' | 'from' | 'to'>,
): Promise<Reconciliation> {
  const { account, why, from, to } = begun;
  const row = await db
    .insertInto('reconciliations')
    .values({ account, why, from_at: from, to_at: to })
    .returningAll()
    .executeTakeFirstOrThrow();
  return reconciliationOf(row);
}

/** One that a restart or a pause left under way. */
export async function openReconciliation(db: Queryable, account: string): Promise<Reconciliation | undefined> {
  const row = await db
    .selectFrom('reconciliations')
    .selectAll()
    .where('account', '=', account)
    .where('why', '!=', 'asked')
    .where('ended_at', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return row && reconciliationOf(row);
}

export async function saveProgress(db: Queryable, { id, page, seen, known, recovered, missed }: Reconciliation) {
  const progress = { page: page ?? null, seen, known, recovered, missed };
  await db.updateTable('reconciliations').set(progress).where('id', '=', id).execute();
}

export async function endReconciliation(db: Queryable, id: number, problem?: string): Promise<void> {
  const ended = { ended_at: new Date(), page: null, problem: problem ?? null };
  await db.updateTable('reconciliations').set(ended).where('id', '=', id).execute();
}

/** Until when the account's history is known to be in the ledger; undefined before the first comparison. */
export async function reconciledUntil(db: Queryable, account: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('reconciliations')
    .select(({ fn }) => fn.max('to_at').as('until'))
    .where('account', '=', account)
    .where('why', '!=', 'asked')
    .where('ended_at', 'is not', null)
    .where('problem', 'is', null)
    .executeTakeFirst();
  return row?.until ?? undefined;
}

/** The latest comparison of each account, of the last day. */
export async function latestReconciliations(db: Queryable): Promise<Reconciliation[]> {
  const rows = await db
    .selectFrom('reconciliations')
    .distinctOn('account')
    .selectAll()
    .where('ended_at', '>', sql<Date>`now() - interval '1 day'`)
    .orderBy('account')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(reconciliationOf);
}

/** Comparisons that found nothing are kept for a day, those that did for good; and the one that says how far all is well. */
export async function forgetUneventful(db: Queryable, account: string): Promise<void> {
  await sql`delete from reconciliations r
    where r.account = ${account} and r.ended_at < now() - interval '1 day' and r.recovered = 0 and r.missed = 0
      and r.id <> (select coalesce(max(id), 0) from reconciliations
                   where account = r.account and why <> 'asked' and ended_at is not null and problem is null)`.execute(
    db,
  );
}

function reconciliationOf(row: {
  id: number;
  account: string;
  why: ReconciliationReason;
  from_at: Date;
  to_at: Date;
  page: string | null;
  seen: number;
  known: number;
  recovered: number;
  missed: number;
  problem: string | null;
  started_at: Date;
  ended_at: Date | null;
}): Reconciliation {
  const { id, account, why, seen, known, recovered, missed } = row;
  return {
    ...{ id, account, why, seen, known, recovered, missed },
    from: row.from_at,
    to: row.to_at,
    page: row.page ?? undefined,
    problem: row.problem ?? undefined,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
  };
}
