import type { Request } from 'express';
import { type Answer, closedRefusal, created, forbidden, invalid, noContent, notFound, ok } from './answer.ts';
import { addAudit, changeEvents, checkComment, isRefusal } from './comments.ts';
import { type Desk, type Fields, fieldsIn, type Handler, numberIn, type Route } from './desk.ts';
import { fireTriggers } from './fire-triggers.ts';
import { onceOnly } from './idempotency.ts';
import { perMinute, perTenMinutes, useLimits } from './limits.ts';
import { refuseFields } from './named.ts';
import { pageOf, text } from './paging.ts';
import { livingUser, now, type Status, staff, type Ticket, userOf } from './state.ts';
import { tagRoutes, tagsIn, withChosen } from './tags.ts';
import { wireAudit, wireComment, wireTicket, wireUser } from './wire.ts';

export const ticketRoutes: Route[] = [
  ['get', '/tickets', list],
  ['post', '/tickets', (desk, request) => onceOnly(desk.state, request, () => create(desk, request))],
  ['get', '/tickets/:id', withTicket((desk, ticket) => ok({ ticket: wireTicket(desk.url(), ticket) }))],
  ['put', '/tickets/:id', withTicket(update)],
  ['delete', '/tickets/:id', withTicket(remove)],
  ['delete', '/deleted_tickets/:id', removeForGood],
  ['get', '/tickets/:id/comments', withTicket(comments)],
  ['get', '/tickets/:id/audits', withTicket(audits)],
  ...tagRoutes(withTicket),
];

type TicketHandler = (desk: Desk, ticket: Ticket, request: Request) => Answer;

/** A deleted ticket is as one that never was. */
function withTicket(act: TicketHandler): Handler {
  return (desk, request) => {
    const ticket = desk.state.tickets.get(numberIn(request));
    return ticket && ticket.status !== 'deleted' ? act(desk, ticket, request) : notFound;
  };
}

function list(desk: Desk, request: Request): Answer {
  const externalId = text(request, 'external_id');
  const tickets = [...desk.state.tickets.values()].filter(
    (ticket) => ticket.status !== 'deleted' && (externalId === undefined || ticket.externalId === externalId),
  );
  return ok(pageOf(desk.url(), request, 'tickets', tickets, (ticket) => wireTicket(desk.url(), ticket)));
}

/** Fields with a meaning of their own here; every other one is kept as given. */
const ownFields = new Set([
  ...['comment', 'metadata', 'subject', 'status', 'tags', 'external_id', 'requester_id', 'requester', 'submitter_id'],
  ...['via_followup_source_id', 'id', 'url', 'safe_update', 'updated_stamp', 'created_at', 'updated_at'],
]);

const otherFields = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !ownFields.has(name)));

const settable: Status[] = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];
const statusIn = (fields: Fields): Status | 'wrong' | undefined => {
  const value = fields['status'];
  if (value === undefined) return undefined;
  return settable.find((status) => status === value) ?? 'wrong';
};

function create(desk: Desk, request: Request): Answer {
  const { state } = desk;
  const fields = fieldsIn(request, 'ticket');
  if (!fields) return invalid({ base: ['Ticket: cannot be blank', 'BlankValue'] });
  const requesterId = Number(fields['requester_id'] ?? staff.service);
  if (!livingUser(state, requesterId)) return invalid({ requester: ['Requester: is invalid', 'InvalidValue'] });
  const comment = checkComment(state, fields['comment'], Number(fields['submitter_id'] ?? staff.service));
  if (comment === undefined) return invalid({ base: ['Description: cannot be blank', 'BlankValue'] });
  if (isRefusal(comment)) return comment;
  const status = statusIn(fields);
  if (status === 'wrong') return invalid({ status: ['Status: is not valid', 'InvalidValue'] });
  const refused = refuseFields(state, fields);
  if (refused) return refused;
  const ticket = newTicket(desk, fields, requesterId, status ?? 'new');
  ticket.tags = withChosen(state, ticket.tags, fields['custom_fields']);
  const changes = changeEvents(state, { status: [null, ticket.status], tags: [[], ticket.tags] });
  const { audit } = addAudit(state, ticket, staff.service, { comment, custom: fields['metadata'], changes });
  desk.changed();
  fireTriggers(desk, { ticket, by: staff.service, made: true, public: comment.public, was: undefined });
  return created({ ticket: wireTicket(desk.url(), ticket), audit: wireAudit(ticket, audit) });
}

/** Puts a ticket there, as yet without a comment. */
export function newTicket({ state }: Desk, fields: Fields, requesterId: number, status: Status): Ticket {
  const source = state.tickets.get(Number(fields['via_followup_source_id']));
  // Of a ticket that is not closed no follow-up is made: the field has no effect.
  const followed = source?.status === 'closed' ? source : undefined;
  state.lastTicket += 1;
  const at = now(state);
  const ticket: Ticket = {
    id: state.lastTicket,
    subject: String(fields['subject'] ?? ''),
    status,
    tags: tagsIn(fields['tags']) ?? [...(followed?.tags ?? [])],
    externalId: typeof fields['external_id'] === 'string' ? fields['external_id'] : null,
    requesterId,
    followupSourceId: followed?.id ?? null,
    followupIds: [],
    fields: otherFields(fields),
    comments: [],
    audits: [],
    createdAt: at,
    updatedAt: at,
    via: 'api',
  };
  followed?.followupIds.push(ticket.id);
  state.tickets.set(ticket.id, ticket);
  return ticket;
}

function update(desk: Desk, ticket: Ticket, request: Request): Answer {
  const limited = useLimits(desk.state, [
    perMinute('ticket-updates', desk.limits.ticketUpdatesPerMinute),
    perTenMinutes(`ticket-update-${ticket.id}`, desk.limits.ticketUpdatesPerTenMinutes),
  ]);
  if (limited) return limited;
  if (ticket.status === 'closed') return closedRefusal;
  const fields = fieldsIn(request, 'ticket') ?? {};
  if (isStale(ticket, fields)) return collision;
  const status = statusIn(fields);
  if (status === 'wrong') return invalid({ status: ['Status: is not valid', 'InvalidValue'] });
  const comment = checkComment(desk.state, fields['comment'], staff.service, ticket);
  if (isRefusal(comment)) return comment;
  return refuseFields(desk.state, fields) ?? apply(desk, ticket, fields, comment, status);
}

function apply(
  desk: Desk,
  ticket: Ticket,
  fields: Fields,
  comment: Exclude<ReturnType<typeof checkComment>, Answer>,
  status: Status | undefined,
): Answer {
  const before = { status: ticket.status, tags: ticket.tags };
  const byCustomer = comment?.public && userOf(desk.state, comment.authorId).role === 'end-user';
  ticket.status = status ?? (byCustomer && ticket.status !== 'new' ? 'open' : ticket.status);
  ticket.tags = tagsIn(fields['tags']) ?? ticket.tags;
  if (typeof fields['subject'] === 'string') ticket.subject = fields['subject'];
  if (typeof fields['external_id'] === 'string') ticket.externalId = fields['external_id'];
  setFields(ticket, otherFields(fields));
  ticket.tags = withChosen(desk.state, ticket.tags, fields['custom_fields']);
  const { audit } = addAudit(desk.state, ticket, staff.service, {
    comment,
    custom: fields['metadata'],
    changes: changeEvents(desk.state, {
      status: [before.status, ticket.status],
      tags: [before.tags, ticket.tags],
    }),
  });
  desk.changed();
  fireTriggers(desk, { ticket, by: staff.service, made: false, public: comment?.public, was: before });
  return ok({ ticket: wireTicket(desk.url(), ticket), audit: wireAudit(ticket, audit) });
}

/** Custom fields are set one by one; those that are not named keep their values. */
function setFields(ticket: Ticket, fields: Fields): void {
  const lists = [ticket.fields['custom_fields'], fields['custom_fields']];
  const all = lists.flatMap((list) => (Array.isArray(list) ? (list as { id: unknown }[]) : []));
  Object.assign(ticket.fields, fields);
  if (all.length > 0)
    ticket.fields['custom_fields'] = [...new Map(all.map((field) => [Number(field.id), field])).values()];
}

const collision: Answer = {
  status: 409,
  body: { error: 'UpdateConflict', description: 'Safe Update prevented the update due to outdated ticket data.' },
};

/** `safe_update` guards whatever its value, as in the real one. */
function isStale(ticket: Ticket, fields: Fields): boolean {
  if (fields['safe_update'] === undefined) return false;
  const stamp = Date.parse(String(fields['updated_stamp']));
  return Math.floor(ticket.updatedAt.getTime() / 1000) !== Math.floor(stamp / 1000);
}

function remove(desk: Desk, ticket: Ticket): Answer {
  ticket.status = 'deleted';
  ticket.updatedAt = now(desk.state);
  desk.changed();
  return noContent;
}

/** Of a ticket that was deleted nothing is left but its number. */
function removeForGood(desk: Desk, request: Request): Answer {
  const ticket = desk.state.tickets.get(numberIn(request));
  if (ticket?.status !== 'deleted') return notFound;
  if (!desk.mayRedact) return forbidden;
  desk.state.tickets.delete(ticket.id);
  desk.changed();
  return ok({ job_status: { id: String(ticket.id), status: 'queued' } });
}

function comments(desk: Desk, ticket: Ticket, request: Request): Answer {
  const page = pageOf(desk.url(), request, 'comments', ticket.comments, (comment) => wireComment(desk.url(), comment));
  if (!text(request, 'include')?.split(',').includes('users')) return ok(page);
  const authors = new Set(ticket.comments.map(({ authorId }) => authorId));
  return ok({ ...page, users: [...authors].map((id) => wireUser(desk.url(), userOf(desk.state, id))) });
}

function audits(desk: Desk, ticket: Ticket, request: Request): Answer {
  return ok(pageOf(desk.url(), request, 'audits', ticket.audits, (audit) => wireAudit(ticket, audit)));
}
