import type { TemplateView, TicketView } from '../../src/agent-app/wire.ts';
import { makeBoard } from './board.ts';
import { h } from './dom.ts';
import { type Service, serviceOf, Trouble } from './service.ts';
import { isWord, type Words, wordsFor } from './words.ts';
import { placeOf, type ZafClient } from './zaf.ts';

/** How often it is asked again while the app is looked at: well within the 100 requests a minute that Zendesk lets an app make. */
const every = 15_000;
/** After something was sent: what becomes of it is known soon. */
const soon = 2_000;
/** A new ticket is known to the service by then. */
const notYet = 5_000;

/** Shows the conversation behind the ticket, and keeps it current. */
export async function start(root: HTMLElement): Promise<void> {
  const client = window.ZAFClient?.init();
  if (!client) return show(root, wordsFor(navigator.language), new Trouble('unreachable'));
  followScheme(client);
  followHeight(client, root);
  const place = await placeOf(client);
  const t = wordsFor(place.agent.locale);
  document.documentElement.lang = t.locale;
  root.replaceChildren(h('p', { role: 'status', class: 'quiet' }, t('loading')));
  await run(client, root, t, serviceOf(client, place));
}

async function run(client: ZafClient, root: HTMLElement, t: Words, service: Service): Promise<void> {
  let board: ReturnType<typeof makeBoard> | undefined;
  const refresh = async (): Promise<void> => {
    try {
      const view = await service.get<TicketView>('');
      board ??= await opened(view);
      board.show(view);
    } catch (error) {
      if (board) board.stale();
      else miss(troubleIn(error));
    }
  };
  let tries = 0;
  const miss = (trouble: Trouble) => {
    show(root, t, trouble, refresh);
    // Whoever opens a ticket the moment it appears is ahead of the word that it was made.
    if (trouble.because === 'no-chat' && tries++ === 0) setTimeout(refresh, notYet);
  };
  const opened = async (view: TicketView) => {
    const templates = view.templates ? await templatesOf(service) : [];
    const made = makeBoard(root, t, { service, templates, refresh, later: () => setTimeout(refresh, soon) });
    root.setAttribute('aria-busy', 'false');
    return made;
  };
  await refresh();
  setInterval(() => document.visibilityState === 'visible' && board && void refresh(), every);
  client.on('app.activated', () => void refresh());
  client.on('ticket.submit.done', () => setTimeout(refresh, soon));
}

const templatesOf = (service: Service): Promise<TemplateView[] | 'away'> =>
  service.get<TemplateView[]>('/templates').catch(() => 'away' as const);

const troubleIn = (error: unknown): Trouble => (error instanceof Trouble ? error : new Trouble('failed'));

/** What stands in place of everything else: why there is nothing to see. */
function show(root: HTMLElement, t: Words, { because }: Trouble, again?: () => Promise<void>): void {
  const why = isWord(`${because}-why`) ? because : 'failed';
  const retry = h('button', { type: 'button', onclick: () => void again?.() }, t('retry'));
  const words = [h('h1', {}, t(why as 'failed')), h('p', { class: 'quiet' }, t(`${why}-why` as 'failed-why'))];
  root.replaceChildren(h('div', { class: 'empty', role: 'status' }, ...words, again && why !== 'no-chat' && retry));
  root.setAttribute('aria-busy', 'false');
}

/** Light or dark, as Zendesk is (ZAF "colorScheme"); where it does not tell, light. */
function followScheme(client: ZafClient): void {
  const set = (scheme: unknown) => {
    document.documentElement.dataset['scheme'] = scheme === 'dark' ? 'dark' : 'light';
  };
  client.get(['colorScheme']).then(
    (found) => set(found['colorScheme']),
    () => set('light'),
  );
  client.on('colorScheme.changed', set);
}

/** An app's frame is as high as the app asks; past this it scrolls. Pixels. */
const highest = 900;

function followHeight(client: ZafClient, root: HTMLElement): void {
  let last = 0;
  new ResizeObserver(() => {
    const height = Math.min(highest, Math.ceil(root.getBoundingClientRect().height) + 2);
    if (height === last) return;
    last = height;
    client.invoke('resize', { height: `${height}px` }).catch(() => undefined);
  }).observe(root);
}
