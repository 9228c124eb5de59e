import type { CommentId, PersonId, TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { CommentDraft, Ticket, TicketDraft, TicketStatus } from '../helpdesk.ts';
import type { ZendeskApi } from './api.ts';
import type { Refusal } from './failure.ts';
import type { Names } from './names.ts';
import { attempt } from './outcome.ts';
import { pagesOf } from './pages.ts';
import type { People } from './people.ts';
import { placementFields } from './place.ts';
import { refusalCode } from './refusal.ts';
import { ticketBody, ticketsBody, type WireAudit, type WireTicket, writtenBody } from './wire.ts';

/** Zendesk's statuses as ours; any other (new, open, pending, hold, a custom one) takes comments and is `open`. */
const statuses: Record<string, TicketStatus> = { solved: 'solved', closed: 'closed', deleted: 'gone' };

export function ticketOf(wire: WireTicket): Ticket {
  return {
    id: wire.id as TicketId,
    status: statuses[wire.status] ?? 'open',
    ...(wire.requester_id && { requester: wire.requester_id as PersonId }),
    ...(wire.updated_at && { updatedAt: new Date(wire.updated_at) }),
  };
}

/**
 * Opens a ticket. The idempotency key holds for two hours; within them a repeat gives the same ticket, and the same key with
 * another draft is `unsure`: a ticket is there, to be found by external id (Zendesk developer docs, "Idempotency").
 */
export function createTicket(
  api: ZendeskApi,
  people: People,
  names: Pick<Names, 'forget'>,
  draft: TicketDraft,
  shown: ShownFields = {},
): Promise<Outcome<{ ticket: Ticket; comment?: CommentId; signed?: boolean }>> {
  return attempt(
    'once',
    async () => {
      const extras = { idempotencyKey: draft.idempotencyKey, turnTaken: true } as const;
      const written = await api.post(writtenBody, ['tickets'], { ticket: wireDraft(draft, shown) }, extras);
      return { ticket: ticketOf(written.ticket), ...commentIn(written.audit), ...(shown.signs && { signed: true }) };
    },
    async (refusal) => {
      // It may be of a group or a brand that was deleted since its name was looked up.
      if (refusal.status === 422) names.forget();
      return sameKeyOtherDraft(refusal) ?? personGone(refusal, people, [draft.requester, draft.comment.author]);
    },
  );
}

function wireDraft(draft: TicketDraft, shown: ShownFields): Record<string, unknown> {
  return {
    ...draft.fields,
    ...placementFields(draft.placement ?? {}),
    ...customFields(draft.comment, shown, draft.fields['custom_fields']),
    subject: draft.subject,
    requester_id: Number(draft.requester),
    external_id: draft.externalId,
    tags: draft.tags,
    ...(draft.followUpOf && { via_followup_source_id: Number(draft.followUpOf) }),
    ...wireComment(draft.comment),
  };
}

/** What a comment takes along to the fields of its ticket. */
export interface ShownFields {
  /** The id of the field that the account names. */
  answerUntilField?: string | undefined;
  signs?: readonly { id: number; value: string }[] | undefined;
}

/** `2026-11-26 14:05 UTC`: sorts as it reads. */
export const zendeskTime = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** What else is set stays, for Zendesk sets only the fields that are named. */
export function customFields(
  { answerUntil }: CommentDraft,
  { answerUntilField, signs = [] }: ShownFields,
  others?: unknown,
): { custom_fields?: unknown[] } {
  const named =
    answerUntilField === undefined || answerUntil === undefined
      ? []
      : [{ id: Number(answerUntilField), value: zendeskTime(answerUntil) }];
  const ours = [...new Map([...signs, ...named].map((field) => [field.id, field])).values()];
  return ours.length === 0 ? {} : { custom_fields: [...(Array.isArray(others) ? others : []), ...ours] };
}

/** The comment and, for `findComment`, its marker, which Zendesk keeps in the audit. */
export function wireComment({
  body,
  public: isPublic,
  author,
  uploads,
  marker,
}: CommentDraft): Record<string, unknown> {
  return {
    comment: {
      body,
      public: isPublic,
      ...(author !== 'service' && { author_id: Number(author) }),
      ...(uploads.length > 0 && { uploads }),
    },
    metadata: { passerelle: { marker } },
  };
}

/** The id of the comment an audit tells of: that of its Comment event. */
export function commentIn(audit: WireAudit | null | undefined): { comment?: CommentId } {
  const event = audit?.events.find(({ type }) => type === 'Comment');
  return event ? { comment: event.id as CommentId } : {};
}

function sameKeyOtherDraft({ status, body }: Refusal) {
  if (status !== 400 || refusalCode(body) !== 'IdempotentRequestError') return undefined;
  return { result: 'unsure', why: 'Zendesk has a ticket with this key and other content' } as const;
}

/** A 422 because the customer's user is no more: `people` will seek it again at the next `ensurePerson`. */
export async function personGone({ status }: Pick<Refusal, 'status'>, people: People, ids: (PersonId | 'service')[]) {
  if (status !== 422) return undefined;
  const persons = new Set(ids.filter((id): id is PersonId => id !== 'service'));
  for (const person of persons) {
    if (await people.isGone(person))
      return { result: 'later', why: "the customer's Zendesk user was deleted or merged" } as const;
  }
  return undefined;
}

export function findTickets(api: ZendeskApi, externalId: string): Promise<Outcome<Ticket[]>> {
  return attempt('repeatable', async () => {
    const found: Ticket[] = [];
    for await (const { tickets } of pagesOf(api, ticketsBody, ['tickets'], { external_id: externalId }))
      found.push(...tickets.map(ticketOf));
    return found;
  });
}

export function showTicket(api: ZendeskApi, id: TicketId): Promise<Outcome<Ticket>> {
  return attempt<Ticket>(
    'repeatable',
    async () => ticketOf((await api.get(ticketBody, ['tickets', id])).ticket),
    async ({ status }) => (status === 404 ? done({ id, status: 'gone' }) : undefined),
  );
}
