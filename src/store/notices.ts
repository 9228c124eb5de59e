import { sql } from 'kysely';
import type { Queryable, Tx } from './database.ts';
import type { NoticeState } from './order-tables.ts';

export interface Notice {
  id: number;
  customer: number;
  purpose: string;
  /** As `priorities` (domain/consent.ts) counts. */
  priority: number;
  /** The name of its texts: `order.shipped`. */
  event: string;
  orderEvent: number | undefined;
  campaign: number | undefined;
  language: string | undefined;
  variables: Record<string, unknown>;
  state: NoticeState;
  reason: string | undefined;
  notBefore: Date;
  expiresAt: Date;
  createdAt: Date;
  /** When a platform took it. */
  sentAt: Date | undefined;
  endedAt: Date | undefined;
  conversation: number | undefined;
  message: number | undefined;
}

export interface NewNotice {
  customer: number;
  purpose: string;
  priority: number;
  event: string;
  orderEvent?: number | undefined;
  campaign?: number | undefined;
  language?: string | undefined;
  variables?: Record<string, unknown> | undefined;
  notBefore?: Date | undefined;
  expiresAt: Date;
  /** At most one notice has it, ever. */
  dedupeKey?: string | undefined;
}

/** Undefined: there is one with its key already. */
export async function addNotice(tx: Tx, notice: NewNotice): Promise<number | undefined> {
  const row = await tx
    .insertInto('notices')
    .values({
      customer: notice.customer,
      purpose: notice.purpose,
      priority: notice.priority,
      event: notice.event,
      order_event: notice.orderEvent ?? null,
      campaign: notice.campaign ?? null,
      language: notice.language ?? null,
      variables: notice.variables ? JSON.stringify(notice.variables) : null,
      expires_at: notice.expiresAt,
      dedupe_key: notice.dedupeKey ?? null,
      ...(notice.notBefore ? { not_before: notice.notBefore } : {}),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

export async function noticeById(db: Queryable, id: number): Promise<Notice | undefined> {
  const row = await db.selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst();
  return row && noticeOf(row);
}

/** What is open of a customer: first what an account has already, then the more important, then the older. */
export async function openNotices(db: Queryable, customer: number): Promise<Notice[]> {
  const { rows } = await sql<NoticeRow>`
    select * from notices where customer = ${customer} and state in ('waiting', 'sending')
    order by state = 'sending' desc, priority desc, id limit 100`.execute(db);
  return rows.map(noticeOf);
}

/** Customers with notices whose time has come, that nobody seems to be at: woken again by the sweep. */
export async function customersWithDueNotices(db: Queryable, before: Date, most: number): Promise<number[]> {
  const { rows } = await sql<{ customer: number }>`
    select customer from (
      select customer, not_before from notices where state in ('waiting', 'sending') and not_before <= ${before}
      order by not_before limit ${most}) due group by customer order by min(not_before)`.execute(db);
  return rows.map(({ customer }) => customer);
}

/** The notices of an order, the latest first. */
export async function noticesOfOrder(db: Queryable, order: number): Promise<Notice[]> {
  const { rows } = await sql<NoticeRow>`
    select n.* from notices n join order_events e on e.id = n.order_event
    where e."order" = ${order} order by n.id desc limit 200`.execute(db);
  return rows.map(noticeOf);
}

export async function noticeOfMessage(db: Queryable, message: number): Promise<Notice | undefined> {
  const { rows } = await sql<NoticeRow>`
    select n.* from notice_tries t join notices n on n.id = t.notice where t.message = ${message}`.execute(db);
  return rows[0] && noticeOf(rows[0]);
}

/** It waits on, until then. Nothing when it has ended meanwhile. */
export async function noticeWaits(db: Queryable, id: number, until: Date, reason: string): Promise<void> {
  await db
    .updateTable('notices')
    .set({ state: 'waiting', not_before: until, reason })
    .where('id', '=', id)
    .where('state', 'in', ['waiting', 'sending'])
    .execute();
}

/** When an account that has it is looked at again. */
export async function noticeLookedAt(db: Queryable, id: number, again: Date): Promise<void> {
  await db
    .updateTable('notices')
    .set({ not_before: again })
    .where('id', '=', id)
    .where('state', 'in', ['waiting', 'sending'])
    .execute();
}

/** Ends it, unless it has ended. Returns whether it did. */
export async function endNotice(
  db: Queryable,
  id: number,
  ended: {
    state: Exclude<NoticeState, 'held' | 'waiting' | 'sending'>;
    at: Date;
    reason?: string;
    conversation?: number;
    message?: number;
  },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('notices')
    .set({
      state: ended.state,
      ended_at: ended.at,
      reason: ended.reason ?? null,
      ...(ended.conversation === undefined ? {} : { conversation: ended.conversation }),
      ...(ended.message === undefined ? {} : { message: ended.message }),
    })
    .where('id', '=', id)
    .where('state', 'in', ['held', 'waiting', 'sending'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Until the transaction ends: what a platform tells of it, and what is made of that, see each other. */
export async function lockNotice(tx: Tx, id: number): Promise<void> {
  await tx.selectFrom('notices').select('id').where('id', '=', id).forUpdate().execute();
}

/**
 * Whether it may still go out: while it was judged its campaign may have been paused or stopped, or something newer been told
 * instead. Locks it until the transaction ends.
 */
export async function mayBeginNotice(tx: Tx, id: number): Promise<boolean> {
  const row = await tx
    .selectFrom('notices')
    .select('id')
    .where('id', '=', id)
    .where('state', 'in', ['waiting', 'sending'])
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

/** A platform took it. Returns whether that is news. */
export async function noticeIsSent(tx: Tx, id: number, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('notices')
    .set({ sent_at: at })
    .where('id', '=', id)
    .where('sent_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** What was sent by this message did not arrive after all: another way may be tried, if its time is not over. */
export async function reopenNotice(tx: Tx, id: number, message: number, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('notices')
    .set({ state: 'sending', not_before: at, ended_at: null })
    .where('id', '=', id)
    .where('message', '=', message)
    .where('state', 'in', ['sent', 'sending'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** What the platform told later of one that was sent; never backwards. Returns whether it is news. */
export async function noticeArrived(db: Queryable, id: number, state: 'delivered' | 'read'): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('notices')
    .set({ state })
    .where('id', '=', id)
    .where('state', 'in', state === 'read' ? ['sent', 'delivered'] : ['sent'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends those of an order that nothing was begun of, as something newer is told instead. */
export async function replaceNotices(
  tx: Tx,
  order: number,
  newer: { types: readonly string[]; before: Date; at: Date; reason: string },
): Promise<number> {
  if (newer.types.length === 0) return 0;
  const { numAffectedRows } =
    await sql`update notices n set state = 'replaced', ended_at = ${newer.at}, reason = ${newer.reason}
    from order_events e where e.id = n.order_event and e."order" = ${order} and n.state = 'waiting'
      and e.type = any(${[...newer.types]}::text[]) and e.occurred_at < ${newer.before}
      and n.not_before > ${newer.at}
      and not exists (select 1 from notice_tries t where t.notice = n.id and t.state in ('sending', 'unsure'))`.execute(
      tx,
    );
  return Number(numAffectedRows ?? 0n);
}

interface NoticeRow {
  id: number;
  customer: number;
  purpose: string;
  priority: number;
  event: string;
  order_event: number | null;
  campaign: number | null;
  language: string | null;
  variables: Record<string, unknown> | null;
  state: NoticeState;
  reason: string | null;
  not_before: Date;
  expires_at: Date;
  created_at: Date;
  sent_at: Date | null;
  ended_at: Date | null;
  conversation: number | null;
  message: number | null;
}

const noticeOf = (row: NoticeRow): Notice => ({
  id: row.id,
  customer: row.customer,
  purpose: row.purpose,
  priority: row.priority,
  event: row.event,
  orderEvent: row.order_event ?? undefined,
  campaign: row.campaign ?? undefined,
  language: row.language ?? undefined,
  variables: row.variables ?? {},
  state: row.state,
  reason: row.reason ?? undefined,
  notBefore: row.not_before,
  expiresAt: row.expires_at,
  createdAt: row.created_at,
  sentAt: row.sent_at ?? undefined,
  endedAt: row.ended_at ?? undefined,
  conversation: row.conversation ?? undefined,
  message: row.message ?? undefined,
});

/** How many are planned and not sent yet, by state; those states are indexed, so that it stays quick. */
export async function openNoticeCounts(db: Queryable): Promise<{ state: string; count: number }[]> {
  const { rows } = await sql<{ state: string; count: number }>`
    select s.state, (case s.state when 'held' then (select count(*) from notices where state = 'held')
      else (select count(*) from notices n where n.state in ('waiting', 'sending') and n.state = s.state) end)::int as count
    from (values ('held'), ('waiting'), ('sending')) s (state)`.execute(db);
  return rows;
}
