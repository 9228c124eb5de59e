import { h } from './dom.js';
import { media, size } from './format.js';
import { icon } from './icon.js';

/** What the server takes: a file with its bytes as text. */
export async function packed(file) {
  const text = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  const contentType = file.type || 'application/octet-stream';
  return { name: file.name, contentType, base64: text.slice(text.indexOf(',') + 1) };
}

/** The kind of message a file is sent as. */
export function kindOf(contentType) {
  const kind = contentType.split('/')[0];
  return ['image', 'video', 'audio'].includes(kind) ? kind : 'file';
}

/** A file on the page: an image as a picture, everything else as a link. */
export function fileView({ url, name = 'file', contentType = '', bytes }) {
  if (contentType.startsWith('image/')) {
    return h(
      'a',
      { href: media(url), target: '_blank', rel: 'noreferrer', title: name },
      h('img', { src: media(url), alt: name, loading: 'lazy' }),
    );
  }
  if (contentType.startsWith('audio/')) return h('audio', { controls: true, src: media(url), 'aria-label': name });
  return h(
    'a',
    { class: 'file-chip', href: media(url), target: '_blank', rel: 'noreferrer' },
    icon(contentType.startsWith('video/') ? 'film' : 'clip'),
    name,
    bytes !== undefined && h('span', { class: 'soft small' }, size(bytes)),
  );
}

/** Files chosen but not yet sent, each with a button to leave it out. */
export function chosenFiles(files, remove) {
  return files.map((file, position) =>
    h(
      'span',
      { class: 'file-chip' },
      icon('clip'),
      file.name,
      h(
        'button',
        {
          type: 'button',
          class: 'plain',
          'aria-label': `Leave out ${file.name}`,
          on: { click: () => remove(position) },
        },
        '✕',
      ),
    ),
  );
}
