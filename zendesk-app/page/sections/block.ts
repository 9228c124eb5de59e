import type { BlockWish, TicketView } from '../../../src/agent-app/wire.ts';
import { h, section } from '../dom.ts';
import { momentInWords } from '../time.ts';
import type { Words } from '../words.ts';

type Block = (wish: BlockWish) => void;

/** Blocks the customer once it was said what follows, or tells that they are blocked and lets them in again. */
export function blockSection({ blocked }: TicketView, t: Words, block: Block): HTMLElement {
  return section('block', t('block'), blocked ? isBlocked(blocked, t, block) : mayBlock(t, block));
}

function isBlocked({ at, by, spam }: NonNullable<TicketView['blocked']>, t: Words, block: Block): HTMLElement {
  const told = t(spam ? 'blocked-spam' : 'blocked-since', { by, at: momentInWords(at, t.locale) });
  const lift = () => block({ blocked: false, spam: false });
  return h(
    'div',
    { class: 'card ask' },
    h('p', { class: 'big' }, told),
    h('p', { class: 'quiet' }, t('blocked-why')),
    h('button', { type: 'button', onclick: lift }, t('unblock')),
  );
}

function mayBlock(t: Words, block: Block): HTMLElement {
  const spam = h('input', { type: 'checkbox', id: 'spam' });
  const now = h('button', { type: 'submit', class: 'danger' }, t('blockNow'));
  const ask = h('button', { type: 'button', class: 'danger' }, t('blockThem'));
  const leave = h('button', { type: 'button' }, t('cancel'));
  const submit = (event: Event) => {
    event.preventDefault();
    block({ blocked: true, spam: spam.checked });
  };
  const sure = h(
    'form',
    { class: 'sure', hidden: true, onsubmit: submit },
    h('p', {}, t('block-why')),
    h('p', { class: 'row' }, spam, h('label', { for: 'spam' }, t('isSpam'))),
    h('p', { class: 'row' }, now, leave),
  );
  const open = (shown: boolean) => {
    sure.hidden = !shown;
    ask.hidden = shown;
    (shown ? spam : ask).focus();
  };
  ask.addEventListener('click', () => open(true));
  leave.addEventListener('click', () => open(false));
  return h('div', {}, ask, sure);
}
