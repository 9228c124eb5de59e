import type { TicketView } from '../../../src/agent-app/wire.ts';
import { h, section, type Tone } from '../dom.ts';
import { lengthInWords, momentInWords } from '../time.ts';
import type { Words } from '../words.ts';

const tones = {
  open: 'good',
  closing: 'warn',
  closed: 'bad',
  free: 'good',
  none: 'plain',
} satisfies Record<TicketView['window']['state'], Tone>;
/** As in the service (`domain/ticket-signs.ts`). Milliseconds. */
const closingFor = 120 * 60_000;

export interface Countdown {
  element: HTMLElement;
  /** Draws what is left; `ended` once when it runs out. */
  tick(ended: () => void): void;
}

/** How long an answer still reaches the customer, by the service's clock, which this machine's may not agree with. */
export function windowSection(view: TicketView, t: Words): Countdown {
  const drift = Date.parse(view.now) - Date.now();
  const { state, until } = view.window;
  const text = h('p', { class: 'big', id: 'window-left' });
  const element = section('window', t('window'), text, ...explained(view, t));
  let over = state !== 'open' && state !== 'closing';
  const draw = () => {
    const left = until ? Math.max(0, Date.parse(until) - Date.now() - drift) : 0;
    const now = over ? state : left <= closingFor ? 'closing' : 'open';
    element.className = `window ${tones[now]}`;
    text.textContent = t(`window-${now}`, { left: lengthInWords(left, t.locale) });
    return left;
  };
  draw();
  return {
    element,
    tick(ended) {
      if (over) return;
      over = draw() === 0;
      if (over) ended();
    },
  };
}

function explained({ window, may, templates }: TicketView, t: Words): HTMLElement[] {
  const quiet = (text: string) => [h('p', { class: 'quiet' }, text)];
  if (may === 'counted') return quiet(t('counted-why'));
  if (may === 'closed') return quiet(t(templates ? 'closed-template' : 'closed-why'));
  const counted = window.until && (window.state === 'open' || window.state === 'closing');
  return counted ? quiet(t('until', { at: momentInWords(window.until!, t.locale) })) : [];
}
