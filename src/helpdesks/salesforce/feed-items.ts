import { convert } from 'html-to-text';
import { z } from 'zod';
import type { TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { type Connection, query } from '../../salesforce/connection.ts';
import { soqlText } from '../../salesforce/soql.ts';
import type { AgentFile } from '../called.ts';
import { versionsOf } from './case-files.ts';
import { beyond, type CommentSource, type Entry } from './comment-source.ts';

const row = z.object({
  Id: z.string(),
  Body: z.string().nullish(),
  IsRichText: z.boolean().nullish(),
  Visibility: z.string().nullish(),
  CreatedById: z.string(),
  CreatedDate: z.string(),
  SystemModstamp: z.string(),
});

/** Posts of people in the feed of a Case. Public are those that everybody who sees the Case may see; files come with them. */
export const feedItems = (connection: Connection): CommentSource => ({
  page: (ticket, most, last) => page(connection, ticket, most, last),
  files: (_ticket, entries) => attachments(connection, entries),
  words: ({ text }) => text.trim(),
});

/** What else is in a feed (changes of fields, mails, comments of the Case) is no post. */
export const postTypes = "('TextPost', 'ContentPost')";

async function page(connection: Connection, ticket: TicketId, most: number, last?: Entry): Promise<Outcome<Entry[]>> {
  const id = soqlText(ticket);
  if (!id) return done([]);
  const soql =
    'SELECT Id, Body, IsRichText, Visibility, CreatedById, CreatedDate, SystemModstamp FROM FeedItem ' +
    `WHERE ParentId = ${id} AND Type IN ${postTypes}${beyond(last)} ORDER BY SystemModstamp DESC, Id DESC LIMIT ${most}`;
  const rows = await query(connection, soql, row);
  return rows.result === 'done' ? done(rows.value.map(entryOf)) : rows;
}

const entryOf = (given: z.infer<typeof row>): Entry => ({
  id: given.Id,
  author: given.CreatedById,
  public: given.Visibility === 'AllUsers',
  text: given.IsRichText ? readable(given.Body ?? '') : (given.Body ?? ''),
  createdAt: new Date(given.CreatedDate),
  changedAt: new Date(given.SystemModstamp),
});

/** Rich text of a post is a little HTML: paragraphs, lists, bold, links (Chatter REST API, "Rich Text"). */
const readable = (html: string): string =>
  convert(html, {
    wordwrap: false,
    limits: { maxDepth: 200, ellipsis: '…' },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'ul', options: { itemPrefix: '• ' } },
      { selector: 'p', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
    ],
  });

const attachmentRow = z.object({ FeedEntityId: z.string(), RecordId: z.string().nullish() });

async function attachments(
  connection: Connection,
  entries: readonly Entry[],
): Promise<Outcome<ReadonlyMap<string, AgentFile[]>>> {
  const ids = entries.flatMap(({ id }) => soqlText(id) ?? []);
  if (ids.length === 0) return done(new Map());
  const soql = `SELECT FeedEntityId, RecordId FROM FeedAttachment WHERE FeedEntityId IN (${ids.join(', ')}) AND Type = 'Content'`;
  const rows = await query(connection, soql, attachmentRow);
  if (rows.result !== 'done') return rows;
  const attached = rows.value.flatMap(({ FeedEntityId, RecordId }) => (RecordId ? [{ FeedEntityId, RecordId }] : []));
  const versions = await versionsOf(
    connection,
    attached.map(({ RecordId }) => RecordId),
  );
  if (versions.result !== 'done') return versions;
  const files = new Map<string, AgentFile[]>();
  for (const { FeedEntityId, RecordId } of attached) {
    const found = versions.value.find(({ file }) => file.url === RecordId);
    if (found) files.set(FeedEntityId, [...(files.get(FeedEntityId) ?? []), found.file]);
  }
  return done(files);
}
