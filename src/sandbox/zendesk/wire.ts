import { convert } from 'html-to-text';
import type { Attachment, Audit, Comment, Ticket, Upload, User } from './state.ts';

const iso = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, 'Z');

export const wireUser = (url: string, user: User) => ({
  id: user.id,
  url: `${url}/api/v2/users/${user.id}.json`,
  name: user.name,
  email: user.email,
  phone: user.phone,
  role: user.role,
  external_id: user.externalId,
  remote_photo_url: user.photoUrl,
  locale: user.locale,
  user_fields: user.fields,
  active: true,
  verified: true,
  suspended: false,
  created_at: iso(user.createdAt),
  updated_at: iso(user.updatedAt),
});

export const wireIdentity = (user: User, identity: User['identities'][number]) => ({
  ...identity,
  user_id: user.id,
  verified: true,
  primary: user.identities[0] === identity,
});

export const wireTicket = (url: string, ticket: Ticket) => ({
  ...ticket.fields,
  id: ticket.id,
  url: `${url}/api/v2/tickets/${ticket.id}.json`,
  subject: ticket.subject,
  raw_subject: ticket.subject,
  description: ticket.comments[0]?.body ?? '',
  status: ticket.status,
  tags: ticket.tags,
  external_id: ticket.externalId,
  requester_id: ticket.requesterId,
  submitter_id: ticket.comments[0]?.authorId ?? ticket.requesterId,
  followup_ids: ticket.followupIds,
  via: ticket.followupSourceId
    ? { channel: ticket.via, source: { from: { ticket_id: ticket.followupSourceId }, to: {}, rel: 'follow_up' } }
    : { channel: ticket.via, source: { from: {}, to: {}, rel: null } },
  created_at: iso(ticket.createdAt),
  updated_at: iso(ticket.updatedAt),
  generated_timestamp: Math.floor(ticket.updatedAt.getTime() / 1000),
});

export const contentUrl = (url: string, { token, name }: Attachment) =>
  `${url}/attachments/token/${token}/?name=${encodeURIComponent(name)}`;

export const wireAttachment = (url: string, attachment: Attachment) => ({
  id: attachment.id,
  url: `${url}/api/v2/attachments/${attachment.id}.json`,
  file_name: attachment.name,
  content_url: contentUrl(url, attachment),
  mapped_content_url: contentUrl(url, attachment),
  content_type: attachment.contentType,
  size: attachment.bytes.length,
  inline: false,
  deleted: false,
  malware_access_override: false,
  malware_scan_result: 'malware_not_found',
  thumbnails: [],
});

export const plainBody = (html: string): string => convert(html, { wordwrap: false });

export const wireComment = (url: string, comment: Comment) => ({
  id: comment.id,
  type: 'Comment',
  author_id: comment.authorId,
  body: comment.body,
  html_body: comment.htmlBody,
  plain_body: plainBody(comment.htmlBody),
  public: comment.public,
  attachments: comment.attachments.map((attachment) => wireAttachment(url, attachment)),
  audit_id: comment.auditId,
  via: { channel: comment.via, source: { from: {}, to: {}, rel: null } },
  metadata: { system: {}, custom: {} },
  created_at: iso(comment.at),
});

export const wireAudit = (ticket: Ticket, audit: Audit) => ({
  id: audit.id,
  ticket_id: ticket.id,
  author_id: audit.authorId,
  created_at: iso(audit.at),
  metadata: { system: { client: 'Passerelle sandbox', ip_address: '127.0.0.1' }, custom: audit.custom },
  events: audit.events,
  via: { channel: 'api', source: { from: {}, to: {}, rel: null } },
});

export const wireUpload = (url: string, upload: Upload) => ({
  token: upload.token,
  expires_at: iso(new Date(upload.createdAt.getTime() + 60 * 60_000)),
  attachment: wireAttachment(url, upload.attachments.at(-1)!),
  attachments: upload.attachments.map((attachment) => wireAttachment(url, attachment)),
});

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** How Zendesk shows a plain body: paragraphs and line breaks, in its own wrapper. */
export function htmlOf(text: string): string {
  const escaped = text.replace(/[&<>"]/g, (character) => escapes[character]!);
  const paragraphs = escaped
    .split(/\n{2,}/)
    .map((paragraph) => `<p dir="auto">${paragraph.replace(/\n/g, '<br>')}</p>`);
  return `<div class="zd-comment" dir="auto">${paragraphs.join('')}</div>`;
}
