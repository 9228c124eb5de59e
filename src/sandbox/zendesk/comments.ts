import { type Answer, invalid } from './answer.ts';
import { type Fields, isFields } from './desk.ts';
import {
  type Attachment,
  type Audit,
  type Comment,
  livingUser,
  nextId,
  now,
  type State,
  type Ticket,
} from './state.ts';
import { markUsed, uploadsFor } from './uploads.ts';
import { htmlOf, plainBody } from './wire.ts';

/** What is to be said on a ticket, checked. */
export interface CheckedComment {
  authorId: number;
  public: boolean;
  body: string;
  htmlBody: string;
  attachments: Attachment[];
  /** Spent once the comment is made. */
  uploads?: unknown;
  via: string;
}

export const isRefusal = (value: CheckedComment | Answer | undefined): value is Answer =>
  value !== undefined && 'status' in value;

const mostBytes = 65_535;
const mostComments = 5_000;

/** The comment of a create or update: undefined when there is none, a 422 when it is not right. */
export function checkComment(
  state: State,
  fields: unknown,
  callerId: number,
  ticket?: Ticket,
): CheckedComment | Answer | undefined {
  if (fields === undefined) return undefined;
  if (!isFields(fields)) return invalid({ comment: ['Comment: is invalid'] });
  const html = typeof fields['html_body'] === 'string' ? fields['html_body'] : undefined;
  const body = html === undefined ? String(fields['body'] ?? '') : plainBody(html);
  const attachments = uploadsFor(state, fields['uploads']);
  const authorId = Number(fields['author_id'] ?? callerId);
  const problem = complaint(state, { body, attachments, authorId, ticket });
  if (problem || !attachments) return problem;
  const isPublic = (fields['public'] ?? true) !== false;
  const htmlBody = html ?? htmlOf(body);
  return { authorId, public: isPublic, body, htmlBody, attachments, uploads: fields['uploads'], via: 'api' };
}

interface Unchecked {
  body: string;
  attachments: Attachment[] | undefined;
  authorId: number;
  ticket: Ticket | undefined;
}

function complaint(state: State, { body, attachments, authorId, ticket }: Unchecked): Answer | undefined {
  if (!livingUser(state, authorId)) return invalid({ author_id: ['Author: is invalid', 'InvalidValue'] });
  if (!attachments) return invalid({ uploads: ['Attachment: upload token is invalid or expired', 'InvalidValue'] });
  if (body.trim() === '') return invalid({ comment: ['Comment: cannot be blank', 'BlankValue'] });
  if (Buffer.byteLength(body) > mostBytes) {
    return invalid({ comment: ['Comment: is too long (maximum is 65535 bytes)', 'TooLong'] });
  }
  if (ticket && ticket.comments.length >= mostComments) {
    return invalid({ base: ['Ticket has reached the maximum of 5000 comments'] });
  }
  return undefined;
}

/** Adds an audit to the ticket and, in it, the comment. */
export function addAudit(
  state: State,
  ticket: Ticket,
  by: number,
  said: { comment?: CheckedComment | undefined; custom?: unknown; changes?: Fields[] },
): { audit: Audit; comment?: Comment } {
  const audit: Audit = {
    id: nextId(state),
    authorId: by,
    at: now(state),
    custom: isFields(said.custom) ? said.custom : {},
    events: [...(said.changes ?? [])],
  };
  ticket.audits.push(audit);
  ticket.updatedAt = audit.at;
  return said.comment ? { audit, comment: addComment(state, ticket, audit, said.comment) } : { audit };
}

function addComment(state: State, ticket: Ticket, audit: Audit, checked: CheckedComment): Comment {
  const { uploads, ...rest } = checked;
  markUsed(state, uploads);
  const comment: Comment = { ...rest, id: nextId(state), auditId: audit.id, at: audit.at };
  ticket.comments.push(comment);
  audit.events.unshift({
    id: comment.id,
    type: 'Comment',
    author_id: comment.authorId,
    body: comment.body,
    html_body: comment.htmlBody,
    public: comment.public,
    audit_id: audit.id,
  });
  return comment;
}

/** Audit events for fields that changed. */
export function changeEvents(state: State, changes: Record<string, [from: unknown, to: unknown]>): Fields[] {
  return Object.entries(changes)
    .filter(([, [from, to]]) => JSON.stringify(from) !== JSON.stringify(to))
    .map(([field, [from, to]]) => ({
      id: nextId(state),
      type: 'Change',
      field_name: field,
      previous_value: from,
      value: to,
    }));
}
