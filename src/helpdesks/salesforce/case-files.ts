import { z } from 'zod';
import type { TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { FetchedFile } from '../../kit/download.ts';
import { type Connection, query, readAs } from '../../salesforce/connection.ts';
import { hasCode, troubleOf } from '../../salesforce/outcome.ts';
import { soqlText } from '../../salesforce/soql.ts';
import { readWritten } from '../../salesforce/upsert.ts';
import type { AgentFile } from '../called.ts';
import type { UploadToken } from '../helpdesk.ts';

/** A file as Salesforce keeps it: the version that `file` is, and what people call it. */
export interface FileVersion {
  title: string;
  file: AgentFile;
}

const versionRow = z.object({
  Id: z.string(),
  Title: z.string(),
  FileExtension: z.string().nullish(),
  ContentSize: z.number(),
});

const documentOf = z.object({ ContentDocumentId: z.string() });

const columns = 'Id, Title, FileExtension, ContentSize';

/** Files on the Case in their newest version, the newest file first. */
export async function filesOfCase(connection: Connection, ticket: TicketId): Promise<Outcome<FileVersion[]>> {
  const ids = await documentsOn(connection, ticket);
  if (ids.result !== 'done') return ids;
  return versionsWhere(connection, 'ContentDocumentId', ids.value, 'AND IsLatest = true ORDER BY CreatedDate DESC');
}

/** As SOQL literals. */
export async function documentsOn(connection: Connection, ticket: TicketId): Promise<Outcome<string[]>> {
  const soql = `SELECT ContentDocumentId FROM ContentDocumentLink WHERE LinkedEntityId = ${soqlText(ticket) ?? "''"}`;
  const links = await query(connection, soql, documentOf);
  if (links.result !== 'done') return links;
  return done(links.value.flatMap(({ ContentDocumentId: id }) => soqlText(id) ?? []));
}

/** These versions. */
export const versionsOf = (connection: Connection, ids: readonly string[]): Promise<Outcome<FileVersion[]>> =>
  versionsWhere(
    connection,
    'Id',
    ids.flatMap((id) => soqlText(id) ?? []),
    '',
  );

async function versionsWhere(
  connection: Connection,
  field: string,
  wanted: readonly string[],
  rest: string,
): Promise<Outcome<FileVersion[]>> {
  if (wanted.length === 0) return done([]);
  const soql = `SELECT ${columns} FROM ContentVersion WHERE ${field} IN (${wanted.join(', ')}) ${rest}`;
  const rows = await query(connection, soql.trim(), versionRow);
  return rows.result === 'done' ? done(rows.value.map(versionOf)) : rows;
}

function versionOf({ Id, Title, FileExtension, ContentSize }: z.infer<typeof versionRow>): FileVersion {
  const has = FileExtension && Title.toLowerCase().endsWith(`.${FileExtension.toLowerCase()}`);
  const name = FileExtension && !has ? `${Title}.${FileExtension}` : Title;
  // What kind of file it is is read from its bytes, when it is fetched.
  return { title: Title, file: { name, contentType: 'application/octet-stream', bytes: ContentSize, url: Id } };
}

/** A file of an agent's comment. `url` is the id of its version. */
export async function fetchVersion(
  connection: Connection,
  file: AgentFile,
  maxBytes: number,
): Promise<Outcome<FetchedFile>> {
  if (file.url === '') return { result: 'never', why: `there is no file called “${file.name}” on the Case` };
  if (file.bytes > maxBytes) return { result: 'never', why: 'the file is larger than can be sent' };
  const path = `/sobjects/ContentVersion/${encodeURIComponent(file.url)}/VersionData`;
  const bytes = await connection.fetch(path, maxBytes);
  if (bytes.result !== 'done') return bytes;
  return done({ bytes: bytes.value, contentType: file.contentType, name: file.name });
}

/**
 * Puts a file there, to be tied to a Case. Until then only this service's user sees it, so that repeating is harmless.
 * The body is JSON with base64: 37 MB of file at most (REST API Developer Guide, "Insert or Update Blob Data").
 */
export async function uploadFile(
  connection: Connection,
  { name, bytes }: FetchedFile & { name: string },
): Promise<Outcome<UploadToken>> {
  const body = { Title: titleOf(name), PathOnClient: pathOf(name), VersionData: bytes.toString('base64') };
  const created = await connection.ask({ method: 'POST', path: '/sobjects/ContentVersion', body });
  if (created.result !== 'done') return troubleOf(created, true);
  const { id } = readWritten(created.value);
  if (!id) return { result: 'later', why: 'Salesforce took a file and did not tell its id' };
  const path = `/sobjects/ContentVersion/${encodeURIComponent(id)}?fields=ContentDocumentId`;
  const shown = await connection.ask({ method: 'GET', path });
  if (shown.result !== 'done') return troubleOf(shown, true);
  const read = readAs(documentOf, shown.value);
  return read.result === 'done' ? done(read.value.ContentDocumentId as UploadToken) : read;
}

/** Title and PathOnClient hold 255 and 500 characters; the extension is in the latter, and is what tells the kind of file. */
const titleOf = (name: string): string => nameWithin(name, 255);
const pathOf = (name: string): string => nameWithin(name, 255);

function nameWithin(name: string, most: number): string {
  const last = name.split(/[/\\]/).at(-1)?.trim() || 'file';
  const extension = /\.\w{1,10}$/.exec(last)?.[0] ?? '';
  return last.length <= most ? last : last.slice(0, most - extension.length) + extension;
}

const ownVersion = z.object({ Id: z.string(), PathOnClient: z.string(), ContentSize: z.number() });

/** The versions of these files as this service put them on the Case. */
export async function filesWritten(
  connection: Connection,
  ticket: TicketId,
  files: readonly { name: string; bytes: number }[],
): Promise<Outcome<string[]>> {
  if (files.length === 0) return done([]);
  const me = await connection.logIn();
  if (me.result !== 'done') return me;
  const documents = await documentsOn(connection, ticket);
  if (documents.result !== 'done' || documents.value.length === 0) return documents;
  const soql =
    'SELECT Id, PathOnClient, ContentSize FROM ContentVersion ' +
    `WHERE ContentDocumentId IN (${documents.value.join(', ')}) AND CreatedById = ${soqlText(me.value.userId ?? '') ?? "''"}`;
  const versions = await query(connection, soql, ownVersion);
  if (versions.result !== 'done') return versions;
  const is = ({ PathOnClient, ContentSize }: z.infer<typeof ownVersion>) =>
    files.some(({ name, bytes }) => pathOf(name) === PathOnClient && bytes === ContentSize);
  return done(versions.value.filter(is).map(({ Id }) => Id));
}

/** Deletes the files of these versions, with every version of them; one that is gone is gone. */
export async function deleteFiles(connection: Connection, versions: readonly string[]): Promise<Outcome<void>> {
  const ids = versions.flatMap((id) => soqlText(id) ?? []);
  if (ids.length === 0) return done(undefined);
  const soql = `SELECT ContentDocumentId FROM ContentVersion WHERE Id IN (${ids.join(', ')})`;
  const documents = await query(connection, soql, documentOf);
  if (documents.result !== 'done') return documents;
  return deleteDocuments(connection, new Set(documents.value.map(({ ContentDocumentId }) => ContentDocumentId)));
}

/** Deletes files; one that is gone is gone. */
export async function deleteDocuments(connection: Connection, documents: Iterable<string>): Promise<Outcome<void>> {
  for (const id of documents) {
    const path = `/sobjects/ContentDocument/${encodeURIComponent(id)}`;
    const reply = await connection.ask({ method: 'DELETE', path });
    if (reply.result !== 'done' && !hasCode(reply, 'ENTITY_IS_DELETED', 'NOT_FOUND')) return troubleOf(reply, true);
  }
  return done(undefined);
}
