import { minutes } from '../../domain/duration.ts';
import type { CommentId, PersonId, TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Connection } from '../../salesforce/connection.ts';
import type { Comment } from '../helpdesk.ts';
import type { SalesforceDesk } from './account.ts';
import type { Authors } from './authors.ts';
import { caseComments } from './case-comments.ts';
import type { CommentSource, Entry } from './comment-source.ts';
import { feedItems } from './feed-items.ts';

export const sourceOf = ({ comments }: SalesforceDesk, connection: Connection): CommentSource =>
  comments === 'case-comment' ? caseComments(connection) : feedItems(connection);

const pageSize = 200;

/** A transaction that takes long makes its records visible late, dated back. */
const overlap = minutes(5);

/**
 * Comments that came or changed since `after`, oldest first, and some before: an agent may make an old comment public,
 * and one may become visible late. Whoever reads knows each by its id.
 */
export async function readComments(
  source: CommentSource,
  authors: Authors,
  ticket: TicketId,
  after: CommentId | undefined,
  written: ReadonlySet<CommentId>,
): Promise<Outcome<Comment[]>> {
  const entries = await entriesSince(source, ticket, after);
  if (entries.result !== 'done') return entries;
  const by = await authors.tell(entries.value.map(({ author }) => author));
  if (by.result !== 'done') return by;
  const authorOf = ({ id, author }: Entry) => (written.has(id as CommentId) ? 'service' : by.value(author));
  const replies = entries.value.filter((entry) => entry.public && authorOf(entry) === 'agent');
  const files = await source.files(ticket, replies);
  if (files.result !== 'done') return files;
  return done(
    entries.value.map((entry) => ({
      id: entry.id as CommentId,
      author: entry.author as PersonId,
      by: authorOf(entry),
      public: entry.public,
      text: source.words(entry),
      files: files.value.get(entry.id) ?? [],
      at: entry.createdAt,
    })),
  );
}

async function entriesSince(
  source: CommentSource,
  ticket: TicketId,
  after: CommentId | undefined,
): Promise<Outcome<Entry[]>> {
  const all = new Map<string, Entry>();
  let last: Entry | undefined;
  for (;;) {
    const page = await source.page(ticket, pageSize, last);
    if (page.result !== 'done') return page;
    for (const entry of page.value) all.set(entry.id, entry);
    const mark = all.get(after ?? '');
    last = page.value.at(-1);
    const passed = mark && last && last.changedAt.getTime() < mark.createdAt.getTime() - overlap;
    if (passed || page.value.length < pageSize) return done(since([...all.values()], mark));
  }
}

const since = (entries: Entry[], mark: Entry | undefined): Entry[] =>
  entries
    .filter(({ changedAt }) => !mark || changedAt.getTime() >= mark.createdAt.getTime() - overlap)
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
