import { sql } from 'kysely';
import type { Target } from '../domain/target.ts';
import type { Queryable } from './database.ts';

/** What was last found when looking whether a platform still calls us. */
export interface Watch {
  target: string;
  /** Undefined: it could not be found out; `why` says what hindered. */
  subscribed: boolean | undefined;
  why: string | undefined;
  fix: string | undefined;
  checkedAt: Date;
  /** Since when nothing came, where that is unusual. */
  silentSince: Date | undefined;
}

export async function saveSubscription(
  db: Queryable,
  target: Target,
  found: { subscribed?: boolean; why?: string; fix?: string },
): Promise<void> {
  const news = {
    subscribed: found.subscribed ?? null,
    why: found.why ?? null,
    fix: found.fix ?? null,
    checked_at: new Date(),
  };
  await db
    .insertInto('watches')
    .values({ target, ...news })
    .onConflict((conflict) => conflict.column('target').doUpdateSet(news))
    .execute();
}

/** Returns whether that is news. */
export async function saveSilence(db: Queryable, target: Target, since: Date | undefined): Promise<boolean> {
  const before = await watchOf(db, target);
  if (!before && !since) return false;
  const news = { silent_since: since ?? null };
  await db
    .insertInto('watches')
    .values({ target, ...news })
    .onConflict((conflict) => conflict.column('target').doUpdateSet(news))
    .execute();
  return Boolean(before?.silentSince) !== Boolean(since);
}

export async function watchOf(db: Queryable, target: Target): Promise<Watch | undefined> {
  return (await watches(db)).find((watch) => watch.target === target);
}

export async function watches(db: Queryable): Promise<Watch[]> {
  const rows = await db.selectFrom('watches').selectAll().orderBy('target').execute();
  return rows.map((row) => ({
    target: row.target,
    subscribed: row.subscribed ?? undefined,
    why: row.why ?? undefined,
    fix: row.fix ?? undefined,
    checkedAt: row.checked_at,
    silentSince: row.silent_since ?? undefined,
  }));
}

/** Drops what is known of targets that are no longer configured. */
export async function keepWatches(db: Queryable, targets: readonly Target[]): Promise<void> {
  await sql`delete from watches where not target = any(${[...targets]}::text[])`.execute(db);
}
