import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Queryable, Tx } from './database.ts';
import type { ErasureState, ErasureStepState } from './shop-tables.ts';

/** Whom a platform asks to forget, by its own word for them, and on which accounts. */
export interface AskedByPlatform {
  kind: string;
  accounts: string[];
  user: string;
}

export interface Erasure {
  id: number;
  /** Told to whoever asked; finds the receipt again. */
  code: string;
  customer: number | undefined;
  asked: AskedByPlatform | undefined;
  askedBy: string;
  askedAt: Date;
  state: ErasureState;
  endedAt: Date | undefined;
}

/** One thing to be done at one place. */
export interface ErasureStep {
  id: number;
  /** `ledger`, `vault`, or a target: `helpdesk:acme-zendesk`. */
  place: string;
  what: StepKind;
  ref: Record<string, unknown> | undefined;
  state: ErasureStepState;
  /** How many things were removed. */
  count: number;
  reason: string | undefined;
  attempts: number;
  endedAt: Date | undefined;
}

export type StepKind =
  | ('rows' | 'work under way' | 'raw webhooks' | 'kept events')
  | ('files' | 'ticket' | 'person' | 'history' | 'consents' | 'contact' | 'identity');

/** Letters and digits nobody can guess; read over the phone without doubt. */
const newCode = (): string => {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  return [...randomBytes(16)].map((byte) => letters[byte % letters.length]).join('');
};

export async function addErasure(
  tx: Queryable,
  erasure: { customer?: number; asked?: AskedByPlatform; askedBy: string },
): Promise<Pick<Erasure, 'id' | 'code'>> {
  return tx
    .insertInto('erasures')
    .values({
      code: newCode(),
      customer: erasure.customer ?? null,
      asked: erasure.asked ? JSON.stringify(erasure.asked) : null,
      asked_by: erasure.askedBy,
    })
    .returning(['id', 'code'])
    .executeTakeFirstOrThrow();
}

export type NewStep = Pick<ErasureStep, 'place' | 'what'> & { ref?: Record<string, unknown> };

export async function addSteps(tx: Queryable, erasure: number, steps: readonly NewStep[]): Promise<void> {
  if (steps.length === 0) return;
  await tx
    .insertInto('erasure_steps')
    .values(steps.map(({ place, what, ref }) => ({ erasure, place, what, ref: JSON.stringify(ref ?? {}) })))
    .execute();
}

/** What was done already when it was noted. */
export async function addDoneStep(
  tx: Queryable,
  erasure: number,
  { place, what, count }: Pick<ErasureStep, 'place' | 'what' | 'count'>,
): Promise<void> {
  await tx
    .insertInto('erasure_steps')
    .values({ erasure, place, what, ref: null, state: 'done', count, ended_at: new Date() })
    .execute();
}

export async function stepsOf(db: Queryable, erasure: number): Promise<ErasureStep[]> {
  const rows = await db.selectFrom('erasure_steps').selectAll().where('erasure', '=', erasure).orderBy('id').execute();
  return rows.map((row) => ({
    id: row.id,
    place: row.place,
    what: row.what as StepKind,
    ref: row.ref ?? undefined,
    state: row.state,
    count: row.count,
    reason: row.reason ?? undefined,
    attempts: row.attempts,
    endedAt: row.ended_at ?? undefined,
  }));
}

/** It is over: what it was about is forgotten as well. */
export async function endStep(
  db: Queryable,
  step: number,
  state: 'done' | 'refused',
  { count = 0, reason }: { count?: number; reason?: string } = {},
): Promise<void> {
  await sql`update erasure_steps set state = ${state}, count = count + ${count}, reason = ${reason ?? null},
      ref = ${state === 'done' ? null : sql`ref`}, ended_at = now()
    where id = ${step} and state = 'waiting'`.execute(db);
}

/** How far it came. */
export async function saveStep(db: Queryable, step: number, ref: Record<string, unknown>, count = 0): Promise<void> {
  await sql`update erasure_steps set ref = ${JSON.stringify(ref)}::jsonb, count = count + ${count}
    where id = ${step} and state = 'waiting'`.execute(db);
}

export async function stepLater(db: Queryable, step: number, reason: string): Promise<void> {
  await sql`update erasure_steps set attempts = attempts + 1, reason = ${reason} where id = ${step}`.execute(db);
}

/** Refused steps are tried once more. Returns how many. */
export async function retrySteps(tx: Tx, erasure: number): Promise<number> {
  const { rows } = await sql`update erasure_steps set state = 'waiting', attempts = 0, ended_at = null
    where erasure = ${erasure} and state = 'refused' returning id`.execute(tx);
  if (rows.length > 0)
    await tx.updateTable('erasures').set({ state: 'working', ended_at: null }).where('id', '=', erasure).execute();
  return rows.length;
}

export async function setErasure(
  db: Queryable,
  id: number,
  change: { state: ErasureState; customer?: number; ended?: true; forgetAsked?: true },
): Promise<void> {
  await db
    .updateTable('erasures')
    .set({
      state: change.state,
      ...(change.customer === undefined ? {} : { customer: change.customer }),
      ...(change.ended ? { ended_at: new Date() } : {}),
      ...(change.forgetAsked ? { asked: null } : {}),
    })
    .where('id', '=', id)
    .execute();
}

export const erasureById = (db: Queryable, id: number) => one(db, 'id', id);
export const erasureByCode = (db: Queryable, code: string) => one(db, 'code', code);

async function one(db: Queryable, column: 'id' | 'code', value: number | string): Promise<Erasure | undefined> {
  const row = await db.selectFrom('erasures').selectAll().where(column, '=', value).executeTakeFirst();
  return row && erasureOf(row);
}

export async function listErasures(db: Queryable, limit: number): Promise<Erasure[]> {
  const rows = await db.selectFrom('erasures').selectAll().orderBy('id', 'desc').limit(limit).execute();
  return rows.map(erasureOf);
}

/** Those with something left to do. */
export async function openErasures(db: Queryable): Promise<number[]> {
  const rows = await db
    .selectFrom('erasures')
    .select('id')
    .where('state', 'in', ['waiting', 'working'])
    .orderBy('id')
    .limit(1_000)
    .execute();
  return rows.map(({ id }) => id);
}

function erasureOf(row: {
  id: number;
  code: string;
  customer: number | null;
  asked: AskedByPlatform | null;
  asked_by: string;
  asked_at: Date;
  state: ErasureState;
  ended_at: Date | null;
}): Erasure {
  return {
    id: row.id,
    code: row.code,
    customer: row.customer ?? undefined,
    asked: row.asked ?? undefined,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    state: row.state,
    endedAt: row.ended_at ?? undefined,
  };
}
