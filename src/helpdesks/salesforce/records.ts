import type { TicketId } from '../../domain/ids.ts';
import { splitText } from '../../domain/split-text.ts';
import type { Subrequest } from '../../salesforce/composite.ts';
import { cleanFields, printable } from '../../salesforce/text.ts';
import type { CommentDraft } from '../helpdesk.ts';
import type { SalesforceDesk } from './account.ts';

/** What one record of text holds: CaseComment.CommentBody 4,000 bytes, FeedItem.Body 10,000 characters (object reference). */
const room = { 'case-comment': [4_000, 'utf8-bytes'], 'feed-item': [10_000, 'utf16'] } as const;

/** The text of a comment as the records it takes, and its files tied to the Case. `parent`: the Case's id, or a reference to it. */
export function commentWrites(desk: SalesforceDesk, draft: CommentDraft, parent: string): Subrequest[] {
  const texts = piecesOf(desk, draft).map((text, n) => textRecord(desk, draft, parent, text, n));
  return [...texts, ...draft.uploads.map((document, n) => fileLink(draft, parent, document, n))];
}

function piecesOf({ comments }: SalesforceDesk, draft: CommentDraft): string[] {
  const said = draft.authorName ? `${draft.authorName}:\n${draft.body}` : draft.body;
  const [limit, unit] = room[comments];
  const pieces = splitText(printable(said), limit, unit).filter((piece) => piece.trim() !== '');
  // Salesforce takes no comment without a text, and a file needs something to hang on to.
  return pieces.length > 0 ? pieces : ['…'];
}

/** The reference of the text that stands for the whole comment. */
export const firstText = 'text0';

function textRecord({ comments }: SalesforceDesk, draft: CommentDraft, ParentId: string, text: string, n: number) {
  const referenceId = n === 0 ? firstText : `text${n}`;
  const write = { method: 'POST' as const, referenceId };
  if (comments === 'case-comment')
    return {
      ...write,
      path: '/sobjects/CaseComment',
      body: { ParentId, CommentBody: text, IsPublished: draft.public },
    };
  const Visibility = draft.public ? 'AllUsers' : 'InternalUsers';
  return { ...write, path: '/sobjects/FeedItem', body: { ParentId, Body: text, Type: 'TextPost', Visibility } };
}

/** As viewer, which everybody who sees the Case may be. */
const fileLink = (draft: CommentDraft, LinkedEntityId: string, ContentDocumentId: string, n: number): Subrequest => ({
  method: 'POST',
  path: '/sobjects/ContentDocumentLink',
  referenceId: `file${n}`,
  body: {
    ContentDocumentId,
    LinkedEntityId,
    ShareType: 'V',
    Visibility: draft.public ? 'AllUsers' : 'InternalUsers',
  },
});

/** A change of the Case that goes with a comment; the marker tells later that both happened. */
export const caseChange = (
  desk: SalesforceDesk,
  id: TicketId,
  { marker }: CommentDraft,
  fields: Record<string, unknown>,
): Subrequest => ({
  method: 'PATCH',
  path: `/sobjects/Case/${encodeURIComponent(id)}`,
  referenceId: 'case',
  body: cleanFields({ ...fields, [desk.markerField]: marker }),
});

/** Tags as one text with blanks between them; what does not fit is left out, the newest first. */
export function tagsText(tags: Iterable<string>): string {
  let text = '';
  for (const tag of new Set([...tags].map((each) => each.trim().replace(/\s+/g, '_')).filter(Boolean))) {
    const longer = text === '' ? tag : `${text} ${tag}`;
    if (longer.length <= 255) text = longer;
  }
  return text;
}
