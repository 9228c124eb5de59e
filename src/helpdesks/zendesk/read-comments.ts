import type { CommentId, PersonId, TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { AgentFile } from '../called.ts';
import type { Comment } from '../helpdesk.ts';
import type { ZendeskApi } from './api.ts';
import type { Authors } from './authors.ts';
import { attempt } from './outcome.ts';
import { pagesOf } from './pages.ts';
import { readableText } from './readable-text.ts';
import { commentsBody, ticketBody, type WireAttachment, type WireComment, type WireUser } from './wire.ts';

/** All comments after `after`, oldest first; none of a ticket that is gone. */
export function readComments(
  api: ZendeskApi,
  authors: Authors,
  ticket: TicketId,
  after: CommentId | undefined,
  written: ReadonlySet<CommentId>,
): Promise<Outcome<Comment[]>> {
  return attempt<Comment[]>(
    'repeatable',
    async () => {
      const { comments, users } = await newComments(api, ticket, after);
      if (comments.length === 0) return [];
      const by = await makeTeller(api, authors, ticket, users, written);
      const read: Comment[] = [];
      for (const comment of comments) read.push(commentOf(comment, await by(comment)));
      return read;
    },
    async ({ status }) => (status === 404 ? done([]) : undefined),
  );
}

interface Fetched {
  comments: WireComment[];
  users: Map<string, WireUser>;
}

/** Newest first, so that a long ticket costs one call; until all that could come after `after` was seen. */
async function newComments(api: ZendeskApi, ticket: TicketId, after: CommentId | undefined): Promise<Fetched> {
  const query = { sort: '-created_at', include: 'users', include_inline_images: true };
  const all: WireComment[] = [];
  const users = new Map<string, WireUser>();
  for await (const page of pagesOf(api, commentsBody, ['tickets', ticket, 'comments'], query)) {
    all.push(...page.comments);
    for (const user of page.users ?? []) if (user.id) users.set(user.id, user);
    if (hasPassed(all, after)) break;
  }
  all.sort(byAge);
  const mark = all.find(({ id }) => id === after);
  // A comment that is no longer listed still has its place: ids grow.
  const isNew = (comment: WireComment) =>
    mark ? byAge(comment, mark) > 0 : !after || compareIds(comment.id, after) > 0;
  return { comments: all.filter(isNew), users };
}

/** Comments of the same second come in any order, so being past `after` means being past its second. */
function hasPassed(comments: WireComment[], after: CommentId | undefined): boolean {
  const mark = comments.find(({ id }) => id === after);
  const last = comments.at(-1);
  return mark !== undefined && last !== undefined && Date.parse(last.created_at) < Date.parse(mark.created_at);
}

const byAge = (a: WireComment, b: WireComment): number =>
  Date.parse(a.created_at) - Date.parse(b.created_at) || compareIds(a.id, b.id);

const compareIds = (a: string, b: string): number => Math.sign(Number(BigInt(a) - BigInt(b)));

type Teller = (comment: WireComment) => Promise<Comment['by']>;

/** Says who wrote a comment. Whoever is not known to be staff is a customer, so that nothing of theirs is sent out. */
async function makeTeller(
  api: ZendeskApi,
  authors: Authors,
  ticket: TicketId,
  users: ReadonlyMap<string, WireUser>,
  written: ReadonlySet<CommentId>,
): Promise<Teller> {
  const own = await authors.own();
  let requester: string | null | undefined;
  const isRequester = async (author: string) => {
    requester ??= (await api.get(ticketBody, ['tickets', ticket])).ticket.requester_id;
    return requester === author;
  };
  return async ({ id, author_id: author }) => {
    if (written.has(id as CommentId) || author === own) return 'service';
    if (!(await authors.isStaff(author, users))) return 'customer';
    // Staff may ask as customers too: a tester, an employee who shops.
    return (await isRequester(author)) ? 'customer' : 'agent';
  };
}

function commentOf(wire: WireComment, by: Comment['by']): Comment {
  return {
    id: wire.id as CommentId,
    author: wire.author_id as PersonId,
    by,
    public: wire.public ?? false,
    text: readableText(wire),
    files: (wire.attachments ?? []).flatMap(fileOf),
    at: new Date(wire.created_at),
  };
}

function fileOf(wire: WireAttachment): AgentFile[] {
  if (!wire.content_url) return [];
  return [
    {
      name: wire.file_name || 'file',
      contentType: wire.content_type || 'application/octet-stream',
      bytes: wire.size ?? 0,
      url: wire.content_url,
    },
  ];
}
