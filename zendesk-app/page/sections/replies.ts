import type { ReplyView, TicketView } from '../../../src/agent-app/wire.ts';
import { badge, h, section, type Tone } from '../dom.ts';
import { momentInWords } from '../time.ts';
import type { Word, Words } from '../words.ts';

const shown: Record<NonNullable<ReplyView['state']>, [Word, Tone]> = {
  waiting: ['waiting', 'plain'],
  sending: ['state-sending', 'plain'],
  sent: ['state-sent', 'plain'],
  delivered: ['delivered', 'good'],
  read: ['read', 'good'],
  failed: ['state-failed', 'bad'],
  unsure: ['unsure', 'warn'],
};

/** What became of each reply on this ticket. */
export function repliesSection({ replies }: TicketView, t: Words): HTMLElement {
  const list = h('ul', {}, ...replies.map((reply) => line(reply, t)));
  const none = h('p', { class: 'quiet' }, t('no-replies'));
  return section('replies', t('replies'), replies.length > 0 ? list : none);
}

function line({ by, name, at, text, state, since, reason }: ReplyView, t: Words): HTMLElement {
  const [word, tone] = state ? shown[state] : ([undefined, undefined] as const);
  const when = since ?? at;
  return h(
    'li',
    {},
    h('p', { class: 'said' }, text),
    h(
      'p',
      { class: 'quiet' },
      word && badge(tone, t(word)),
      `${name ?? t(by)} · `,
      h('time', { datetime: when }, momentInWords(when, t.locale)),
    ),
    state === 'failed' && reason && h('p', { class: 'why' }, reason),
  );
}
