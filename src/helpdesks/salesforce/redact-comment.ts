import { z } from 'zod';
import type { CommentId, TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { removedText } from '../../domain/removed.ts';
import { type Connection, query } from '../../salesforce/connection.ts';
import { hasCode, troubleOf } from '../../salesforce/outcome.ts';
import { soqlText } from '../../salesforce/soql.ts';
import type { Redaction } from '../helpdesk.ts';
import type { SalesforceDesk } from './account.ts';
import { deleteFiles, filesWritten } from './case-files.ts';
import type { CommentSource } from './comment-source.ts';
import { redactedTexts, type WrittenText } from './redacted-texts.ts';

/** A redaction on a Case. */
export interface CaseRedaction {
  ticket: TicketId;
  comment: CommentId;
  what: Redaction;
  /** Of a comment of ours: as it was written. */
  written?: Pick<Exclude<Redaction, 'all'>, 'body' | 'files'> | undefined;
}

/**
 * Takes words out of the records that hold a comment, and deletes its files. Salesforce keeps no earlier text of a CaseComment;
 * of a post it keeps revisions for whoever may see them, and deleted files for 15 days in the recycle bin.
 */
export async function redactComment(
  desk: SalesforceDesk,
  connection: Connection,
  source: CommentSource,
  redaction: CaseRedaction,
): Promise<Outcome<void>> {
  const found = await recordsFrom(desk, connection, redaction);
  if (found.result !== 'done') return found;
  const files = redaction.written
    ? await filesWritten(connection, redaction.ticket, filesOf(redaction))
    : await filesOfAgent(source, redaction, itself(found.value));
  if (files.result !== 'done') return files;
  // Files first: which they are is read from the words.
  const deleted = await deleteFiles(connection, files.value);
  const words = await redactWords(desk, connection, redaction, found.value);
  return refusalOf(words) ?? refusalOf(deleted) ?? done(undefined);
}

const filesOf = ({ what, written }: CaseRedaction) => (what === 'all' ? (written?.files ?? []) : what.files);

interface Row {
  Id: string;
  Text: string;
  CreatedById: string;
}

/** A comment takes at most so many records: longer than that is no chat. */
const most = 50;

/** The record the comment is known by, and what the same user wrote around it; none when it is gone. */
interface Around {
  records: Row[];
  at: number;
}

const itself = ({ records, at }: Around): Row | undefined => records[at];

async function recordsFrom(
  { comments }: SalesforceDesk,
  connection: Connection,
  { ticket, comment }: CaseRedaction,
): Promise<Outcome<Around>> {
  const [object, field] = comments === 'case-comment' ? ['CaseComment', 'CommentBody'] : ['FeedItem', 'Body'];
  const soql = `SELECT Id, ${field}, CreatedById FROM ${object} WHERE ParentId = ${soqlText(ticket) ?? "''"} ORDER BY CreatedDate, Id`;
  const row = z
    .looseObject({ Id: z.string(), CreatedById: z.string() })
    .transform((each): Row => ({ Id: each.Id, CreatedById: each.CreatedById, Text: String(each[field] ?? '') }));
  const rows = await query(connection, soql, row);
  if (rows.result !== 'done') return rows;
  const known = rows.value.find(({ Id }) => Id === comment);
  const own = rows.value.filter(({ CreatedById }) => CreatedById === known?.CreatedById);
  return done({ records: own, at: own.findIndex(({ Id }) => Id === comment) });
}

async function redactWords(
  desk: SalesforceDesk,
  connection: Connection,
  { what, written }: CaseRedaction,
  around: Around,
): Promise<Outcome<void>> {
  const known = itself(around);
  if (!known) return done(undefined);
  if (!written) return writeText(desk, connection, known.Id, removedText);
  const pieces = what === 'all' ? [{ from: 0, to: written.body.length }] : what.pieces;
  const changes = changesOf(around, { body: written.body, pieces });
  if (!changes) return notShown;
  for (const { id, text } of changes) {
    const asked = await writeText(desk, connection, id, text);
    if (asked.result !== 'done') return asked;
  }
  return done(undefined);
}

/** It may be known by its first record or, where it had to be looked up, by its last. Undefined: it reads otherwise now. */
function changesOf({ records, at }: Around, written: WrittenText): { id: string; text: string }[] | undefined {
  for (let start = at; start >= Math.max(0, at - most); start--) {
    const from = records.slice(start, start + most);
    const texts = redactedTexts(
      from.map(({ Text }) => Text),
      written,
    );
    if (texts === 'already') return [];
    if (texts !== 'not-found' && start + texts.length > at)
      return texts.flatMap((text, n) => (text === undefined ? [] : [{ id: from[n]!.Id, text }]));
  }
  return undefined;
}

const notShown = {
  result: 'never',
  why: 'the comment on the Case no longer reads as it was written, so its words cannot be told apart: remove them there by hand',
} as const;

async function writeText(
  { comments }: SalesforceDesk,
  connection: Connection,
  id: string,
  text: string,
): Promise<Outcome<void>> {
  const path = `/sobjects/${comments === 'case-comment' ? 'CaseComment' : 'FeedItem'}/${encodeURIComponent(id)}`;
  const body = comments === 'case-comment' ? { CommentBody: text } : { Body: text };
  const reply = await connection.ask({ method: 'PATCH', path, body });
  if (reply.result === 'done' || hasCode(reply, 'ENTITY_IS_DELETED', 'NOT_FOUND')) return done(undefined);
  return troubleOf(reply, true);
}

/** What an agent's comment sent to the customer. */
async function filesOfAgent(
  source: CommentSource,
  { ticket }: CaseRedaction,
  record: Row | undefined,
): Promise<Outcome<string[]>> {
  if (!record) return done([]);
  const { Id: id, CreatedById: author, Text: text } = record;
  const at = new Date(0);
  const files = await source.files(ticket, [{ id, author, text, public: true, createdAt: at, changedAt: at }]);
  if (files.result !== 'done') return files;
  return done((files.value.get(id) ?? []).flatMap(({ url }) => (url === '' ? [] : [url])));
}

const help =
  'let this service’s user edit the comments and delete the files of Cases, then replay this; or remove it there by hand';

function refusalOf(asked: Outcome<void>): Outcome<void> | undefined {
  if (asked.result === 'done') return undefined;
  return asked.result !== 'never' || asked === notShown ? asked : { ...asked, why: `${asked.why}: ${help}` };
}
