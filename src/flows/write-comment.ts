import { randomUUID } from 'node:crypto';
import { externalIdOf } from '../domain/external-id.ts';
import type { Marker, PersonId } from '../domain/ids.ts';
import { waitBeforeComment } from '../domain/pace.ts';
import type { CommentDraft, TicketDraft, UploadToken } from '../helpdesks/helpdesk.ts';
import { step } from '../kit/step.ts';
import { type CatchUp, leftFor } from '../queue/queue.ts';
import { beginComment, commentTimes, type LedgerComment } from '../store/comments.ts';
import type { Message } from '../store/messages.ts';
import { beginTicket, type LedgerTicket, setTicketState } from '../store/tickets.ts';
import { commentBody } from './comment-body.ts';
import { commentDropped, commentRefused, commentWritten } from './comment-ended.ts';
import { type CopiedFile, copyMedia } from './copy-media.ts';
import { knowPerson } from './know-person.ts';
import type { Place } from './ticket-for.ts';
import { type CommentRequest, type TicketWork, tryAgainLater, type Written } from './ticket-work.ts';
import { mappingContext } from './world.ts';

/** Writes a run of messages as one comment, on a ticket there is or as the first of a new one. */
export async function writeComment(work: TicketWork, place: Place, group: readonly Message[]): Promise<Written> {
  const ids = group.map(({ id }) => id);
  if ('ticket' in place) {
    const wait = waitBeforeComment(await commentTimes(work.world.db, place.ticket.id), work.world.tools.clock.now());
    if (wait > 0) return leftFor(wait);
  }
  const person = await knowPerson(work);
  if (person.result === 'never') return commentRefused(work, group, person.why);
  if (person.result !== 'done') return tryAgainLater(work.world, work.target, person, ids, attemptsOf(group));
  const files = await filesOf(work, group);
  if ('left' in files) return files;
  const draft = await draftOf(work, group, person.value, files);
  const comment = await begin(work, place, group, draft, person.value);
  return call(work, comment, group);
}

const attemptsOf = (group: readonly Message[]) => group[0]?.attempts ?? 0;

interface Files {
  copied: Map<number, CopiedFile[]>;
  uploads: UploadToken[];
}

async function filesOf(work: TicketWork, group: readonly Message[]): Promise<Files | (CatchUp & { left: true })> {
  const copied = new Map<number, CopiedFile[]>();
  const uploads: UploadToken[] = [];
  const attempts = attemptsOf(group);
  const again = (why: string) =>
    tryAgainLater(work.world, work.target, { result: 'later', why }, [group[0]!.id], attempts);
  for (const message of group) {
    const files = await copyMedia(work.world, work.connected, message, attempts);
    if (files.result === 'later') return again(files.why);
    copied.set(message.id, files.files);
    for (const file of files.files) {
      const uploaded = await upload(work, file);
      if (uploaded.result === 'later') return again(uploaded.why);
      if (uploaded.result === 'done') uploads.push(uploaded.token);
    }
  }
  return { copied, uploads };
}

/** Attaches a copy. A file the helpdesk refuses is told about in the comment instead. */
async function upload(
  work: TicketWork,
  file: CopiedFile,
): Promise<{ result: 'done'; token: UploadToken } | { result: 'none' } | { result: 'later'; why: string }> {
  const { media } = file;
  if (media.state === 'failed') return { result: 'none' };
  const limit = work.helpdesk.limits.attachmentBytes;
  if (media.bytes > limit) {
    file.media = {
      state: 'failed',
      name: media.name,
      reason: `it is larger than the helpdesk takes (${inMegabytes(limit)})`,
    };
    return { result: 'none' };
  }
  const bytes = await work.world.media.get(media.key);
  step('upload.asking');
  const uploaded = await work.helpdesk.session.upload({ name: media.name, contentType: media.contentType, bytes });
  step('upload.answered');
  if (uploaded.result === 'done') return { result: 'done', token: uploaded.value };
  if (uploaded.result !== 'never') return { result: 'later', why: uploaded.why };
  file.media = { state: 'failed', name: media.name, reason: `the helpdesk refused it: ${uploaded.why}` };
  return { result: 'none' };
}

const inMegabytes = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`;

async function draftOf(
  work: TicketWork,
  group: readonly Message[],
  person: PersonId,
  { copied, uploads }: Files,
): Promise<CommentDraft> {
  const [first] = group;
  return {
    marker: randomUUID() as Marker,
    author: first?.author === 'customer' ? person : 'service',
    public: first?.kind === 'said',
    body: await commentBody(work, group, copied),
    uploads,
  };
}

/** Notes in the ledger what is about to be asked, together with the ticket if it is a new one. */
async function begin(
  work: TicketWork,
  place: Place,
  group: readonly Message[],
  draft: CommentDraft,
  person: PersonId,
): Promise<LedgerComment> {
  const messages = group.map(({ id }) => id);
  const addTags = group.flatMap(({ detail }) => detail.tags ?? []);
  if ('ticket' in place) {
    const also = { ...(place.reopen ? { status: 'open' as const } : {}), ...(addTags.length > 0 ? { addTags } : {}) };
    const request: CommentRequest = { remoteId: place.ticket.remoteId, comment: draft, also };
    return beginComment(work.world.db, {
      ticket: place.ticket.id,
      kind: 'comment',
      marker: draft.marker,
      messages,
      request,
    });
  }
  return work.world.db.transaction().execute(async (tx) => {
    const ticket = place.unfinished ?? (await beginTicket(tx, newTicket(work, place.followUpOf)));
    const request: CommentRequest = { create: ticketDraft(work, ticket, place.followUpOf, draft, person) };
    return beginComment(tx, { ticket: ticket.id, kind: 'create', marker: draft.marker, messages, request });
  });
}

function newTicket({ connected, conversation, helpdesk }: TicketWork, followUpOf: LedgerTicket | undefined) {
  const user = externalIdOf(connected.channel.kind, connected.account.id, conversation.platformUser);
  return {
    conversation: conversation.id,
    helpdesk: helpdesk.id,
    externalId: `${user}:${randomUUID().slice(0, 8)}`,
    followUpOf: followUpOf?.id,
  };
}

function ticketDraft(
  work: TicketWork,
  ticket: LedgerTicket,
  followUpOf: LedgerTicket | undefined,
  comment: CommentDraft,
  requester: PersonId,
): TicketDraft {
  const context = mappingContext(work.connected, work.conversation);
  const { tickets } = work.world.mapping;
  return {
    externalId: ticket.externalId,
    idempotencyKey: comment.marker,
    requester,
    subject: tickets.subject(context),
    comment,
    tags: tickets.tags(context),
    fields: tickets.fields(context),
    ...(followUpOf?.remoteId ? { followUpOf: followUpOf.remoteId } : {}),
  };
}

/** The one place where a comment is asked for; `settleComment` repeats it only where a repeat cannot double it. */
async function call(work: TicketWork, comment: LedgerComment, group: readonly Message[]): Promise<Written> {
  const { session } = work.helpdesk;
  const request = comment.request as CommentRequest;
  if ('create' in request) {
    step('ticket.creating');
    const created = await session.createTicket(request.create);
    step('ticket.created');
    if (created.result === 'done') return commentWritten(work, comment, created.value.comment, created.value.ticket.id);
    return ended(work, comment, group, created);
  }
  step('comment.adding');
  const added = await session.addComment(request.remoteId, request.comment, request.also);
  step('comment.added');
  if (added.result === 'done') return commentWritten(work, comment, added.value.comment);
  if (added.result === 'closed' || added.result === 'gone') {
    await setTicketState(work.world.db, comment.ticket, added.result);
    await commentDropped(work, comment);
    return { left: false };
  }
  return ended(work, comment, group, added);
}

async function ended(
  work: TicketWork,
  comment: LedgerComment,
  group: readonly Message[],
  trouble: Exclude<Awaited<ReturnType<TicketWork['helpdesk']['session']['createTicket']>>, { result: 'done' }>,
): Promise<Written> {
  if (trouble.result !== 'unsure') await commentDropped(work, comment);
  if (trouble.result === 'never') return commentRefused(work, group, trouble.why);
  return tryAgainLater(work.world, work.target, trouble, comment.messages, attemptsOf(group));
}
