import type { OrderView, TicketView } from '../../../src/agent-app/wire.ts';
import { badge, h, outward, section, type Tone } from '../dom.ts';
import { momentInWords } from '../time.ts';
import { isWord, type Words } from '../words.ts';

/** Orders, consents and other threads: each only where there are some. */
export function moreSections(view: TicketView, t: Words): HTMLElement[] {
  return [
    ...(view.orders.length > 0 ? [orders(view, t)] : []),
    ...(view.consents.length > 0 ? [consents(view, t)] : []),
    ...(view.others.length > 0 ? [others(view, t)] : []),
  ];
}

const orders = (view: TicketView, t: Words) =>
  section('orders', t('orders'), h('ul', {}, ...view.orders.map((order) => orderLine(order, t))));

const orderLine = ({ number, state, total, currency, updatedAt, url }: OrderView, t: Words) =>
  h(
    'li',
    {},
    h('p', {}, outward(url, number), ' ', badge('plain', state)),
    h('p', { class: 'quiet' }, [price(total, currency, t.locale), momentInWords(updatedAt, t.locale)].join('')),
  );

function price(total: number | null, currency: string | null, locale: string): string {
  if (total === null || !currency) return '';
  try {
    return `${new Intl.NumberFormat(locale, { style: 'currency', currency }).format(total)} · `;
  } catch {
    return `${total} ${currency} · `;
  }
}

const agreed = { granted: 'good', revoked: 'bad', pending: 'warn' } satisfies Record<string, Tone>;

function consents(view: TicketView, t: Words): HTMLElement {
  const lines = view.consents.map(({ channel, purpose, state, since }) =>
    h(
      'li',
      {},
      h('p', {}, isWord(purpose) ? t(purpose) : purpose, ' ', badge(agreed[state], t(state))),
      h('p', { class: 'quiet' }, `${channel === '*' ? t('everywhere') : channel} · ${momentInWords(since, t.locale)}`),
    ),
  );
  return section('consents', t('consents'), h('ul', {}, ...lines));
}

function others(view: TicketView, t: Words): HTMLElement {
  const lines = view.others.map(({ channel, account, ticket, lastCustomerAt }) =>
    h(
      'li',
      {},
      h('p', {}, `${channel} · ${account} `, ticket && outward(ticket.url, t('ticket', { n: ticket.number }))),
      lastCustomerAt && h('p', { class: 'quiet' }, t('last-wrote', { at: momentInWords(lastCustomerAt, t.locale) })),
    ),
  );
  return section('others', t('others'), h('ul', {}, ...lines));
}
