import { type RawBuilder, sql } from 'kysely';
import type { FigureMeasure, FigurePeriod } from './console-tables.ts';
import type { Database, Queryable, Tx } from './database.ts';
import { countsBetween, repliesBetween } from './figure-counts.ts';

export interface Figure {
  at: Date;
  measure: FigureMeasure;
  label: string;
  n: number;
}

const minute = 60_000;
const hour = 60 * minute;
/** Minutes are kept for so long, hours for good; the first count goes so far back. Milliseconds. */
const minutesKept = 3 * hour;
const furthest = 31 * 24 * hour;
/** What is counted again each time: transactions that began before the last count may have ended after it. */
const grace = 3 * minute;
/** What was not counted in time is counted so much at a time. */
const stride = 24 * hour;

const floor = (at: number, size: number): Date => new Date(Math.floor(at / size) * size);

export const figuresSince = (db: Queryable, period: FigurePeriod, since: Date): Promise<Figure[]> =>
  db
    .selectFrom('figures')
    .select(['at', 'measure', 'label', 'n'])
    .where('period', '=', period)
    .where('at', '>=', since)
    .orderBy('at')
    .execute();

/**
 * Counts what the ledger has taken in since it was last counted: the last hours by the minute, what was missed longer ago by the
 * hour. One replica at a time; another that comes meanwhile does nothing.
 */
export async function countFigures(db: Database, now: Date): Promise<void> {
  for (let more = true; more; ) more = await db.transaction().execute((tx) => countSome(tx, now.getTime()));
}

/** Whether there is more to be counted. */
async function countSome(tx: Tx, now: number): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('passerelle.figures')) as mine`.execute(tx);
  if (!rows[0]?.mine) return false;
  const until = await countedUntil(tx, now);
  const lately = floor(now - hour, hour).getTime();
  if (until >= lately) {
    await countLately(tx, until, now);
    return false;
  }
  const from = floor(until, hour);
  const to = new Date(Math.min(from.getTime() + stride, lately));
  await save(tx, countsBetween('hour', from, to));
  await save(tx, repliesBetween(from, to));
  await counted(tx, to);
  return true;
}

async function countLately(tx: Tx, until: number, now: number): Promise<void> {
  await save(tx, countsBetween('minute', floor(Math.min(until, now) - grace, minute), new Date(now + minute)));
  await sumHours(tx, floor(now - hour, hour));
  // Replies are delivered and read long after they were sent: once an hour the whole day is counted anew.
  const isNewHour = floor(until, hour).getTime() < floor(now, hour).getTime();
  await save(tx, repliesBetween(floor(now - (isNewHour ? 24 * hour : hour), hour), new Date(now + minute)));
  await tx
    .deleteFrom('figures')
    .where('period', '=', 'minute')
    .where('at', '<', new Date(now - minutesKept))
    .execute();
  await counted(tx, new Date(now));
}

async function countedUntil(tx: Tx, now: number): Promise<number> {
  const row = await tx.selectFrom('figures_counted').select('until').executeTakeFirst();
  return Math.max(row?.until.getTime() ?? 0, now - furthest);
}

const counted = (tx: Tx, until: Date) =>
  tx
    .insertInto('figures_counted')
    .values({ until })
    .onConflict((conflict) => conflict.column('one').doUpdateSet({ until }))
    .execute();

const sumHours = (tx: Tx, since: Date) =>
  save(
    tx,
    sql`select 'hour', date_trunc('hour', at), measure, label, sum(n)
        from figures where period = 'minute' and at >= ${since} group by 2, 3, 4`,
  );

const save = (tx: Tx, counts: RawBuilder<unknown>) =>
  sql`insert into figures (period, at, measure, label, n) ${counts}
      on conflict (period, at, measure, label) do update set n = excluded.n`.execute(tx);
