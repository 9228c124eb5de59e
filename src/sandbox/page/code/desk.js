import { drawList, drawOne, followEnd, h } from './dom.js';
import { when } from './format.js';
import { makeReplyBox } from './reply-box.js';
import { choosing, chosenTicket } from './store.js';
import { commentView, statusBadge, ticketHead } from './ticket.js';

/** The agent's desk: tickets, one of them open. Returns how to draw it. */
export function makeDesk(root, store, act) {
  const list = h('div', { class: 'ticket-list scroll', role: 'group', 'aria-label': 'Tickets' });
  const head = h('div', {});
  const comments = h('div', { class: 'comments' });
  const scroll = h(
    'div',
    { class: 'scroll comments-scroll', role: 'log', 'aria-label': 'Comments', tabindex: 0 },
    comments,
  );
  const toEnd = followEnd(scroll, comments);
  const reply = makeReplyBox({
    send: (comment) => act('agent-comments', { ticket: chosenTicket(store.state)?.id, ...comment }),
  });
  const ended = h('p', { class: 'reply soft', hidden: true });
  const detail = h('div', { class: 'ticket' }, head, scroll, reply, ended);
  const body = h('div', { class: 'desk-body' }, list, detail);
  const count = h('span', { class: 'soft small' });
  root.append(h('div', { class: 'pane-head' }, h('h2', {}, 'Zendesk'), count), body);
  const acts = {
    setStatus: (status) => act('agent-sets-status', { ticket: chosenTicket(store.state)?.id, status }),
    back: () => {
      body.dataset.showing = 'list';
    },
  };
  const open = (ticket) => {
    body.dataset.showing = 'ticket';
    store.set({ ...customerOf(ticket, store.state), ticket: ticket.id, contact: undefined });
  };
  return (state) => {
    const tickets = state.sections.tickets ?? [];
    const shown = chosenTicket(state);
    count.textContent = tickets.length === 1 ? '1 ticket' : `${tickets.length} tickets`;
    drawTickets(list, tickets, shown, open);
    drawOne(head, shown && withoutComments(shown), (ticket) => ticketHead(ticket, acts));
    drawComments(comments, shown, toEnd);
    const over = shown?.status === 'closed' || shown?.status === 'deleted';
    reply.hidden = !shown || over;
    ended.hidden = !over;
    ended.textContent = `This ticket is ${shown?.status}: nothing can be added. A new message opens ${shown?.status === 'closed' ? 'a follow-up' : 'a new one'}.`;
  };
}

/** The phone follows to the customer whose ticket was clicked. */
function customerOf(ticket, state) {
  const key = ticket.requester.externalId ?? '';
  const channel = state.sections.about?.channels.find(({ keyPrefix }) => key.startsWith(keyPrefix));
  return channel ? choosing(state, channel.kind, key.slice(channel.keyPrefix.length)) : {};
}

const withoutComments = ({ comments, fields, updatedAt, ...ticket }) => ticket;

function drawTickets(list, tickets, shown, open) {
  const rows = tickets.toReversed().map((ticket) => {
    const last = ticket.comments.at(-1);
    const { id, subject, status, updatedAt } = ticket;
    return {
      id,
      subject,
      status,
      updatedAt,
      last: last?.body ?? '',
      current: id === shown?.id,
      requester: ticket.requester,
    };
  });
  const make = (row) => (row.id === 'none' ? noTickets() : ticketRow(row, open));
  drawList(list, rows.length > 0 ? rows : [{ id: 'none' }], (row) => row.id, make);
}

function ticketRow(row, open) {
  return h(
    'button',
    { type: 'button', class: 'ticket-row', 'aria-current': String(row.current), on: { click: () => open(row) } },
    h('span', { class: 'top' }, statusBadge(row.status), h('span', { class: 'soft small' }, when(row.updatedAt))),
    h('span', { class: 'subject', dir: 'auto' }, `#${row.id} ${row.subject}`),
    h('span', { class: 'last', dir: 'auto' }, row.last),
  );
}

const noTickets = () =>
  h('div', { class: 'empty' }, h('strong', {}, 'No tickets yet'), 'The first message on the phone opens one.');

function drawComments(comments, shown, toEnd) {
  const id = String(shown?.id ?? '');
  const other = comments.dataset.ticket !== id;
  comments.dataset.ticket = id;
  const items = shown ? shown.comments : [{ id: 'none' }];
  drawList(
    comments,
    items,
    (item) => `${id}/${item.id}`,
    (item) => (item.id === 'none' ? noTicket() : commentView(item)),
  );
  if (other) toEnd();
}

const noTicket = () =>
  h('div', { class: 'empty' }, h('strong', {}, 'Nothing to show'), 'This customer has no ticket yet.');
