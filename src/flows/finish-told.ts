import type { TicketId } from '../domain/ids.ts';
import { done, type Outcome } from '../domain/outcome.ts';
import { allDone, type CatchUp } from '../queue/queue.ts';
import { firstRequestOf } from '../store/comments.ts';
import { waitForTicketOpened } from '../store/deliveries.ts';
import { wasCalledAbout } from '../store/early-callbacks.ts';
import { ticketOpened, toldTicket } from '../store/tickets.ts';
import { type CommentRequest, type TicketWork, tryAgainLater } from './ticket-work.ts';

/**
 * A helpdesk that takes pushed resources has told the number of this conversation's ticket: it gets what it could not be opened
 * with (tags, place, fields), and from now on is a ticket like all others. What the helpdesk refuses of that holds nothing up.
 */
export async function finishTold(work: TicketWork): Promise<CatchUp> {
  const { world, helpdesk } = work;
  const ticket = await toldTicket(world.db, work.conversation.id, helpdesk.id);
  if (!ticket) return allDone;
  const finished = await finish(work, ticket);
  if (finished.result !== 'done' && finished.result !== 'never')
    return tryAgainLater(world, work.target, finished, [], 1);
  if (finished.result === 'never')
    world.tools.log.warn('ticket.not-finished', { helpdesk: helpdesk.id, ticket: ticket.id, why: finished.why });
  await world.db.transaction().execute(async (tx) => {
    await ticketOpened(tx, ticket.id, ticket.told);
    await waitForTicketOpened(tx, work.target, work.conversation.id);
    if (await wasCalledAbout(tx, helpdesk.id, ticket.told))
      await world.queue.wake(tx, [{ queue: 'replies', key: `${helpdesk.id}|${ticket.told}` }]);
  });
  world.tools.log.info('ticket.told', { helpdesk: helpdesk.id, ticket: ticket.id });
  return allDone;
}

async function finish({ world, helpdesk }: TicketWork, ticket: { id: number; told: TicketId }): Promise<Outcome<void>> {
  const request = (await firstRequestOf(world.db, ticket.id)) as CommentRequest | undefined;
  if (!request || !('create' in request)) return done(undefined);
  return helpdesk.session.finishTicket?.(ticket.told, request.create) ?? done(undefined);
}
