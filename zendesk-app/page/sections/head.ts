import type { TicketView } from '../../../src/agent-app/wire.ts';
import { badge, h, type Tone } from '../dom.ts';
import type { Words } from '../words.ts';

const tones = { unknown: 'plain', stated: 'warn', told: 'plain', proved: 'good' } satisfies Record<string, Tone>;

/** Who it is and how sure that is; where they write. */
export function head({ customer, channel }: TicketView, t: Words): HTMLElement {
  const sure = badge(tones[customer.confidence], t(customer.confidence));
  sure.title = t(`${customer.confidence}-why`);
  return h(
    'header',
    { id: 'head' },
    h('h1', {}, customer.name),
    h('p', {}, sure, h('span', { class: 'channel' }, channel.label), h('span', { class: 'quiet' }, channel.account)),
    h('p', { class: 'quiet' }, t(`${customer.confidence}-why`)),
  );
}
