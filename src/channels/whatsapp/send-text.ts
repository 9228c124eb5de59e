import { splitText } from '../../domain/split-text.ts';
import type { Choice } from '../channel.ts';
import type { JsonRecord } from '../shared/json.ts';
import { buttons, linkButton, list } from './limits.ts';

type Tap = Extract<Choice, { payload: string }>;
type Link = Extract<Choice, { url: string }>;

/**
 * A text, with what can be tapped under it: up to three buttons, else a list, or one link as a button. What WhatsApp has no
 * form for (several links, links beside buttons, more than ten choices) stands under the text.
 */
export function textContent(text: string, choices: readonly Choice[]): JsonRecord {
  const taps = choices.filter((choice) => 'payload' in choice);
  const links = choices.filter((choice) => 'url' in choice);
  if (taps.length === 0 && links.length === 1 && text.length <= linkButton.bodyLength)
    return linkContent(text, links[0]!);
  const body = [text, ...links.map(({ title, url }) => `${title}: ${url}`)].join('\n');
  if (taps.length === 0) return plain(body);
  if (!canTap(taps)) return plain([body, ...taps.map(({ title }, i) => `${i + 1}. ${title}`)].join('\n'));
  if (taps.length <= buttons.most && body.length <= buttons.bodyLength) return buttonsContent(body, taps);
  return body.length <= list.bodyLength ? listContent(body, taps) : plain(body);
}

/** Too long with what was added to it, WhatsApp refuses it, and the agent learns that; nothing is cut off in silence. */
export const plain = (body: string): JsonRecord => ({
  type: 'text',
  text: { body, preview_url: /https?:\/\//.test(body) },
});

/** Ids must be whole to mean something, and what is seen must differ. */
function canTap(taps: readonly Tap[]): boolean {
  const titles = taps.map(({ title }) => cut(title, buttons.titleLength));
  return (
    taps.length <= list.most &&
    taps.every(({ payload }) => payload !== '' && payload.length <= list.idLength) &&
    [titles, taps.map(({ payload }) => payload)].every((each) => new Set(each).size === taps.length) &&
    titles.every((title) => title !== '')
  );
}

const interactive = (type: string, text: string, action: JsonRecord): JsonRecord => ({
  type: 'interactive',
  interactive: { type, body: { text }, action },
});

const buttonsContent = (text: string, taps: readonly Tap[]): JsonRecord =>
  interactive('button', text, {
    buttons: taps.map(({ title, payload }) => ({
      type: 'reply',
      reply: { id: payload, title: cut(title, buttons.titleLength) },
    })),
  });

const listContent = (text: string, taps: readonly Tap[]): JsonRecord =>
  interactive('list', text, {
    button: list.label,
    sections: [{ rows: taps.map(({ title, payload }) => ({ id: payload, title: cut(title, list.titleLength) })) }],
  });

export const linkContent = (text: string, { title, url }: Link): JsonRecord =>
  interactive('cta_url', text, {
    name: 'cta_url',
    parameters: { display_text: cut(title, linkButton.titleLength) || url.slice(0, linkButton.titleLength), url },
  });

/** No longer than that, and no word or emoji torn apart. */
const cut = (title: string, length: number): string => splitText(title.trim(), length)[0]!.trim();
