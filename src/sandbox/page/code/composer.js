import { h } from './dom.js';
import { chosenFiles, kindOf, packed } from './files.js';
import { icon } from './icon.js';
import { sampleDocument, samplePhoto, sampleVoice } from './samples.js';

const emojis = [...'😀😂😍🥰😎🤔😢😡👍🙏👏🎉❤️🔥✨🚀🌈🐻🍕☕'].filter((letter) => letter !== '\ufe0f');

/**
 * Where the customer writes. `send(part)` sends, with the reply-to that is set; `replyTo(bubble)` sets it; `offer(kinds)`
 * says what can be sent.
 */
export function makeComposer({ send }) {
  const draft = { files: [], replyTo: undefined, photos: 0, sends: [] };
  const text = h('textarea', { 'aria-label': 'Message', placeholder: 'Message', rows: 1, dir: 'auto' });
  const context = h('div', { class: 'composer-context', hidden: true });
  const files = h('div', { class: 'files' });
  const sheet = h('div', { class: 'sheet', hidden: true });
  const picker = h('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'Choose files' });

  const show = () => {
    context.hidden = !draft.replyTo;
    context.replaceChildren(
      h('span', {}, `↩ ${draft.replyTo?.text ?? 'a message'}`),
      h('button', { type: 'button', class: 'plain', 'aria-label': 'Do not reply to it', on: { click: forget } }, '✕'),
    );
    files.replaceChildren(...chosenFiles(draft.files, (position) => take(draft.files.toSpliced(position, 1))));
  };
  const forget = () => {
    draft.replyTo = undefined;
    show();
  };
  const take = (chosen) => {
    draft.files = chosen;
    show();
  };
  const sendPart = async (part) => {
    sheet.hidden = true;
    const sent = await send(part, draft.replyTo?.mid);
    if (sent) forget();
    return sent;
  };
  const submit = async () => {
    const words = text.value.trim();
    for (const part of await fileParts(draft.files, draft.sends)) if (!(await sendPart(part))) return;
    take([]);
    if (words && (await sendPart({ type: 'text', text: words }))) text.value = '';
    text.focus();
  };
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  picker.addEventListener('change', () => {
    take([...draft.files, ...picker.files]);
    picker.value = '';
  });
  const open = (kind, children) => {
    const same = !sheet.hidden && sheet.dataset.kind === kind;
    sheet.dataset.kind = kind;
    sheet.className = `sheet ${kind}`;
    sheet.replaceChildren(...children);
    sheet.hidden = same;
  };
  const more = () => open('more', moreButtons({ draft, sendPart, picker }));
  const emoji = () => open('emoji', emojiButtons(text));
  const element = h(
    'form',
    {
      class: 'composer',
      on: {
        submit: (event) => {
          event.preventDefault();
          submit();
        },
      },
    },
    context,
    files,
    sheet,
    h(
      'div',
      { class: 'composer-line' },
      round('plus', 'More to send', more),
      round('smile', 'Emoji', emoji),
      text,
      picker,
      h('button', { class: 'round main', type: 'submit', 'aria-label': 'Send', title: 'Send' }, icon('send')),
    ),
  );
  const replyTo = (bubble) => {
    draft.replyTo = bubble;
    show();
    text.focus();
  };
  const offer = (sends) => {
    if (String(sends) === String(draft.sends)) return;
    draft.sends = sends;
    sheet.hidden = true;
    picker.accept = sends.includes('file')
      ? ''
      : fileKinds
          .filter((kind) => sends.includes(kind))
          .map(anyOf)
          .join();
  };
  return { element, replyTo, forget, offer };
}

const fileKinds = ['image', 'video', 'audio', 'file'];
const anyOf = (kind) => `${kind}/*`;

const round = (shape, label, click) =>
  h('button', { type: 'button', class: 'round', 'aria-label': label, title: label, on: { click } }, icon(shape));

/** Images go together, as a phone sends them; every other kind in a message of its own. What has no kind here is a file. */
async function fileParts(files, sends) {
  const parts = [];
  for (const file of await Promise.all(files.map(packed))) {
    const own = kindOf(file.contentType);
    const kind = sends.includes(own) ? own : 'file';
    const last = parts.at(-1);
    if (kind === 'image' && last?.type === 'image') last.files.push(file);
    else parts.push({ type: kind, files: [file] });
  }
  return parts;
}

function emojiButtons(text) {
  return emojis.map((emoji) => {
    const insert = () => {
      text.setRangeText(emoji, text.selectionStart, text.selectionEnd, 'end');
      text.focus();
    };
    return h('button', { type: 'button', 'aria-label': emoji, on: { click: insert } }, emoji);
  });
}

function moreButtons({ draft, sendPart, picker }) {
  const photos = async (count) => {
    const made = await Promise.all(Array.from({ length: count }, () => samplePhoto(draft.photos++)));
    await sendPart({ type: 'image', files: await Promise.all(made.map(packed)) });
  };
  const file = async (type, made) => sendPart({ type, files: [await packed(made)] });
  const choices = [
    [fileKinds, 'Files…', () => picker.click()],
    [['image'], 'Photo', () => photos(1)],
    [['image'], '3 photos', () => photos(3)],
    [['audio'], 'Voice note', () => file('audio', sampleVoice())],
    [['file'], 'PDF', () => file('file', sampleDocument())],
    [['sticker'], 'Sticker', () => sendPart({ type: 'sticker', stickerId: '369239263222822' })],
    [['location'], 'Location', () => sendPart(place)],
    [['link'], 'Link', () => sendPart(link)],
    // Where there are buttons, there are those that answer in the customer's name.
    [['postback'], 'Quick reply', () => sendPart({ type: 'text', text: 'Track my order', quickReply: 'TRACK_ORDER' })],
    [['postback'], 'Get started', () => sendPart({ type: 'postback', title: 'Get started', payload: 'GET_STARTED' })],
    [['postback'], 'Share e-mail', () => sendPart({ type: 'text', text: email, quickReply: email })],
  ];
  return choices
    .filter(([kinds]) => kinds.some((kind) => draft.sends.includes(kind)))
    .map(([, label, click]) => h('button', { type: 'button', on: { click } }, label));
}

const email = 'sam.okafor@example.com';
const place = { type: 'location', latitude: 48.8584, longitude: 2.2945, title: 'Tour Eiffel' };
const link = { type: 'link', url: 'https://acme.example/tents/alpine-2', title: 'Alpine 2 tent, Acme Outdoor' };
