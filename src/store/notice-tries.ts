import type { Selectable } from 'kysely';
import type { Queryable, Tx } from './database.ts';
import type { NoticeForm, NoticeTryState } from './order-tables.ts';
import type { Tables } from './tables.ts';

/** One account tried for a notice. */
export interface NoticeTry {
  id: number;
  notice: number;
  account: string;
  conversation: number;
  form: NoticeForm | undefined;
  message: number | undefined;
  state: NoticeTryState;
  reason: string | undefined;
  startedAt: Date;
  endedAt: Date | undefined;
}

/** In the order they were begun. */
export async function triesOf(db: Queryable, notice: number): Promise<NoticeTry[]> {
  const rows = await db.selectFrom('notice_tries').selectAll().where('notice', '=', notice).orderBy('id').execute();
  return rows.map(tryOf);
}

export async function tryOfMessage(db: Queryable, message: number): Promise<NoticeTry | undefined> {
  const row = await db.selectFrom('notice_tries').selectAll().where('message', '=', message).executeTakeFirst();
  return row && tryOf(row);
}

const tryOf = (row: Selectable<Tables['notice_tries']>): NoticeTry => ({
  id: row.id,
  notice: row.notice,
  account: row.account,
  conversation: row.conversation,
  form: row.form ?? undefined,
  message: row.message ?? undefined,
  state: row.state,
  reason: row.reason ?? undefined,
  startedAt: row.started_at,
  endedAt: row.ended_at ?? undefined,
});

/** Begins a step, of a notice that is locked (`mayBeginNotice`): it is with this account now, as this message. */
export async function beginTry(
  tx: Tx,
  step: { notice: number; account: string; conversation: number; form: NoticeForm; message: number; at: Date },
): Promise<number> {
  const { at, ...values } = step;
  await tx
    .updateTable('notices')
    .set({ state: 'sending', reason: null, conversation: step.conversation, message: step.message })
    .where('id', '=', step.notice)
    .execute();
  const row = await tx
    .insertInto('notice_tries')
    .values({ ...values, state: 'sending', started_at: at })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** An account that was not asked, and why. One row for each reason. */
export async function passOver(
  db: Queryable,
  step: { notice: number; account: string; conversation: number; reason: string; at: Date },
): Promise<void> {
  const { at, ...values } = step;
  await db
    .insertInto('notice_tries')
    .values({ ...values, state: 'passed', started_at: at, ended_at: at })
    .execute();
}

export async function endTry(
  db: Queryable,
  id: number,
  state: Exclude<NoticeTryState, 'sending' | 'passed'>,
  at: Date,
  reason?: string,
): Promise<void> {
  await db
    .updateTable('notice_tries')
    .set({ state, ended_at: at, reason: reason ?? null })
    .where('id', '=', id)
    .execute();
}
