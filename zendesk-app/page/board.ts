import type { BlockWish, Sent, TicketView } from '../../src/agent-app/wire.ts';
import { h } from './dom.ts';
import { blockSection } from './sections/block.ts';
import { composer, type Offer, type Send } from './sections/composer.ts';
import { customerSection, type Decision } from './sections/customer.ts';
import { head } from './sections/head.ts';
import { moreSections } from './sections/more.ts';
import { repliesSection } from './sections/replies.ts';
import { type Countdown, windowSection } from './sections/window.ts';
import { type Service, Trouble } from './service.ts';
import { isWord, type Word, type Words } from './words.ts';

interface BoardParts {
  service: Service;
  templates: Offer['templates'];
  refresh(): Promise<void>;
  /** Asks again in a moment. */
  later(): void;
}

/**
 * The app once there is something to show. A part is drawn anew only when what it shows changed, so that nobody loses what they are
 * typing, or their place.
 */
export function makeBoard(root: HTMLElement, t: Words, { service, templates, refresh, later }: BoardParts) {
  const status = h('div', { id: 'status', role: 'status', 'aria-live': 'polite' });
  const names = ['head', 'window', 'composer', 'replies', 'customer', 'more', 'block'] as const;
  const slots = Object.fromEntries(names.map((name) => [name, h('div', { class: 'slot' })]));
  const drawn = new Map<string, string>();
  let countdown: Countdown | undefined;
  let busy = false;
  root.replaceChildren(slots['head']!, slots['window']!, status, ...names.slice(2).map((name) => slots[name]!));

  const say = (tone: 'good' | 'bad', text: string) => status.replaceChildren(h('p', { class: `told ${tone}` }, text));
  const draw = (name: (typeof names)[number], of: unknown, make: () => readonly HTMLElement[]) => {
    const digest = JSON.stringify(of);
    if (drawn.get(name) === digest) return;
    drawn.set(name, digest);
    slots[name]!.replaceChildren(...make());
  };

  const send: Send = async (wish, key) => {
    try {
      const { again } = await service.post<Sent>(wish.path, { key, ...wish.body });
      say('good', t(again ? 'again' : 'sent'));
    } catch (error) {
      say('bad', refusalIn(error, t));
      throw error;
    } finally {
      void refresh();
      later();
    }
  };
  const block = async (wish: BlockWish) => {
    if (busy) return;
    busy = true;
    try {
      await service.post('/block', wish);
      say('good', t(wish.blocked ? 'isBlocked' : 'isUnblocked'));
    } catch (error) {
      say('bad', refusalIn(error, t));
    } finally {
      busy = false;
      drawn.delete('block');
      await refresh();
    }
  };
  const decide = async (decision: Decision) => {
    if (busy) return;
    busy = true;
    try {
      await service.post('/links', decision);
      say('good', t(decision.act === 'undo' ? 'undone' : 'decided'));
    } catch (error) {
      say('bad', refusalIn(error, t));
    } finally {
      busy = false;
      // Drawn anew even where nothing changed: a question that was asked is taken back.
      drawn.delete('customer');
      await refresh();
    }
  };
  const tick = () => countdown?.tick(() => void refresh());
  setInterval(tick, 1_000);

  return {
    show(view: TicketView) {
      const {
        now: _,
        replies,
        customer,
        orders,
        consents,
        others,
        sayings,
        may,
        channel,
        window,
        ticket,
        blocked,
      } = view;
      if (status.dataset['stale']) status.replaceChildren();
      delete status.dataset['stale'];
      draw('head', [customer.name, customer.confidence, channel, ticket.number], () => [head(view, t)]);
      draw('window', [window, may], () => {
        countdown = windowSection(view, t);
        return [countdown.element];
      });
      draw('composer', [sayings, may, blocked !== null], () =>
        blocked ? [] : [composer({ view, templates }, t, send)],
      );
      draw('replies', replies, () => [repliesSection(view, t)]);
      draw('customer', customer, () => [customerSection(view, t, (decision) => void decide(decision))]);
      draw('block', blocked, () => [blockSection(view, t, (wish) => void block(wish))]);
      draw('more', [orders, consents, others], () => moreSections(view, t));
    },
    /** It stays as it is, and says so. */
    stale() {
      status.dataset['stale'] = 'yes';
      say('bad', t('stale'));
    },
  };
}

const told: Partial<Record<string, Word>> = { 'window-closed': 'window-closed-refusal' };

/** Why something was not done, in the agent's language as far as the app knows the reason. */
function refusalIn(error: unknown, t: Words): string {
  const { because, detail } = error instanceof Trouble ? error : new Trouble('failed');
  const word = told[because] ?? because;
  if (isWord(word)) return t(word);
  return detail || t('failed');
}
