import type { ZendeskCommentView, ZendeskTicketView } from '../contract.ts';
import { rulesOf } from './rules.ts';
import { type Comment, type State, type Ticket, userOf } from './state.ts';
import { contentUrl } from './wire.ts';

/** A ticket as the agent's page shows it. */
export function ticketView(state: State, url: string, ticket: Ticket): ZendeskTicketView {
  const requester = userOf(state, ticket.requesterId);
  return {
    id: ticket.id,
    subject: ticket.subject,
    status: ticket.status,
    tags: [...ticket.tags],
    externalId: ticket.externalId,
    requester: {
      id: requester.id,
      name: requester.name,
      externalId: requester.externalId,
      photoUrl: requester.photoUrl,
      fields: { ...requester.fields },
      email: requester.email,
    },
    followupSourceId: ticket.followupSourceId,
    fields: { ...ticket.fields, ...dropDowns(state, ticket) },
    comments: ticket.comments.map((comment) => commentView(state, url, comment)),
    createdAt: ticket.createdAt,
    updatedAt: ticket.updatedAt,
  };
}

/** A drop-down shows the option whose value is a tag of the ticket. Where there are none, nothing is added. */
function dropDowns(state: State, { tags, fields }: Ticket): { custom_fields?: unknown[] } {
  const chosen = rulesOf(state, 'ticket_fields').flatMap(({ id, type, custom_field_options: options }) => {
    const values = type === 'tagger' && Array.isArray(options) ? options.map(({ value }) => String(value)) : [];
    const value = values.find((each) => tags.includes(each));
    return value === undefined ? [] : [{ id, value }];
  });
  const chosenIds = new Set(chosen.map(({ id }) => Number(id)));
  const all = Array.isArray(fields['custom_fields']) ? (fields['custom_fields'] as { id: unknown }[]) : [];
  const given = all.filter(({ id }) => !chosenIds.has(Number(id)));
  return chosen.length > 0 ? { custom_fields: [...given, ...chosen] } : {};
}

function commentView(state: State, url: string, comment: Comment): ZendeskCommentView {
  const author = userOf(state, comment.authorId);
  return {
    id: comment.id,
    authorId: author.id,
    authorName: author.name,
    authorRole: author.role,
    public: comment.public,
    body: comment.body,
    htmlBody: comment.htmlBody,
    attachments: comment.attachments.map((attachment) => ({
      id: attachment.id,
      name: attachment.name,
      contentType: attachment.contentType,
      bytes: attachment.bytes.length,
      url: contentUrl(url, attachment),
    })),
    at: comment.at,
    ...(comment.channelError === undefined ? {} : { channelError: comment.channelError }),
  };
}
