import type { BubbleFate } from '../domain/reply-state.ts';
import type { Queryable } from './database.ts';

/** A bubble with the reply it belongs to. */
export interface BubbleOfReply extends BubbleFate {
  message: number;
  /** When the reply was written. */
  writtenAt: Date;
}

/** The bubbles of these replies, in order. */
export async function bubblesOf(db: Queryable, messages: readonly number[]): Promise<BubbleOfReply[]> {
  if (messages.length === 0) return [];
  const rows = await db
    .selectFrom('reply_parts as p')
    .innerJoin('messages as m', 'm.id', 'p.message')
    .select(['p.message', 'p.state', 'p.reason', 'p.sent_at', 'p.delivered_at', 'p.read_at', 'm.occurred_at'])
    .where('p.message', 'in', [...messages])
    .orderBy('p.message')
    .orderBy('p.position')
    .execute();
  return rows.map((row) => ({
    message: row.message,
    writtenAt: row.occurred_at,
    state: row.state,
    reason: row.reason ?? undefined,
    sentAt: row.sent_at ?? undefined,
    deliveredAt: row.delivered_at ?? undefined,
    readAt: row.read_at ?? undefined,
  }));
}

/** The latest thing an agent wrote to the customer, on one ticket if that is said. */
export async function lastAgentReply(
  db: Queryable,
  conversation: number,
  ticket?: number,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('messages')
    .select('id')
    .where('conversation', '=', conversation)
    .where('author', '=', 'agent')
    .where('kind', '=', 'said')
    .$if(ticket !== undefined, (query) => query.where('ticket', '=', ticket!))
    .orderBy('occurred_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}
