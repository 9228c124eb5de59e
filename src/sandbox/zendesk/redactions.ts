import type { Request } from 'express';
import { type Answer, forbidden, invalid, notFound, ok } from './answer.ts';
import { type Desk, type Fields, isFields, numberIn, type Route } from './desk.ts';
import type { Attachment, Comment, Ticket } from './state.ts';
import { contentUrl, plainBody, wireComment } from './wire.ts';

export const redactionRoutes: Route[] = [['put', '/comment_redactions/:id', redact]];

/** What the real one shows for words that were taken out, however many. */
const gone = '▇▇▇▇';

/** Takes out what is marked in the comment's own HTML, and files by their addresses; on closed tickets too, not on deleted ones. */
function redact(desk: Desk, request: Request): Answer {
  const fields: Fields = isFields(request.body) ? request.body : {};
  const ticket = desk.state.tickets.get(Number(fields['ticket_id']));
  const comment = ticket?.comments.find(({ id }) => id === numberIn(request));
  if (!desk.mayRedact) return forbidden;
  if (!ticket || ticket.status === 'deleted' || !comment) return notFound;
  const html = fields['html_body'];
  const files = filesIn(desk, comment, fields['external_attachment_urls']);
  if (html !== undefined && plainOf(String(html)) !== comment.htmlBody)
    return invalid({ html_body: ['Html body: is not that of the comment', 'InvalidValue'] });
  if (!files)
    return invalid({ external_attachment_urls: ['Attachment: does not belong to the comment', 'InvalidValue'] });
  if (html === undefined && files.length === 0) return invalid({ base: ['Nothing to redact', 'BlankValue'] });
  if (html !== undefined) takeOut(ticket, comment, String(html));
  for (const file of files)
    Object.assign(file, { name: 'redacted.txt', contentType: 'text/plain', bytes: Buffer.from(' ') });
  desk.changed();
  return ok({ comment: wireComment(desk.url(), comment) });
}

/** The files named; undefined when one of them is not the comment's. */
function filesIn(desk: Desk, comment: Comment, urls: unknown): Attachment[] | undefined {
  if (urls === undefined) return [];
  if (!Array.isArray(urls)) return undefined;
  const found = urls.map((url) => comment.attachments.find((file) => contentUrl(desk.url(), file) === url));
  return found.includes(undefined) ? undefined : (found as Attachment[]);
}

const plainOf = (html: string): string =>
  html.replace(/<\/?redact>/g, '').replace(/<(\w+)([^>]*?) redact(\s*\/?)>/g, '<$1$2$3>');

function takeOut(ticket: Ticket, comment: Comment, html: string): void {
  comment.htmlBody = html
    .replace(/<redact>[\s\S]*?<\/redact>/g, gone)
    .replace(/<a\b[^>]* redact\s*>([\s\S]*?)<\/a>/g, '$1')
    .replace(/<img\b[^>]* redact\s*\/?>/g, '');
  comment.body = plainBody(comment.htmlBody);
  for (const event of ticket.audits.flatMap(({ events }) => events)) {
    if (event['id'] === comment.id) Object.assign(event, { body: comment.body, html_body: comment.htmlBody });
  }
}
