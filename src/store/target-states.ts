import { sql } from 'kysely';
import type { Duration } from '../domain/duration.ts';
import type { Target } from '../domain/target.ts';
import type { Queryable } from './database.ts';
import type { TargetState } from './tables.ts';

/**
 * A target whose work waits: it does not answer, or its account is broken (the token died, a permission is missing). The
 * row goes when a call succeeds again.
 */
export interface WaitingTarget {
  target: string;
  state: TargetState;
  reason: string;
  since: Date;
  /** When the next probe may go. */
  probeAt: Date;
}

/**
 * Marks it, or puts off the next probe of one that is marked: the longer it lasts the more, up to a minute. Returns
 * whether it is new.
 */
export async function markWaiting(
  db: Queryable,
  target: Target,
  state: TargetState,
  reason: string,
  probeIn: Duration,
): Promise<boolean> {
  const { rows } = await sql<{ fresh: boolean }>`
    insert into target_states (target, state, reason, probe_at)
    values (${target}, ${state}, ${reason}, now() + ${probeIn} * interval '1 millisecond')
    on conflict (target) do update set
      state = excluded.state, reason = excluded.reason,
      probe_at = now() + greatest(${probeIn} * interval '1 millisecond',
        least(interval '1 minute', (now() - target_states.since) / 4))
    returning (xmax = 0) as fresh`.execute(db);
  return rows[0]?.fresh ?? false;
}

/** Returns whether it was marked. */
export async function markMended(db: Queryable, target: Target): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('target_states').where('target', '=', target).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Lets one caller among all replicas try the target; the others wait for what comes of it. */
export async function claimProbe(db: Queryable, target: Target, putOff: Duration): Promise<boolean> {
  const { rows } = await sql`
    update target_states set probe_at = now() + ${putOff} * interval '1 millisecond'
    where target = ${target} and probe_at <= now() returning target`.execute(db);
  return rows.length > 0;
}

export async function waitingTargets(db: Queryable): Promise<WaitingTarget[]> {
  const rows = await db.selectFrom('target_states').selectAll().orderBy('target').execute();
  return rows.map(({ target, state, reason, since, probe_at }) => ({
    target,
    state,
    reason,
    since,
    probeAt: probe_at,
  }));
}

/** The next probe may go at once: a person mended something. False when the target does not wait. */
export async function probeAtOnce(db: Queryable, target: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('target_states')
    .set({ probe_at: now })
    .where('target', '=', target)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
