import type { CommentId, TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { type Subrequest, writeTogether } from '../../salesforce/composite.ts';
import type { Connection } from '../../salesforce/connection.ts';
import { hasCode, type Reply, troubleOf } from '../../salesforce/outcome.ts';
import { cleanFields, cut, printable } from '../../salesforce/text.ts';
import { readWritten } from '../../salesforce/upsert.ts';
import type { Ticket, TicketDraft } from '../helpdesk.ts';
import { fieldOrNone, type SalesforceDesk } from './account.ts';
import { findCases } from './cases.ts';
import type { People } from './people.ts';
import { type Placer, placementFields } from './place.ts';
import { commentWrites, firstText, tagsText } from './records.ts';

type Created = Outcome<{ ticket: Ticket; comment?: CommentId }>;

/**
 * Opens a Case with its first comment and its files, all or nothing. The key is unique, so that a second try of one that
 * arrived is refused as a duplicate, and answered with that Case.
 */
export async function createCase(
  desk: SalesforceDesk,
  connection: Connection,
  people: People,
  placer: Pick<Placer, 'forget'>,
  draft: TicketDraft,
): Promise<Created> {
  let fields = caseFields(desk, people, draft);
  for (;;) {
    const reply = await writeTogether(connection, writesFor(desk, draft, fields));
    if (reply.result === 'done') return done(createdIn(reply.value));
    if (hasCode(reply, 'DUPLICATE_VALUE')) return there(desk, connection, draft, reply);
    if (isOwnerRefused(fields, reply)) {
      placer.forget();
      return troubleOf(reply, true);
    }
    const smaller = without(fields, reply);
    if (!smaller) return personGone(people, draft, reply) ?? troubleOf(reply, false);
    fields = smaller;
  }
}

const writesFor = (desk: SalesforceDesk, draft: TicketDraft, body: Record<string, unknown>): Subrequest[] => [
  { method: 'POST', path: '/sobjects/Case', referenceId: 'case', body, ...(body['OwnerId'] ? ownersStay : {}) },
  ...commentWrites(desk, draft.comment, '@{case.id}'),
];

/** Else the org's assignment rule gives the Case to whomever it says (REST API Developer Guide, "Assignment Rule Header"). */
const ownersStay = { headers: { 'Sforce-Auto-Assign': 'FALSE' } };

/** What the queue or the user may be who takes the Case no longer, or may not. */
const ownerCodes = [
  'ENTITY_IS_DELETED',
  'INVALID_CROSS_REFERENCE_KEY',
  'INACTIVE_OWNER_OR_USER',
  'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
];

const isOwnerRefused = (fields: Record<string, unknown>, reply: Reply): boolean =>
  fields['OwnerId'] !== undefined && hasCode(reply, ...ownerCodes);

/** Lengths of Case’s own fields, in characters (object reference). */
const lengths = { subject: 255, name: 80, phone: 40, email: 80 };

function caseFields(desk: SalesforceDesk, people: People, draft: TicketDraft): Record<string, unknown> {
  const tagsField = fieldOrNone(desk.tagsField);
  const { name, email, phone } = draft.customer ?? {};
  return cleanFields({
    Origin: desk.origin,
    Status: desk.newStatus,
    ...draft.fields,
    ...placementFields(draft.placement ?? {}),
    Subject: cut(printable(draft.subject), lengths.subject),
    ContactId: people.contactOf(draft.requester),
    SuppliedName: name && cut(printable(name), lengths.name),
    SuppliedEmail: email && email.length <= lengths.email ? email : undefined,
    SuppliedPhone: phone && phone.length <= lengths.phone ? phone : undefined,
    ParentId: draft.followUpOf,
    ...(tagsField && draft.tags.length > 0 ? { [tagsField]: tagsText(draft.tags) } : {}),
    [desk.keyField]: draft.externalId,
    [desk.markerField]: draft.comment.marker,
  });
}

/** Better a Case without an e-mail that Salesforce does not like, or without the one before it, than no Case. */
const optional: Record<string, readonly string[]> = {
  INVALID_EMAIL_ADDRESS: ['SuppliedEmail'],
  ENTITY_IS_DELETED: ['ParentId'],
  INVALID_CROSS_REFERENCE_KEY: ['ParentId'],
};

function without(fields: Record<string, unknown>, reply: Reply): Record<string, unknown> | undefined {
  const codes = reply.result === 'refused' ? reply.errors.map(({ code }) => code) : [];
  const name = codes.flatMap((code) => optional[code] ?? []).find((each) => fields[each] !== undefined);
  return name === undefined ? undefined : { ...fields, [name]: undefined };
}

/** The Contact was deleted or merged: it is sought again before the next try. */
function personGone(people: People, { requester }: TicketDraft, reply: Reply): Created | undefined {
  if (!hasCode(reply, 'ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY') || !people.contactOf(requester))
    return undefined;
  people.forget(requester);
  return { result: 'later', why: 'the customer’s Contact was deleted or merged' };
}

async function there(desk: SalesforceDesk, connection: Connection, draft: TicketDraft, reply: Reply): Promise<Created> {
  const found = await findCases(desk, connection, draft.externalId);
  if (found.result !== 'done') return found;
  const [ticket] = found.value;
  if (ticket) return done({ ticket });
  return reply.result === 'done' ? done(createdIn(reply.value)) : troubleOf(reply, true);
}

function createdIn(value: unknown): { ticket: Ticket; comment?: CommentId } {
  const bodies = value as ReadonlyMap<string, unknown>;
  const { id } = readWritten(bodies.get('case'));
  const { id: comment } = readWritten(bodies.get(firstText));
  return {
    ticket: { id: (id ?? '') as TicketId, status: 'open' },
    ...(comment ? { comment: comment as CommentId } : {}),
  };
}
