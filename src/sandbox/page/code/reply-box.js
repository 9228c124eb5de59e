import { h } from './dom.js';
import { chosenFiles, packed } from './files.js';
import { icon } from './icon.js';
import { safeHtml } from './safe-html.js';

/** Where the agent answers. `send({ html, public, files, status })` resolves to something true when it worked. */
export function makeReplyBox({ send }) {
  let chosen = [];
  const words = h('div', {
    class: 'rich',
    contenteditable: 'true',
    role: 'textbox',
    'aria-multiline': 'true',
    'aria-label': 'Reply',
    'data-placeholder': 'Reply to the customer. Ctrl+Enter submits.',
    dir: 'auto',
  });
  const files = h('div', { class: 'files' });
  const picker = h('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'Attach files' });
  const status = h(
    'select',
    { 'aria-label': 'Submit as' },
    ['open', 'pending', 'solved'].map((value) => h('option', { value }, `as ${value}`)),
  );
  const take = (next) => {
    chosen = next;
    files.replaceChildren(...chosenFiles(chosen, (position) => take(chosen.toSpliced(position, 1))));
  };
  picker.addEventListener('change', () => {
    take([...chosen, ...picker.files]);
    picker.value = '';
  });
  const submit = async () => {
    if (words.textContent.trim() === '' && chosen.length === 0) return words.focus();
    const isPublic = element.querySelector('input[name="audience"]:checked').value === 'public';
    const html = safeHtml(words) || '<p></p>';
    const sent = await send({
      html,
      public: isPublic,
      files: await Promise.all(chosen.map(packed)),
      status: status.value,
    });
    if (!sent) return;
    words.replaceChildren();
    take([]);
    status.value = 'open';
  };
  words.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
  });
  words.addEventListener('paste', (event) => {
    event.preventDefault();
    document.execCommand('insertText', false, event.clipboardData.getData('text/plain'));
  });
  const element = h(
    'form',
    {
      class: 'reply',
      on: {
        submit: (event) => {
          event.preventDefault();
          submit();
        },
        change: () => {
          const internal = element.querySelector('input[value="internal"]').checked;
          element.classList.toggle('internal', internal);
          words.dataset.placeholder = internal
            ? 'A note only agents see.'
            : 'Reply to the customer. Ctrl+Enter submits.';
        },
      },
    },
    h('div', { class: 'reply-line' }, audience(), h('span', { class: 'push' }), formatting(words)),
    words,
    files,
    h(
      'div',
      { class: 'reply-line' },
      picker,
      attach(picker),
      h('span', { class: 'push' }),
      status,
      h('button', { class: 'main', type: 'submit' }, 'Submit'),
    ),
  );
  return element;
}

function audience() {
  const choice = (value, label, checked) =>
    h('label', {}, h('input', { type: 'radio', name: 'audience', value, checked }), label);
  return h(
    'div',
    { class: 'segmented', role: 'radiogroup', 'aria-label': 'Who sees it' },
    choice('public', 'Public reply', true),
    choice('internal', 'Internal note', false),
  );
}

function formatting(words) {
  const format = (glyph, label, command) =>
    h(
      'button',
      {
        type: 'button',
        class: 'plain',
        'aria-label': label,
        title: label,
        on: {
          // A click must not take the selection away from the words it formats.
          mousedown: (event) => event.preventDefault(),
          click: () => {
            words.focus();
            document.execCommand(command);
          },
        },
      },
      glyph,
    );
  return h(
    'div',
    { role: 'toolbar', 'aria-label': 'Formatting' },
    format(h('b', {}, 'B'), 'Bold', 'bold'),
    format(h('i', {}, 'I'), 'Italic', 'italic'),
    format('• List', 'List', 'insertUnorderedList'),
    format('1. List', 'Numbered list', 'insertOrderedList'),
  );
}

const attach = (picker) =>
  h(
    'button',
    { type: 'button', class: 'plain', on: { click: () => picker.click() } },
    icon('clip'),
    h('span', {}, 'Attach'),
  );
