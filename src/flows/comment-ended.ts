import type { CommentId, TicketId } from '../domain/ids.ts';
import { endComment, type LedgerComment } from '../store/comments.ts';
import { type Ended, endDeliveries, waitForTicketOpened } from '../store/deliveries.ts';
import { wasCalledAbout } from '../store/early-callbacks.ts';
import { type Message, putOnTicket } from '../store/messages.ts';
import { ticketOpened } from '../store/tickets.ts';
import { filesFollow } from './file-follows.ts';
import type { CommentRequest, TicketWork, Written } from './ticket-work.ts';

/** The comment is there: its messages have arrived. `created` is the ticket it opened, if it did. */
export async function commentWritten(
  work: TicketWork,
  comment: LedgerComment,
  remoteId: CommentId | undefined,
  created?: TicketId,
): Promise<Written> {
  const { world, target } = work;
  const arrived: Ended[] = await world.db.transaction().execute(async (tx) => {
    if (created) {
      await ticketOpened(tx, comment.ticket, created);
      await waitForTicketOpened(tx, target, work.conversation.id);
      // What a callback told of that came before this is read now.
      if (await wasCalledAbout(tx, work.helpdesk.id, created))
        await world.queue.wake(tx, [{ queue: 'replies', key: `${work.helpdesk.id}|${created}` }]);
    }
    await endComment(tx, comment.id, 'done', remoteId);
    await putOnTicket(tx, comment.messages, comment.ticket);
    await filesFollow(tx, work.connected, comment, (comment.request as CommentRequest).follow ?? []);
    return endDeliveries(tx, target, comment.messages, 'done');
  });
  for (const { ms } of arrived) world.meters.delivery(target, 'done', ms);
  world.tools.log.info('comment.written', {
    target,
    conversation: work.conversation.id,
    ticket: comment.ticket,
    kind: comment.kind,
    messages: comment.messages.length,
    ms: Math.max(0, ...arrived.map(({ ms }) => Math.round(ms))),
  });
  await world.health.answered(target);
  return { left: false, whole: true };
}

/** It surely is not there: its messages go on waiting. */
export async function commentDropped({ world }: TicketWork, comment: LedgerComment): Promise<void> {
  await endComment(world.db, comment.id, 'dropped');
}

/** Refused for good. Of several, each is tried alone first, so that one bad message does not take the others with it. */
export async function commentRefused(work: TicketWork, group: readonly Message[], why: string): Promise<Written> {
  if (group.length > 1) return { left: false, refused: true };
  const ids = group.map(({ id }) => id);
  await endDeliveries(work.world.db, work.target, ids, 'parked', why);
  work.world.meters.delivery(work.target, 'never');
  await work.world.health.answered(work.target);
  work.world.tools.log.error('delivery.parked', { target: work.target, messages: ids, why });
  return { left: false };
}
