import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** A ticket as it was opened. */
export interface PastTicket {
  id: number;
  remoteId: string | undefined;
  mapping: number | undefined;
  at: Date;
  /** The messages that opened it, and what was asked of the helpdesk; empty where it was opened some other way. */
  messages: number[];
  request: unknown;
}

/** The latest tickets of a conversation, newest first. */
export async function pastTickets(db: Queryable, conversation: number, limit: number): Promise<PastTicket[]> {
  const { rows } = await sql<{
    id: number;
    remote_id: string | null;
    mapping: number | null;
    created_at: Date;
    messages: number[] | null;
    request: unknown;
  }>`
    select t.id, t.remote_id, t.mapping, t.created_at, c.messages, c.request from tickets t
    left join comments c on c.ticket = t.id and c.kind = 'create' and c.state = 'done'
    where t.conversation = ${conversation}
    order by t.id desc limit ${limit}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    remoteId: row.remote_id ?? undefined,
    mapping: row.mapping ?? undefined,
    at: row.created_at,
    messages: (row.messages ?? []).map(Number),
    request: row.request,
  }));
}

/** The conversation a helpdesk's ticket belongs to. */
export async function conversationOfTicket(db: Queryable, remoteId: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('tickets')
    .select('conversation')
    .where('remote_id', '=', remoteId)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return row?.conversation;
}
