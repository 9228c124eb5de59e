import { milliseconds, minutes, seconds } from '../domain/duration.ts';
import type { Marker } from '../domain/ids.ts';
import { step } from '../kit/step.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import type { LedgerComment } from '../store/comments.ts';
import { setTicketState, ticketById } from '../store/tickets.ts';
import { commentDropped, commentWritten } from './comment-ended.ts';
import { type CommentRequest, restless, type TicketWork, tryAgainLater } from './ticket-work.ts';

/** As long as a repeat with the same idempotency key is recognised (Zendesk: 2 hours), with a margin. */
const keyHolds = minutes(110);

/** Between two looks for a comment that is not there yet. */
const lookAgain = seconds(5);

/** Finds out what became of a comment whose answer never came, and ends it one way or the other. */
export async function settleComment(work: TicketWork, comment: LedgerComment): Promise<CatchUp> {
  const age = work.world.tools.clock.now().getTime() - comment.startedAt.getTime();
  if (age < restless) return leftFor(restless);
  const request = comment.request as CommentRequest;
  const { thread } = 'create' in request ? request.create.comment : request.comment;
  if (work.helpdesk.session.pushes && thread) return askAgain(work, comment, request);
  return 'create' in request
    ? settleCreated(work, comment, request.create, age)
    : settleAdded(work, comment, request, age);
}

/** Where a repeat is recognised by its marker whenever it comes, it is the look-up. */
async function askAgain(work: TicketWork, comment: LedgerComment, request: CommentRequest): Promise<CatchUp> {
  const { session } = work.helpdesk;
  const asked =
    'create' in request
      ? await session.createTicket(request.create)
      : await session.addComment(request.remoteId, request.comment, request.also);
  step('comment.sought');
  if (asked.result === 'done') return commentWritten(work, comment, asked.value.comment);
  if (asked.result === 'never' || asked.result === 'closed' || asked.result === 'gone') return drop(work, comment);
  return tryAgainLater(work.world, work.target, asked, comment.messages, 2);
}

async function settleCreated(
  work: TicketWork,
  comment: LedgerComment,
  draft: Extract<CommentRequest, { create: unknown }>['create'],
  age: number,
): Promise<CatchUp> {
  const ticket = await ticketById(work.world.db, comment.ticket);
  const found = await work.helpdesk.session.findTickets(ticket?.externalId ?? draft.externalId);
  step('ticket.sought');
  if (found.result !== 'done') return stuck(work, comment, found);
  const [there] = found.value;
  if (there) return commentWritten(work, comment, undefined, there.id);
  if (age > keyHolds) return drop(work, comment);
  const turn = await work.helpdesk.session.takeTurn('ticket');
  if (turn.result !== 'done') return stuck(work, comment, turn);
  // The same key and the same words: if the first one arrived after all, this answers with that ticket.
  const created = await work.helpdesk.session.createTicket(draft);
  if (created.result === 'done') return commentWritten(work, comment, created.value.comment, created.value.ticket?.id);
  if (created.result === 'never') return drop(work, comment);
  return tryAgainLater(work.world, work.target, created, comment.messages, 2);
}

/**
 * A comment has no key by which a repeat would be recognised. Not found is not proof: a request whose caller has gone, or waited
 * no longer, may still stand in a queue over there. It is looked for again until that time is over, and only then written anew.
 */
async function settleAdded(
  work: TicketWork,
  comment: LedgerComment,
  request: Extract<CommentRequest, { remoteId: unknown }>,
  age: number,
): Promise<CatchUp> {
  const found = await work.helpdesk.session.findComment(request.remoteId, comment.marker as Marker);
  step('comment.sought');
  if (found.result !== 'done') return stuck(work, comment, found);
  if (found.value !== undefined) return commentWritten(work, comment, found.value);
  const left = work.helpdesk.session.actsWithin - age;
  if (left > 0) return leftFor(milliseconds(Math.min(left, lookAgain)));
  return drop(work, comment);
}

/** The ticket itself cannot be asked any more: nothing of it will be seen again, so nothing can be doubled. */
async function stuck(
  work: TicketWork,
  comment: LedgerComment,
  trouble: Parameters<typeof tryAgainLater>[2] | { result: 'never'; why: string },
): Promise<CatchUp> {
  if (trouble.result !== 'never') return tryAgainLater(work.world, work.target, trouble, comment.messages, 2);
  if (comment.kind === 'comment') await setTicketState(work.world.db, comment.ticket, 'gone');
  return drop(work, comment);
}

async function drop(work: TicketWork, comment: LedgerComment): Promise<CatchUp> {
  await commentDropped(work, comment);
  return allDone;
}
