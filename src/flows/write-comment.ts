import { randomUUID } from 'node:crypto';
import { externalIdOf } from '../domain/external-id.ts';
import type { Marker, PersonId } from '../domain/ids.ts';
import { answerUntil } from '../domain/window.ts';
import type { ThreadPlace } from '../helpdesks/called.ts';
import type { CommentDraft, TicketDraft } from '../helpdesks/helpdesk.ts';
import { step } from '../kit/step.ts';
import { leftFor } from '../queue/queue.ts';
import { beginComment, type LedgerComment, mayBegin } from '../store/comments.ts';
import type { Message } from '../store/messages.ts';
import { beginTicket, type LedgerTicket, setTicketState } from '../store/tickets.ts';
import { commentBody } from './comment-body.ts';
import { commentDropped, commentRefused, commentWritten } from './comment-ended.ts';
import { type CommentFiles, commentFiles } from './comment-files.ts';
import { asFarAsFitFor } from './fit-for.ts';
import { knowPerson } from './know-person.ts';
import { tellOfOrder } from './order-of-customer.ts';
import { type PlacedTicket, placeLess, placeTicket, tellOfRouting } from './place-ticket.ts';
import { windowOf } from './platform-policy.ts';
import { noteSigns, signsOn } from './signs-with-comment.ts';
import type { Place } from './ticket-for.ts';
import type { FoundSigns } from './ticket-signs.ts';
import {
  type CommentRequest,
  type MadeOf,
  restless,
  type TicketWork,
  tryAgainLater,
  type Written,
} from './ticket-work.ts';
import { nameOf } from './world.ts';

/** Writes a run of messages as one comment, on a ticket there is or as the first of a new one. */
export async function writeComment(work: TicketWork, place: Place, group: readonly Message[]): Promise<Written> {
  const ids = group.map(({ id }) => id);
  const person = await knowPerson(work);
  if (person.result === 'never') return commentRefused(work, group, person.why);
  if (person.result !== 'done') return tryAgainLater(work.world, work.target, person, ids, attemptsOf(group));
  const files = await commentFiles(work, group);
  if ('left' in files) return files;
  const { draft, made } = await draftOf(work, group, person.value, files);
  const found = await signsOn(work, place);
  if (found) draft.signs = found.signs;
  const placed = 'ticket' in place ? undefined : await placeTicket(work, group);
  if (placed && 'left' in placed) return placed;
  const begunAt = work.world.tools.clock.now().getTime();
  const also = { follow: files.follow, made };
  const comment = await begin(work, place, group, draft, person.value, also, placed);
  // Another process has taken this conversation over meanwhile: what is left to do is seen anew.
  if (!comment) return { left: false };
  return call(work, comment, group, begunAt, found);
}

const attemptsOf = (group: readonly Message[]) => group[0]?.attempts ?? 0;

async function draftOf(
  work: TicketWork,
  group: readonly Message[],
  person: PersonId,
  { fates, uploads, attached }: CommentFiles,
): Promise<{ draft: CommentDraft; made: MadeOf }> {
  const [first] = group;
  const { body, pieces } = await commentBody(work, group, fates);
  const draft: CommentDraft = {
    marker: randomUUID() as Marker,
    ...(first?.author === 'customer'
      ? { author: person, authorName: nameOf(work.connected, work.conversation) }
      : { author: 'service' }),
    // What was sent by itself, or from the app, reaches the customer by another way.
    public: first?.kind !== 'note' && !['service', 'shop', 'agent'].includes(first?.author ?? ''),
    body,
    uploads,
    ...answerUntilOf(work),
    ...refusedIn(group),
  };
  return { draft, made: { pieces, files: attached } };
}

const refusedIn = (group: readonly Message[]): Pick<CommentDraft, 'refuses'> => {
  const refuses = group.flatMap(({ detail }) => detail.refuses ?? []);
  return refuses.length > 0 ? { refuses } : {};
};

/** By what the customer last did; a note or an answer of ours changes nothing about it. */
function answerUntilOf({ world, connected, conversation }: TicketWork): { answerUntil?: string } {
  const rules = windowOf(world.policy, connected, world.tools.clock.now());
  const until = answerUntil(conversation.lastCustomerAt, rules);
  return until ? { answerUntil: until.toISOString() } : {};
}

/** Notes in the ledger what is about to be asked, together with the ticket if it is a new one. */
async function begin(
  work: TicketWork,
  place: Place,
  group: readonly Message[],
  draft: CommentDraft,
  person: PersonId,
  noted: Pick<CommentRequest, 'follow' | 'made'>,
  placed: PlacedTicket | undefined,
): Promise<LedgerComment | undefined> {
  const messages = group.map(({ id }) => id);
  const addTags = group.flatMap(({ detail }) => detail.tags ?? []);
  return work.world.db.transaction().execute(async (tx) => {
    if (!(await mayBegin(tx, work.target, work.conversation.id, messages))) return undefined;
    if ('ticket' in place || !placed) {
      if (!('ticket' in place)) return undefined;
      Object.assign(draft, threadOf(work, place.ticket, group));
      const also = { ...(place.reopen ? { status: 'open' as const } : {}), ...(addTags.length > 0 ? { addTags } : {}) };
      const request: CommentRequest = { remoteId: place.ticket.remoteId, comment: draft, also, ...noted };
      return beginComment(tx, { ticket: place.ticket.id, kind: 'comment', marker: draft.marker, messages, request });
    }
    const ticket = place.unfinished ?? (await beginTicket(tx, newTicket(work, group, place.followUpOf)));
    Object.assign(draft, threadOf(work, ticket, group));
    const request: CommentRequest = {
      create: ticketDraft(work, placed, ticket, place.followUpOf, draft, person),
      ...noted,
    };
    if (placed.problem !== undefined) await tellOfRouting(tx, work, ticket.id, placed);
    await tellOfOrder(tx, work, ticket.id);
    return beginComment(tx, { ticket: ticket.id, kind: 'create', marker: draft.marker, messages, request });
  });
}

const userOf = ({ connected, conversation }: TicketWork): string =>
  externalIdOf(connected.channel.kind, connected.account.id, conversation.platformUser);

/** Only where it goes by a thread: what was begun before is settled as it was begun. */
function threadOf(
  work: TicketWork,
  { externalId }: LedgerTicket,
  [first]: readonly Message[],
): { thread?: ThreadPlace } {
  if (!work.helpdesk.session.pushes) return {};
  const at = first?.at ?? work.world.tools.clock.now();
  const customer = { externalId: userOf(work), name: nameOf(work.connected, work.conversation) };
  return { thread: { id: externalId, customer, at: at.toISOString() } };
}

function newTicket(work: TicketWork, group: readonly Message[], followUpOf: LedgerTicket | undefined) {
  const { conversation, helpdesk } = work;
  const user = userOf(work);
  return {
    conversation: conversation.id,
    helpdesk: helpdesk.id,
    externalId: `${user}:${randomUUID().slice(0, 8)}`,
    followUpOf: followUpOf?.id,
    mapping: group[0]?.mapping,
  };
}

function ticketDraft(
  work: TicketWork,
  { plan, placement }: PlacedTicket,
  ticket: LedgerTicket,
  followUpOf: LedgerTicket | undefined,
  comment: CommentDraft,
  requester: PersonId,
): TicketDraft {
  return {
    externalId: ticket.externalId,
    idempotencyKey: comment.marker,
    requester,
    customer: customerOf(work),
    subject: plan.subject,
    comment,
    tags: plan.tags,
    fields: plan.fields,
    ...(Object.keys(placement).length > 0 ? { placement } : {}),
    ...(followUpOf?.remoteId ? { followUpOf: followUpOf.remoteId } : {}),
  };
}

function customerOf({ world, connected, conversation }: TicketWork): NonNullable<TicketDraft['customer']> {
  const { email, phone } = asFarAsFitFor('showOnTicket', world.mapping, conversation).customer.profile;
  return { name: nameOf(connected, conversation), ...(email ? { email } : {}), ...(phone ? { phone } : {}) };
}

/**
 * The one place where a comment is asked for; `settleComment` repeats it only where a repeat cannot double it. A process
 * that stood still after it noted the comment asks for nothing: another may have looked it up in vain and written it.
 */
async function call(
  work: TicketWork,
  comment: LedgerComment,
  group: readonly Message[],
  begunAt: number,
  found: FoundSigns | undefined,
): Promise<Written> {
  const { session } = work.helpdesk;
  const request = comment.request as CommentRequest;
  if ('create' in request) {
    step('ticket.creating');
    if (stoodStill(work, begunAt)) return leftFor(restless);
    const created = await session.createTicket(request.create);
    step('ticket.created');
    if (created.result === 'done') {
      const { signed, ticket } = created.value;
      const written = await commentWritten(work, comment, created.value.comment, ticket?.id);
      if (signed) await noteSigns(work, comment, found);
      return written;
    }
    return ended(work, comment, group, created);
  }
  step('comment.adding');
  if (stoodStill(work, begunAt)) return leftFor(restless);
  const added = await session.addComment(request.remoteId, request.comment, request.also);
  step('comment.added');
  if (added.result === 'done') {
    const written = await commentWritten(work, comment, added.value.comment);
    if (added.value.signed) await noteSigns(work, comment, found);
    return written;
  }
  if (added.result === 'closed' || added.result === 'gone') {
    await setTicketState(work.world.db, comment.ticket, added.result);
    await commentDropped(work, comment);
    return { left: false };
  }
  return ended(work, comment, group, added);
}

const stoodStill = ({ world }: TicketWork, begunAt: number) =>
  world.tools.clock.now().getTime() - begunAt > restless / 2;

async function ended(
  work: TicketWork,
  comment: LedgerComment,
  group: readonly Message[],
  trouble: Exclude<Awaited<ReturnType<TicketWork['helpdesk']['session']['createTicket']>>, { result: 'done' }>,
): Promise<Written> {
  if (trouble.result !== 'unsure') await commentDropped(work, comment);
  if (trouble.result === 'never') {
    const request = comment.request as CommentRequest;
    if ('create' in request && placeLess(work, group, request.create, trouble.why)) return { left: false };
    return commentRefused(work, group, trouble.why);
  }
  return tryAgainLater(work.world, work.target, trouble, comment.messages, attemptsOf(group));
}
