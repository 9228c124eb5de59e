import { sql } from 'kysely';
import type { CommentId, Marker } from '../domain/ids.ts';
import type { Target } from '../domain/target.ts';
import type { Queryable, Tx } from './database.ts';

/** A comment we write, noted before the call so that a crash between call and answer can be looked up. */
export interface LedgerComment {
  id: number;
  ticket: number;
  kind: 'create' | 'comment';
  marker: Marker;
  messages: number[];
  /** What was asked of the helpdesk, so that a repeated creation is the same to the letter. */
  request: unknown;
  startedAt: Date;
}

/**
 * Whether a comment with these messages may be noted now. False when another process took the conversation over while this
 * one stood still: then it has one open, or they have arrived. Locks the conversation until the transaction ends.
 */
export async function mayBegin(tx: Tx, target: Target, conversation: number, messages: number[]): Promise<boolean> {
  await tx.selectFrom('conversations').select('id').where('id', '=', conversation).forNoKeyUpdate().execute();
  const { rows } = await sql<{ may: boolean }>`
    select (select count(*) from deliveries
        where target = ${target} and message = any(${messages}::bigint[]) and state = 'waiting') = ${messages.length}
      and not exists (select from comments c join tickets t on t.id = c.ticket
        where t.conversation = ${conversation} and c.state = 'started') as may`.execute(tx);
  return rows[0]!.may;
}

export async function beginComment(
  db: Queryable,
  comment: Pick<LedgerComment, 'ticket' | 'kind' | 'marker' | 'messages' | 'request'>,
): Promise<LedgerComment> {
  const row = await db
    .insertInto('comments')
    .values({ ...comment, request: JSON.stringify(comment.request) })
    .returning(['id', 'started_at'])
    .executeTakeFirstOrThrow();
  return { ...comment, id: row.id, startedAt: row.started_at };
}

/** The comment whose outcome is not known: at most one a conversation, for one job at a time writes them. */
export async function openComment(db: Queryable, conversation: number): Promise<LedgerComment | undefined> {
  const row = await db
    .selectFrom('comments as c')
    .innerJoin('tickets as t', 't.id', 'c.ticket')
    .selectAll('c')
    .where('t.conversation', '=', conversation)
    .where('c.state', '=', 'started')
    .orderBy('c.id')
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    id: row.id,
    ticket: row.ticket,
    kind: row.kind,
    marker: row.marker as Marker,
    messages: row.messages.map(Number),
    request: row.request,
    startedAt: row.started_at,
  };
}

export async function endComment(
  db: Queryable,
  id: number,
  state: 'done' | 'dropped',
  remoteId?: CommentId,
): Promise<void> {
  await db
    .updateTable('comments')
    .set({ state, ended_at: new Date(), ...(remoteId === undefined ? {} : { remote_id: remoteId }) })
    .where('id', '=', id)
    .execute();
}

/** Ids of the comments this service wrote on a ticket, as far as the helpdesk told them. */
export async function writtenComments(db: Queryable, ticket: number): Promise<Set<CommentId>> {
  const rows = await db
    .selectFrom('comments')
    .select('remote_id')
    .where('ticket', '=', ticket)
    .where('remote_id', 'is not', null)
    .execute();
  return new Set(rows.map((row) => row.remote_id as CommentId));
}

/** When the ticket's latest comments were written, newest first. */
export async function commentTimes(db: Queryable, ticket: number): Promise<Date[]> {
  const rows = await db
    .selectFrom('comments')
    .select('started_at')
    .where('ticket', '=', ticket)
    .where('state', '!=', 'dropped')
    .orderBy('started_at', 'desc')
    .limit(40)
    .execute();
  return rows.map((row) => row.started_at);
}

/** What was asked for the first comment of a ticket that was opened by it. */
export async function firstRequestOf(db: Queryable, ticket: number): Promise<unknown> {
  const row = await db
    .selectFrom('comments')
    .select('request')
    .where('ticket', '=', ticket)
    .where('kind', '=', 'create')
    .where('state', '!=', 'dropped')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row?.request;
}

/** Whose comment was written with a marker: its row, its ticket, and the conversation's key. */
export interface MarkedComment {
  id: number;
  ticket: number;
  remoteTicket: string | null;
  conversation: number;
  account: string;
  platformUser: string;
}

export async function commentByMarker(
  db: Queryable,
  helpdesk: string,
  marker: string,
): Promise<MarkedComment | undefined> {
  return db
    .selectFrom('comments as c')
    .innerJoin('tickets as t', 't.id', 'c.ticket')
    .innerJoin('conversations as v', 'v.id', 't.conversation')
    .select([
      'c.id',
      'c.ticket',
      't.remote_id as remoteTicket',
      't.conversation',
      'v.account',
      'v.platform_user as platformUser',
    ])
    .where('c.marker', '=', marker)
    .where('t.helpdesk', '=', helpdesk)
    .executeTakeFirst();
}

/** Which comment it became, and on which ticket. */
export async function commentTold(
  db: Queryable,
  comment: MarkedComment,
  remoteId: string,
  ticket: string,
): Promise<void> {
  await db.updateTable('comments').set({ remote_id: remoteId }).where('id', '=', comment.id).execute();
  if (comment.remoteTicket !== ticket)
    await db.updateTable('tickets').set({ told_id: ticket }).where('id', '=', comment.ticket).execute();
}
