import type { Saying, TemplateView, TicketView } from '../../../src/agent-app/wire.ts';
import { h, section } from '../dom.ts';
import type { Words } from '../words.ts';

/** What an agent sends, without its key. */
export type Wish =
  | { path: '/say'; body: { id: string; text: string } }
  | { path: '/template'; body: { name: string; language: string; parameters: string[] } };

/** Resolves when it is on its way; rejects with why not. */
export type Send = (wish: Wish, key: string) => Promise<void>;

export interface Offer {
  view: Pick<TicketView, 'sayings' | 'may' | 'templates'>;
  /** `away`: they could not be read. */
  templates: readonly TemplateView[] | 'away';
}

/** Whether there is anything to choose from. */
const offersSome = ({ view, templates }: Offer): boolean =>
  (view.may === 'yes' && view.sayings.length > 0) || (templates !== 'away' && templates.length > 0);

/** The form that sends something ready: a quick reply, a question for an address, an approved template. */
export function composer(offer: Offer, t: Words, send: Send): HTMLElement {
  const away = offer.templates === 'away' && h('p', { class: 'why' }, t('templates-away'));
  if (!offersSome(offer)) return section('composer', t('send'), away || h('p', { class: 'quiet' }, t('nothing')));
  const chosen = h('div', { id: 'chosen' });
  const choice = h('select', { id: 'what', onchange: () => pick() }, h('option', { value: '' }, t('choose')));
  choice.append(...groupsOf(offer, t));
  const go = h('button', { type: 'submit', class: 'primary' }, t('sendNow'));
  go.hidden = true;
  let current: Draft | undefined;
  const pick = () => {
    current = draftOf(offer, choice.value, t);
    chosen.replaceChildren(...(current?.shown ?? []));
    go.hidden = current === undefined;
  };
  // One key for one wish: whatever is clicked or tried again, it is sent once.
  let key = { of: '', value: '' };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!current || go.disabled) return;
    const wish = current.wish();
    const of = JSON.stringify(wish);
    if (key.of !== of) key = { of, value: crypto.randomUUID() };
    go.disabled = true;
    go.textContent = t('sending');
    try {
      await send(wish, key.value);
      key = { of: '', value: '' };
      choice.value = '';
      pick();
      choice.focus();
    } catch {
      // Told already; what was chosen stays, to be tried again.
    } finally {
      go.disabled = false;
      go.textContent = t('sendNow');
    }
  };
  const form = h('form', { onsubmit: submit }, h('label', { for: 'what' }, t('what')), choice, chosen, go);
  return section('composer', t('send'), away, form);
}

function groupsOf({ view, templates }: Offer, t: Words): HTMLElement[] {
  const sayings = view.may === 'yes' ? view.sayings : [];
  const quick = sayings.filter(({ title }) => title !== null).map(({ id, title }) => h('option', { value: id }, title));
  const asks = sayings.flatMap(({ id }) =>
    id === 'ask-email' || id === 'ask-phone' ? [h('option', { value: id }, t(id))] : [],
  );
  const approved = (templates === 'away' ? [] : templates).map(({ name, language }, n) =>
    h('option', { value: `template:${n}` }, `${name} (${language})`),
  );
  return [group(t('texts'), quick), group(t('asks'), asks), group(t('templates'), approved)].flat();
}

const group = (label: string, options: HTMLElement[]) =>
  options.length > 0 ? [h('optgroup', { label }, ...options)] : [];

interface Draft {
  shown: HTMLElement[];
  wish(): Wish;
}

function draftOf({ view, templates }: Offer, value: string, t: Words): Draft | undefined {
  const saying = view.sayings.find(({ id }) => id === value);
  if (saying) return sayingDraft(saying, t);
  const template = templates === 'away' ? undefined : templates[Number(/^template:(\d+)$/.exec(value)?.[1] ?? -1)];
  return template && templateDraft(template, t);
}

const preview = (t: Words, text: string) => {
  const words = h('blockquote', { 'aria-label': t('preview') }, text);
  return { words, shown: h('div', {}, h('p', { class: 'quiet' }, t('preview')), words) };
};

const sayingDraft = ({ id, text }: Saying, t: Words): Draft => ({
  shown: [preview(t, text).shown],
  wish: () => ({ path: '/say', body: { id, text } }),
});

function templateDraft({ name, language, text, parameters }: TemplateView, t: Words): Draft {
  const { words, shown } = preview(t, text);
  const draw = () => words.replaceChildren(filled(text, values()));
  const inputs = Array.from({ length: parameters }, (_, n) =>
    h('input', { id: `blank-${n}`, required: true, maxlength: 1024, autocomplete: 'off', oninput: draw }),
  );
  const values = () => inputs.map(({ value }) => value.trim());
  const fields = inputs.map((input, n) => h('div', {}, h('label', { for: input.id }, t('blank', { n: n + 1 })), input));
  return {
    shown: [...fields, shown],
    wish: () => ({ path: '/template', body: { name, language, parameters: values() } }),
  };
}

/** A blank that nothing stands in yet shows as the platform writes it. */
function filled(text: string, values: readonly string[]): string {
  let n = 0;
  return text.replace(/\{\{\s*\w+\s*\}\}/g, (blank) => values[n++] || blank);
}
