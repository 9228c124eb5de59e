import type { ZendeskSimulator } from '../contract.ts';
import { addAudit, changeEvents } from './comments.ts';
import type { TicketChange } from './fire-triggers.ts';
import { type Comment, now, type State, type Status, staff, type Ticket } from './state.ts';
import { addAttachment } from './uploads.ts';
import { htmlOf, plainBody } from './wire.ts';

type AgentComment = Parameters<ZendeskSimulator['agentComments']>[1];

const statuses: Status[] = ['new', 'open', 'pending', 'hold', 'solved', 'closed', 'deleted'];

/** An agent writes on a ticket in Zendesk's own page, which does not let her on a closed or deleted one. */
export function agentComments(
  state: State,
  ticketId: number,
  said: AgentComment,
): { comment: Comment; change: TicketChange } {
  const ticket = workable(state, ticketId);
  const authorId = staff[said.agent ?? 'alice'];
  const htmlBody =
    said.html === undefined ? htmlOf(said.text ?? '') : `<div class="zd-comment" dir="auto">${said.html}</div>`;
  const attachments = (said.files ?? []).map((file) => addAttachment(state, file));
  const before = ticket.status;
  ticket.status = statuses.find((status) => status === said.status) ?? (before === 'new' ? 'open' : before);
  const { comment } = addAudit(state, ticket, authorId, {
    comment: { authorId, public: said.public, body: plainBody(htmlBody), htmlBody, attachments, via: 'web' },
    changes: changeEvents(state, { status: [before, ticket.status] }),
  });
  const change = { ticket, by: authorId, made: false, public: said.public, was: { status: before, tags: ticket.tags } };
  return { comment: comment!, change };
}

/** Sets a status by hand. Nothing comes after `closed` but `deleted`. */
export function setStatus(state: State, ticketId: number, status: Status): void {
  const ticket = state.tickets.get(ticketId);
  if (!ticket || ticket.status === 'deleted') throw new Error(`there is no ticket ${ticketId}`);
  if (ticket.status === 'closed' && status !== 'deleted') throw new Error(`ticket ${ticketId} is closed for good`);
  ticket.status = status;
  ticket.updatedAt = now(state);
}

function workable(state: State, ticketId: number): Ticket {
  const ticket = state.tickets.get(ticketId);
  if (!ticket || ticket.status === 'deleted') throw new Error(`there is no ticket ${ticketId}`);
  if (ticket.status === 'closed') throw new Error(`ticket ${ticketId} is closed`);
  return ticket;
}
