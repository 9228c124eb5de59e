import { h } from './dom.js';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** The time, with the day if it is not today's. */
export function when(text) {
  const at = new Date(text);
  return (at.toDateString() === new Date().toDateString() ? clock : day).format(at);
}

export function size(bytes) {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Where the page gets a simulator's file; some the demo itself has. */
export const media = (url) => (url.startsWith('/') ? url : `/media?url=${encodeURIComponent(url)}`);

/** Initials on a colour that stays the same for the same name. */
export function avatar(name, small = false) {
  const letters = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .filter((letter) => /\p{L}/u.test(letter));
  const hue = [...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0) * 7, 0) % 360;
  const initials = `${letters[0] ?? '?'}${letters.length > 1 ? letters.at(-1) : ''}`;
  const element = h('span', { class: small ? 'avatar tiny' : 'avatar', 'aria-hidden': 'true' }, initials);
  element.style.setProperty('--hue', String(hue));
  return element;
}
