import { h } from './dom.js';

/** Shows a short message for some seconds. */
export function makeToast(root) {
  return (words, kind = 'bad') => {
    const note = h('div', { class: `toast ${kind}` }, words);
    root.append(note);
    setTimeout(() => note.remove(), kind === 'bad' ? 8_000 : 3_500);
  };
}
