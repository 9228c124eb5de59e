import { minutes, seconds } from '../domain/duration.ts';
import type { CommentId, Marker, TicketId } from '../domain/ids.ts';
import { done, type Outcome } from '../domain/outcome.ts';
import { removedText } from '../domain/removed.ts';
import type { CommentDraft, Redaction, TicketDraft } from '../helpdesks/helpdesk.ts';
import { allDone, type CatchUp } from '../queue/queue.ts';
import type { Tx } from '../store/database.ts';
import { endDeliveries } from '../store/deliveries.ts';
import type { Message } from '../store/messages.ts';
import { agentCommentsOf, commentsHolding, type HoldingComment, saveRequest } from '../store/redaction.ts';
import { type CommentRequest, type TicketWork, tryAgainLater } from './ticket-work.ts';

/**
 * Takes what an order names out of the comments it stands in: our own, where only the words and files of these messages go,
 * and those agents wrote. A crash at any point repeats some of it, which changes nothing. The words wait in the comment's row
 * until the helpdesk has let go of them: without them they would not be found there.
 */
export async function redactOnTickets(work: TicketWork, order: Message): Promise<CatchUp> {
  const { world, target } = work;
  const redacted = await redactAll(work, order.detail.redacts ?? []);
  if (redacted.result === 'done') {
    for (const { ms } of await endDeliveries(world.db, target, [order.id], 'done'))
      world.meters.delivery(target, 'done', ms);
    world.tools.log.info('ticket.redacted', { target, order: order.id, conversation: work.conversation.id });
    await world.health.answered(target);
    return allDone;
  }
  if (redacted.result !== 'never') return tryAgainLater(world, target, redacted, [order.id], order.attempts);
  await endDeliveries(world.db, target, [order.id], 'parked', redacted.why);
  world.meters.delivery(target, 'never');
  world.tools.log.error('delivery.parked', { target, messages: [order.id], why: redacted.why });
  return allDone;
}

/** All of it is tried, however one of them ends; the first refusal is told, but what is only late comes before it. */
async function redactAll(work: TicketWork, ids: readonly number[]): Promise<Outcome<void>> {
  let refused: Outcome<void> | undefined;
  const which = new Set(ids);
  for (const comment of await commentsHolding(work.world.db, work.conversation.id, ids)) {
    const redacted = await redactOurs(work, comment, which);
    if (redacted.result === 'never') refused ??= redacted;
    else if (redacted.result !== 'done') return redacted;
  }
  for (const { comment, ticket, helpdesk } of await agentCommentsOf(work.world.db, ids)) {
    const redacted = await ask(work, { ticket, helpdesk }, comment as CommentId, 'all');
    if (redacted.result === 'never') refused ??= redacted;
    else if (redacted.result !== 'done') return redacted;
  }
  return refused ?? done(undefined);
}

async function redactOurs(work: TicketWork, comment: HoldingComment, which: Set<number>): Promise<Outcome<void>> {
  const request = comment.request as CommentRequest;
  const what = redactionOf(comment, request, which);
  if (what === 'nothing') return done(undefined);
  if (comment.state === 'done') {
    const id = await idOf(work, comment);
    if (id.result !== 'done') return id;
    const asked = id.value === undefined ? id : await ask(work, comment, id.value, what, writtenIn(request));
    if (asked.result !== 'done') return asked;
  }
  await saveRequest(work.world.db, comment.id, blanked(request, what, which));
  return done(undefined);
}

/** An order was given up: somebody removed the words at the helpdesk, or they stay there. Here they are needed no more. */
export async function forgetWords(tx: Tx, conversation: number, ids: readonly number[]): Promise<void> {
  const which = new Set(ids);
  for (const comment of await commentsHolding(tx, conversation, ids)) {
    const request = comment.request as CommentRequest;
    const what = redactionOf(comment, request, which);
    if (what !== 'nothing') await saveRequest(tx, comment.id, blanked(request, what, which));
  }
}

const writtenIn = (request: CommentRequest): Written => ({
  body: draftIn(request).body,
  files: request.made?.files ?? [],
});

type Written = Pick<Exclude<Redaction, 'all'>, 'body' | 'files'>;

const draftIn = (request: CommentRequest): CommentDraft =>
  'create' in request ? request.create.comment : request.comment;

/** Everything where all of its messages go, or where an old row does not say what is whose. */
function redactionOf(comment: HoldingComment, request: CommentRequest, which: Set<number>): Redaction | 'nothing' {
  const { body } = draftIn(request);
  if (isBlank(body)) return 'nothing';
  if (!request.made) return 'all';
  const pieces = request.made.pieces.filter(({ message, from, to }) => {
    const text = body.slice(from, to);
    return which.has(message) && !isBlank(text) && !(comment.since && text.includes(removedText));
  });
  if (pieces.length === 0) return 'nothing';
  if (!comment.since && comment.messages.every((id) => which.has(id))) return 'all';
  return { body, pieces, files: request.made.files.filter(({ message }) => which.has(message)) };
}

/** What stands for a letter that was taken out, so that the places of the others stay. */
const blank = '▇';
const isBlank = (text: string) => /^▇*$/.test(text);

function blanked(request: CommentRequest, what: Redaction, which: Set<number>): CommentRequest {
  const draft = draftIn(request);
  const pieces = what === 'all' ? [{ from: 0, to: draft.body.length }] : what.pieces;
  let { body } = draft;
  for (const { from, to } of pieces) body = body.slice(0, from) + blank.repeat(to - from) + body.slice(to);
  const comment = { ...draft, body };
  const left = request.made?.files.filter(({ message }) => what !== 'all' && !which.has(message)) ?? [];
  const made = request.made ? { made: { ...request.made, files: left } } : {};
  return 'create' in request
    ? { ...request, create: { ...withoutAddresses(request.create), comment }, ...made }
    : { ...request, comment, ...made };
}

/** The ticket is there: how to reach its customer was told then, and may have been what the removed words said. */
function withoutAddresses(draft: TicketDraft): TicketDraft {
  return draft.customer ? { ...draft, customer: { name: draft.customer.name } } : draft;
}

/** The helpdesk may not have told it: it is found by what was put on it. Undefined: it is not there any more. */
async function idOf(
  { helpdesk, world }: TicketWork,
  { remoteId, ticket, marker, startedAt }: HoldingComment,
): Promise<Outcome<CommentId | undefined>> {
  if (remoteId !== null) return done(remoteId as CommentId);
  const { session } = helpdesk;
  const found = ticket === null ? done(undefined) : await session.findComment(ticket, marker as Marker);
  if (!session.pushes || found.result !== 'done' || found.value !== undefined) return found;
  const why = 'the helpdesk has not told which comment it is';
  if (world.tools.clock.now().getTime() - startedAt.getTime() < toldWithin)
    return { result: 'later', why, after: seconds(5) };
  return { result: 'never', why: `${why}: remove it there by hand` };
}

/** A helpdesk that tells comments afterwards does so within seconds, or not at all. */
const toldWithin = minutes(2);

async function ask(
  { helpdesk }: TicketWork,
  where: { ticket: TicketId | null; helpdesk: string },
  comment: CommentId,
  what: Redaction,
  written?: Written,
): Promise<Outcome<void>> {
  if (where.ticket === null) return done(undefined);
  if (where.helpdesk !== helpdesk.id)
    return {
      result: 'never',
      why: `its ticket ${where.ticket} is at ${where.helpdesk}, which this account no longer writes to: remove it there by hand`,
    };
  if (!helpdesk.session.redactComment)
    return { result: 'never', why: 'this helpdesk has no way to take words out of a comment: remove it there by hand' };
  return helpdesk.session.redactComment(where.ticket, comment, what, written);
}
