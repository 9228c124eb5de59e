import type { CommentId, TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Redaction } from '../helpdesk.ts';
import type { ZendeskApi } from './api.ts';
import type { Refusal } from './failure.ts';
import { attempt } from './outcome.ts';
import { pagesOf } from './pages.ts';
import { redactedHtml } from './redact-html.ts';
import { anyBody, commentsBody, type WireAttachment, type WireComment } from './wire.ts';

/**
 * Takes words and files out of a comment for good, on closed tickets too (Zendesk developer docs, "Redact Ticket Comment In
 * Agent Workspace": wants the Agent Workspace, and a user who may delete tickets or, on Enterprise, redact). Zendesk
 * writes ▇ in their place and keeps no copy. Of a comment that is no longer there nothing is left to take.
 */
export async function redactComment(
  api: ZendeskApi,
  ticket: TicketId,
  id: CommentId,
  what: Redaction,
): Promise<Outcome<void>> {
  const comment = await commentOn(api, ticket, id);
  if (comment.result !== 'done') return comment;
  const wanted = comment.value && wantedOf(comment.value, what);
  if (wanted === 'not-found') return notShown;
  if (!wanted) return done(undefined);
  const body = { ticket_id: Number(ticket), ...wanted };
  return attempt<void>(
    'repeatable',
    async () => void (await api.put(anyBody, ['comment_redactions', id], body)),
    async (refusal) => refused(refusal),
  );
}

const notShown = {
  result: 'never',
  why: 'Zendesk shows the comment otherwise than it was written, so its words cannot be told apart: redact it there by hand',
} as const;

/** Undefined: it is not there, or the whole ticket is not. */
const commentOn = (api: ZendeskApi, ticket: TicketId, id: CommentId): Promise<Outcome<WireComment | undefined>> =>
  attempt<WireComment | undefined>(
    'repeatable',
    async () => {
      const query = { sort: '-created_at' };
      for await (const { comments } of pagesOf(api, commentsBody, ['tickets', ticket, 'comments'], query)) {
        const found = comments.find((comment) => comment.id === id);
        if (found) return found;
      }
      return undefined;
    },
    async ({ status }) => (status === 404 ? done(undefined) : undefined),
  );

interface Wanted {
  html_body?: string;
  external_attachment_urls?: string[];
}

/** Undefined when all of it is gone already. */
function wantedOf(comment: WireComment, what: Redaction): Wanted | undefined | 'not-found' {
  const html = redactedHtml(comment.html_body ?? '', what);
  if (html === 'not-found') return html;
  const urls = filesOf(comment, what).flatMap(({ content_url: url }) => url ?? []);
  if (html === undefined && urls.length === 0) return undefined;
  return {
    ...(html === undefined ? {} : { html_body: html }),
    ...(urls.length > 0 ? { external_attachment_urls: urls } : {}),
  };
}

/** What Zendesk leaves in the place of a file. */
const placeholder = 'redacted.txt';

function filesOf({ attachments }: WireComment, what: Redaction): WireAttachment[] {
  const there = (attachments ?? []).filter(({ file_name: name }) => name !== placeholder);
  if (what === 'all') return there;
  return there.filter(({ file_name: name, size }) =>
    what.files.some((file) => file.name === name && file.bytes === size),
  );
}

/** Not a matter of the whole account: all else goes on. */
function refused({ status }: Refusal): Outcome<void> | undefined {
  if (status !== 403 && status !== 404) return undefined;
  const why =
    'Zendesk lets nobody or not this user redact: turn on the Agent Workspace, let agents delete tickets (Enterprise: give this user a role that may redact), then replay this; or redact it there by hand';
  return { result: 'never', why, code: String(status) };
}
