import { isCalledReply } from '../domain/called-reply.ts';
import { conversationKey } from '../domain/conversation-key.ts';
import type { ToldComment } from '../helpdesks/called.ts';
import { commentByMarker, commentTold } from '../store/comments.ts';
import type { Tx } from '../store/database.ts';
import { replyIsComment } from '../store/messages.ts';
import type { World } from './world.ts';

/**
 * Notes which comments the pushed ones became, and on which tickets. A ticket whose number is new is finished by the
 * conversation's own job. Told again, or in another order, it changes nothing more.
 */
export async function takeTold(
  world: Pick<World, 'db' | 'queue' | 'tools'>,
  helpdesk: string,
  told: readonly ToldComment[],
): Promise<void> {
  if (told.length === 0) return;
  await world.db.transaction().execute(async (tx) => {
    for (const each of told) await takeOne(tx, world, helpdesk, each);
  });
  world.tools.log.info('comments.told', { helpdesk, comments: told.length });
}

async function takeOne(tx: Tx, { queue }: Pick<World, 'queue'>, helpdesk: string, told: ToldComment): Promise<void> {
  if (isCalledReply(told.marker)) return replyIsComment(tx, helpdesk, told.marker, told);
  const comment = await commentByMarker(tx, helpdesk, told.marker);
  if (!comment) return;
  await commentTold(tx, comment, told.comment, told.ticket);
  if (comment.remoteTicket === told.ticket) return;
  const key = conversationKey(comment.account, comment.platformUser);
  await queue.wake(tx, [{ queue: 'conversation', key }]);
}
