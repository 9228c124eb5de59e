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
    actsView(bubble, acts),
  );
}

function actsView(bubble, acts) {
  const { mid, reactable, quotable, withdrawable } = bubble;
  const emojis = reactable ? ['❤️', '👍', '😂'] : [];
  const buttons = [
    ...emojis.map((emoji) => button(emoji, `React with ${emoji}`, () => acts.react(mid, emoji))),
    quotable && button(icon('reply'), 'Reply to this message', () => acts.replyTo(bubble)),
    withdrawable && button('✕', 'Withdraw this message', () => acts.unsend(mid)),
  ].filter(Boolean);
  return buttons.length > 0 && h('div', { class: 'bubble-acts' }, buttons);
}

const button = (glyph, label, click) =>
  h('button', { type: 'button', 'aria-label': label, title: label, on: { click } }, glyph);

function marks(bubble, mine) {
  const time = h('span', {}, when(bubble.at));
  if (mine) return [bubble.seen && h('span', {}, 'Seen'), time];
  const from = bubble.from === 'inbox' && h('span', {}, 'typed in the platform’s inbox');
  const tag = bubble.tag && h('span', {}, bubble.tag);
  return [time, from, tag, ticks(bubble)];
}

function ticks({ delivered, read }) {
  const [state, sign] = read ? ['read', '✓✓ read'] : delivered ? ['delivered', '✓✓ delivered'] : ['sent', '✓ sent'];
  return h('span', { class: `ticks ${state}` }, sign);
}

/** Platforms name the kinds of files differently; what a file is, its content type says. */
const isPhoto = ({ type, url, contentType = type }) =>
  Boolean(url) && type !== 'sticker' && contentType.startsWith('image');

const isSound = ({ type, contentType = type }) => contentType.startsWith('audio');

function content({ text, attachments }) {
  const photos = attachments.filter(isPhoto);
  const others = attachments.filter((attachment) => !photos.includes(attachment));
  const bare = !text && others.every((file) => isSound(file) || file.type === 'sticker');
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
  if (isSound(attachment) && url)
    return h('audio', { controls: true, src: media(url), 'aria-label': name ?? 'Voice note' });
  if (type === 'sticker') return sticker(url);
  if (type === 'location') return line('pin', name ?? 'Location', url);
  if (['fallback', 'share', 'link'].includes(type)) return line('link', name ?? 'Link', url);
  return url ? fileView(attachment) : line('clip', name ?? type, undefined);
}

/** Not every sticker is a picture that a browser can show. */
function sticker(url) {
  const words = () => line('smile', 'Sticker', undefined);
  if (!url) return words();
  const picture = h('img', { class: 'sticker', src: media(url), alt: 'Sticker' });
  picture.addEventListener('error', () => picture.replaceWith(words()));
  return picture;
}

const line = (shape, title, url) =>
  h('div', { class: 'thing' }, icon(shape), h('span', {}, title, url && h('small', {}, URL.parse(url)?.host ?? url)));
