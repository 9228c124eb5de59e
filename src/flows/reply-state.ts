import { fateOfReply, type ReplyFate } from '../domain/reply-state.ts';
import type { Queryable } from '../store/database.ts';
import { bubblesOf, lastAgentReply } from '../store/reply-fates.ts';

/** A reply (or anything else that was sent in bubbles) and what became of it, as far as the platform told. */
export interface ReplyState extends ReplyFate {
  message: number;
  writtenAt: Date;
}

/** What became of each of these messages; one that was not sent in bubbles is left out. */
export async function replyStates(db: Queryable, messages: readonly number[]): Promise<Map<number, ReplyState>> {
  const bubbles = Map.groupBy(await bubblesOf(db, messages), ({ message }) => message);
  return new Map(
    [...bubbles].map(([message, own]) => [message, { message, writtenAt: own[0]!.writtenAt, ...fateOfReply(own)! }]),
  );
}

/**
 * The state of the last reply an agent wrote in a conversation (on one of its tickets, if that is said), with its times.
 * Undefined while no agent has answered.
 */
export async function lastReplyState(
  db: Queryable,
  conversation: number,
  ticket?: number,
): Promise<ReplyState | undefined> {
  const message = await lastAgentReply(db, conversation, ticket);
  return message === undefined ? undefined : (await replyStates(db, [message])).get(message);
}
