import type { Request } from 'express';
import { type Answer, ok, unprocessable } from './answer.ts';
import { addAudit, changeEvents } from './comments.ts';
import type { Desk, Fields, Route } from './desk.ts';
import { fireTriggers } from './fire-triggers.ts';
import { frameworkOf, refuseInstance, sendEvents } from './framework.ts';
import { errorShape, type PushedResource, pushShape } from './framework-shapes.ts';
import { type Attachment, addUser, type Framework, livingUsers, nextId, now, type Ticket, type User } from './state.ts';
import { newTicket } from './tickets.ts';
import { addAttachment } from './uploads.ts';
import { htmlOf } from './wire.ts';

export const pushRoutes: Route[] = [
  ['post', '/any_channel/push', push],
  ['post', '/any_channel/channelback/report_error', reportError],
];

interface Result {
  external_resource_id: string;
  status: { code: string; description?: string };
}

/** Takes resources in, in their order; one whose id is known is not taken again. */
async function push(desk: Desk, request: Request): Promise<Answer> {
  const refusal = refuseInstance(desk, request.headers.authorization, request.body);
  if (refusal) return refusal;
  const read = pushShape.safeParse(request.body);
  if (!read.success)
    return unprocessable(
      'RecordInvalid',
      read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    );
  const framework = frameworkOf(desk)!;
  if (framework.off) return unprocessable('RecordInvalid', 'the integration account is deactivated');
  const results: Result[] = [];
  const events: Fields[] = [];
  for (const resource of read.data.external_resources) results.push(await take(desk, framework, resource, events));
  const data = { request_id: read.data.request_id ?? '', resource_events: events };
  if (events.length > 0) sendEvents(desk, [{ type_id: 'resources_created_from_external_ids', data }]);
  desk.changed();
  return ok({ results });
}

async function take(desk: Desk, framework: Framework, resource: PushedResource, events: Fields[]): Promise<Result> {
  const result = (code: string, description?: string): Result => ({
    external_resource_id: resource.external_id,
    status: { code, ...(description && { description }) },
  });
  if (framework.imported.has(resource.external_id)) return result('already_imported');
  const known = resource.parent_id === undefined ? undefined : framework.imported.get(resource.parent_id);
  if (resource.parent_id !== undefined && !known) return result('could_not_locate_parent_external_resource');
  const files = await fetchAll(desk, resource.file_urls ?? []);
  if (!files) return result('processing_error', 'a file could not be fetched');
  // It may have been taken while files were fetched.
  if (framework.imported.has(resource.external_id)) return result('already_imported');
  const { ticket, how } = ticketFor(desk, framework, resource, known?.ticket);
  const comment = say(desk, ticket, resource, files, how === 'comment_on_new_ticket');
  framework.imported.set(resource.external_id, { ticket: ticket.id, comment });
  const followUp = how === 'comment_on_follow_up_ticket' ? { follow_up_ticket_id: ticket.id } : {};
  const onto = ticket.followupSourceId !== null && followUp.follow_up_ticket_id ? ticket.followupSourceId : ticket.id;
  events.push({ type_id: how, external_id: resource.external_id, ticket_id: onto, comment_id: comment, ...followUp });
  return result('success');
}

async function fetchAll({ state }: Desk, urls: readonly string[]): Promise<Attachment[] | undefined> {
  const files: Attachment[] = [];
  for (const url of urls) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    if (!answer?.ok) return undefined;
    const contentType = answer.headers.get('content-type') ?? 'application/octet-stream';
    const [, name] = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '') ?? [];
    files.push(
      addAttachment(state, { name: name ?? 'file', contentType, bytes: Buffer.from(await answer.arrayBuffer()) }),
    );
  }
  return files;
}

function ticketFor(desk: Desk, framework: Framework, resource: PushedResource, parent: number | undefined) {
  const { state } = desk;
  const thread = resource.thread_id ?? resource.external_id;
  const current = state.tickets.get(parent ?? framework.threads.get(thread) ?? 0);
  if (current && current.status !== 'closed' && current.status !== 'deleted')
    return { ticket: current, how: 'comment_on_existing_ticket' as const };
  const followed = current?.status === 'closed' && framework.manifest.create_followup_tickets === true;
  const subject = resource.fields?.find(({ id }) => String(id).toLowerCase() === 'subject')?.value;
  const fields = {
    subject: String(subject ?? resource.message.slice(0, 80)),
    ...(followed && { via_followup_source_id: current.id }),
  };
  const ticket = newTicket(desk, fields, authorOf(desk, framework, resource).id, 'new');
  ticket.via = 'any_channel';
  framework.threads.set(thread, ticket.id);
  return { ticket, how: followed ? ('comment_on_follow_up_ticket' as const) : ('comment_on_new_ticket' as const) };
}

/** The author by their identity of this channel; made when there is none. */
function authorOf({ state }: Desk, { instance }: Framework, { author }: PushedResource): User {
  const value = `${instance}:${author.external_id}`;
  const known = livingUsers(state).find(({ identities }) =>
    identities.some((each) => each.type === 'any_channel' && each.value === value),
  );
  if (known) return known;
  const made = addUser(state, {
    name: author.name ?? author.external_id,
    role: 'end-user',
    photoUrl: author.image_url ?? null,
  });
  made.identities.push({ id: nextId(state), type: 'any_channel', value });
  return made;
}

function say(desk: Desk, ticket: Ticket, resource: PushedResource, attachments: Attachment[], made: boolean): number {
  const { state } = desk;
  const author = authorOf(desk, frameworkOf(desk)!, resource);
  const isPublic = resource.internal_note !== true;
  const was = { status: ticket.status, tags: ticket.tags };
  if (isPublic && ticket.status !== 'new') ticket.status = 'open';
  const body = resource.message;
  const said = { authorId: author.id, public: isPublic, body, htmlBody: htmlOf(body), attachments, via: 'any_channel' };
  const changes = changeEvents(state, { status: [made ? null : was.status, ticket.status] });
  const { comment } = addAudit(state, ticket, author.id, { comment: said, changes });
  ticket.updatedAt = now(state);
  fireTriggers(desk, { ticket, by: author.id, made, public: isPublic, was: made ? undefined : was });
  return comment!.id;
}

/** A reply that was taken did not reach the customer after all: agents see it at their comment. */
function reportError(desk: Desk, request: Request): Answer {
  const refusal = refuseInstance(desk, request.headers.authorization, request.body);
  if (refusal) return refusal;
  const read = errorShape.safeParse(request.body);
  if (!read.success) return unprocessable('RecordInvalid', 'external_id is required');
  const handed = frameworkOf(desk)!.handedOver.get(read.data.external_id);
  const comment = desk.state.tickets.get(handed?.ticket ?? 0)?.comments.find(({ id }) => id === handed?.comment);
  if (!comment) return unprocessable('RecordInvalid', 'there is no such channelback');
  comment.channelError = read.data.description ?? 'not delivered';
  desk.changed();
  return ok('');
}
