import { h } from './dom.js';
import { fileView } from './files.js';
import { avatar, when } from './format.js';
import { icon } from './icon.js';
import { safeNodes } from './safe-html.js';

const tones = { new: 'warn', open: 'bad', pending: 'info', hold: '', solved: 'good', closed: '', deleted: '' };

export const statusBadge = (status) => h('span', { class: `badge ${tones[status] ?? ''}` }, status);

/** A ticket's subject, people, tags and what can be done with it as a whole. */
export function ticketHead({ id, subject, status, tags, requester, followupSourceId }, { setStatus, back }) {
  const to = (label, next, title) =>
    h(
      'button',
      {
        type: 'button',
        title,
        disabled: status === next || status === 'closed' || status === 'deleted',
        on: { click: () => setStatus(next) },
      },
      label,
    );
  return h(
    'div',
    { class: 'ticket-head' },
    h(
      'div',
      { class: 'title' },
      h(
        'button',
        { type: 'button', class: 'plain desk-back', 'aria-label': 'All tickets', on: { click: back } },
        icon('back'),
      ),
      statusBadge(status),
      h('h3', { dir: 'auto' }, `#${id} ${subject}`),
    ),
    h(
      'div',
      { class: 'who' },
      avatar(requester.name, true),
      h('span', { dir: 'auto' }, requester.name),
      followupSourceId && h('span', { class: 'badge info' }, `follow-up of #${followupSourceId}`),
      tags.map((tag) => h('span', { class: tag.includes('fail') ? 'badge bad' : 'badge' }, tag)),
      h(
        'div',
        { class: 'ticket-acts' },
        to('Solve', 'solved', 'A new message reopens it'),
        to('Close', 'closed', 'For good: a new message opens a follow-up'),
        to('Delete', 'deleted', 'A new message opens a new ticket'),
      ),
    ),
  );
}

export function commentView(comment) {
  const customer = comment.authorRole === 'end-user';
  const kind = comment.public ? (customer ? 'comment' : 'comment agent') : 'comment internal';
  return h(
    'article',
    { class: kind, 'data-comment': comment.id },
    avatar(comment.authorName),
    h(
      'div',
      { class: 'box' },
      h(
        'div',
        { class: 'by' },
        h('strong', { dir: 'auto' }, comment.authorName),
        h('span', { class: 'badge' }, customer ? 'customer' : comment.authorRole),
        !comment.public && h('span', { class: 'badge warn' }, 'internal'),
        h('time', { class: 'soft', datetime: comment.at }, when(comment.at)),
      ),
      h('div', { class: 'words', dir: 'auto' }, safeNodes(comment.htmlBody || comment.body)),
      comment.attachments.length > 0 && h('div', { class: 'files' }, comment.attachments.map(fileView)),
    ),
  );
}
