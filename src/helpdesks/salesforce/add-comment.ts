import { z } from 'zod';
import type { CommentId, Marker, TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { writeTogether } from '../../salesforce/composite.ts';
import { type Connection, query } from '../../salesforce/connection.ts';
import { hasCode, type Reply, troubleOf } from '../../salesforce/outcome.ts';
import { soqlText } from '../../salesforce/soql.ts';
import { readWritten } from '../../salesforce/upsert.ts';
import type { CommentDraft } from '../helpdesk.ts';
import { fieldOrNone, type SalesforceDesk } from './account.ts';
import { caseChange, commentWrites, firstText, tagsText } from './records.ts';

type Also = { status?: 'open'; addTags?: string[] } | undefined;
type Commented = Outcome<{ comment?: CommentId }> | { result: 'closed' } | { result: 'gone' };

/** Adds a comment with its files, and the marker on its Case: all or nothing. */
export async function addComment(
  desk: SalesforceDesk,
  connection: Connection,
  ticket: TicketId,
  comment: CommentDraft,
  also: Also,
): Promise<Commented> {
  const tags = await tagsWith(desk, connection, ticket, also?.addTags ?? []);
  if (tags.result !== 'done') return tags;
  const fields = { ...tags.value, ...(also?.status ? { Status: desk.reopenedStatus } : {}) };
  const writes = [caseChange(desk, ticket, comment, fields), ...commentWrites(desk, comment, ticket)];
  const reply = await writeTogether(connection, writes);
  if (reply.result === 'done') return done(commentIn(reply.value));
  return ended(reply, also) ?? troubleOf(reply, false);
}

/** Where a rule of the org keeps closed Cases closed, the chat goes on in a new one. */
function ended(reply: Reply, also: Also): { result: 'closed' } | { result: 'gone' } | undefined {
  if (hasCode(reply, 'ENTITY_IS_DELETED', 'NOT_FOUND', 'INVALID_CROSS_REFERENCE_KEY')) return { result: 'gone' };
  const ruled = hasCode(reply, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY');
  return also?.status && ruled ? { result: 'closed' } : undefined;
}

function commentIn(value: unknown): { comment?: CommentId } {
  const { id } = readWritten((value as ReadonlyMap<string, unknown>).get(firstText));
  return id ? { comment: id as CommentId } : {};
}

/** The field with what it holds and the new ones; nothing where there are none to add. */
async function tagsWith(
  desk: SalesforceDesk,
  connection: Connection,
  ticket: TicketId,
  added: readonly string[],
): Promise<Outcome<Record<string, unknown>> | { result: 'gone' }> {
  const field = fieldOrNone(desk.tagsField);
  if (!field || added.length === 0) return done({});
  const read = await fieldOfCase(connection, ticket, field);
  if (read.result !== 'done') return read;
  if (read.value === undefined) return { result: 'gone' };
  const tags = tagsText([...(read.value?.split(/\s+/) ?? []), ...added]);
  return done(tags === read.value ? {} : { [field]: tags });
}

/** The value of one text field; undefined where the Case is no more. */
async function fieldOfCase(
  connection: Connection,
  ticket: TicketId,
  field: string,
): Promise<Outcome<string | null | undefined>> {
  const row = z.record(z.string(), z.unknown());
  const rows = await query(connection, `SELECT ${field} FROM Case WHERE Id = ${soqlText(ticket) ?? "''"}`, row);
  if (rows.result !== 'done') return rows;
  const [found] = rows.value;
  if (!found) return done(undefined);
  const value = found[field];
  return done(typeof value === 'string' ? value : null);
}

/**
 * The comment written with this marker. Comment and marker are one transaction, and one comment at a time is written on a
 * Case: another marker there means that this one surely is not.
 */
export async function findComment(
  desk: SalesforceDesk,
  connection: Connection,
  ticket: TicketId,
  marker: Marker,
): Promise<Outcome<CommentId | undefined>> {
  const held = await fieldOfCase(connection, ticket, desk.markerField);
  if (held.result !== 'done') return held;
  if (held.value === undefined) return { result: 'never', why: 'the Case was deleted in Salesforce' };
  return held.value === marker ? newestOf(desk, connection, ticket) : done(undefined);
}

async function newestOf(
  { comments }: SalesforceDesk,
  connection: Connection,
  ticket: TicketId,
): Promise<Outcome<CommentId | undefined>> {
  const me = await connection.logIn();
  if (me.result !== 'done') return me;
  const object = comments === 'case-comment' ? 'CaseComment' : 'FeedItem';
  const by = me.value.userId ? ` AND CreatedById = ${soqlText(me.value.userId)}` : '';
  const rows = await query(
    connection,
    `SELECT Id FROM ${object} WHERE ParentId = ${soqlText(ticket)}${by} ORDER BY CreatedDate DESC, Id DESC LIMIT 1`,
    z.object({ Id: z.string() }),
  );
  if (rows.result !== 'done') return rows;
  // It was written; somebody may have deleted it since.
  return done((rows.value[0]?.Id ?? deleted) as CommentId);
}

const deleted = 'deleted';
