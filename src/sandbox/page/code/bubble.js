import { h } from './dom.js';
import { fileView } from './files.js';
import { media, when } from './format.js';
import { icon } from './icon.js';

/** One bubble with its marks. `acts` are what the customer can do with it. */
export function bubbleView(bubble, acts) {
  const mine = bubble.from === 'customer';
  return h(
    'div',
    { class: mine ? 'bubble-row mine' : 'bubble-row', 'data-mid': bubble.mid },
    bubble.quoted && h('div', { class: 'quoted' }, `↩ ${bubble.quoted}`),
    content(bubble),
    bubble.reactions.length > 0 && h('div', { class: 'reactions' }, bubble.reactions.join(' ')),
    h('div', { class: 'bubble-meta' }, ...marks(bubble, mine)),
    h(
      'div',
      { class: 'bubble-acts' },
      ['❤️', '👍', '😂'].map((emoji) => button(emoji, `React with ${emoji}`, () => acts.react(bubble.mid, emoji))),
      button(icon('reply'), 'Reply to this message', () => acts.replyTo(bubble)),
    ),
  );
}

const button = (glyph, label, click) =>
  h('button', { type: 'button', 'aria-label': label, title: label, on: { click } }, glyph);

function marks(bubble, mine) {
  const time = h('span', {}, when(bubble.at));
  if (mine) return [bubble.seen && h('span', {}, 'Seen'), time];
  const from = bubble.from === 'inbox' && h('span', {}, 'typed in Facebook’s inbox');
  const tag = bubble.tag && h('span', {}, bubble.tag);
  return [time, from, tag, ticks(bubble)];
}

function ticks({ delivered, read }) {
  const [state, sign] = read ? ['read', '✓✓ read'] : delivered ? ['delivered', '✓✓ delivered'] : ['sent', '✓ sent'];
  return h('span', { class: `ticks ${state}` }, sign);
}

function content({ text, attachments }) {
  const photos = attachments.filter((attachment) => attachment.type === 'image' && attachment.url);
  const others = attachments.filter((attachment) => !photos.includes(attachment));
  const bare = !text && others.every(({ type }) => type === 'audio' || type === 'sticker');
  return h(
    'div',
    { class: bare ? 'bubble bare' : 'bubble', dir: 'auto' },
    text,
    photos.length > 0 && h('div', { class: photos.length === 1 ? 'photos single' : 'photos' }, photos.map(photo)),
    others.map(thing),
  );
}

const photo = ({ url, name }) => h('img', { class: 'photo', src: media(url), alt: name ?? 'Photo', loading: 'lazy' });

function thing(attachment) {
  const { type, url, name } = attachment;
  if (type === 'audio' && url)
    return h('audio', { controls: true, src: media(url), 'aria-label': name ?? 'Voice note' });
  if (type === 'sticker' && url) return h('img', { class: 'sticker', src: media(url), alt: 'Sticker' });
  if (type === 'location') return line('pin', name ?? 'Location', url);
  if (['fallback', 'share', 'link'].includes(type)) return line('link', name ?? 'Link', url);
  return url ? fileView(attachment) : line('clip', name ?? type, undefined);
}

const line = (shape, title, url) =>
  h('div', { class: 'thing' }, icon(shape), h('span', {}, title, url && h('small', {}, URL.parse(url)?.host ?? url)));
