import { drawList, h } from './dom.js';

const kinds = [
  ['429', '429: too many requests'],
  ['500', '500: not done'],
  ['503', '503: not done'],
  ['500-after', '500, but it was done'],
  ['slow', 'Slow'],
  ['timeout-before', 'Time-out, not done'],
  ['timeout-after', 'Time-out, but it was done'],
  ['reset-before', 'Connection cut, not done'],
  ['reset-after', 'Connection cut, but it was done'],
  ['expired-token', 'Expired token'],
];

const places = {
  messenger: [
    ['', 'any request'],
    ['/messages', 'sending a message'],
    ['/message_attachments', 'uploading a file'],
  ],
  zendesk: [
    ['', 'any request'],
    ['/tickets', 'tickets and comments'],
    ['/uploads', 'uploading a file'],
    ['/users', 'people'],
  ],
  salesforce: [
    ['', 'any request'],
    ['/sobjects/Task', 'history'],
    ['/sobjects/Contact', 'contacts'],
    ['/query', 'searching'],
    ['/oauth2/token', 'logging in'],
  ],
};

const switches = [
  ['messengerCopies', 'Messenger sends every webhook 3 times', 3, 1],
  ['holdAndReverse', 'Messenger holds webhooks; off: they leave in reverse', true, false],
  ['messengerToken', 'Messenger refuses the page token', true, false],
  ['zendeskCopies', 'Zendesk sends every callback 3 times', 3, 1],
  ['loseCallbacks', 'Zendesk loses its callbacks', true, false],
  ['zendeskToken', 'Zendesk refuses the token', true, false],
  ['salesforceLogin', 'Salesforce refuses to log in', true, false],
];

/** The fault panel and how to draw it. */
export function makeFaults(act) {
  const waiting = h('div', { class: 'fault-list' });
  const boxes = switches.map(([name, label, on, off]) => {
    const box = h('input', {
      type: 'checkbox',
      on: { change: () => act('switch', { [name]: box.checked ? on : off }) },
    });
    return { name, off, box, row: h('label', {}, box, label) };
  });
  const owed = h('p', { class: 'soft small' });
  const clear = h('button', { type: 'button', on: { click: () => act('clear-faults') } }, 'All well again');
  const element = h(
    'div',
    { class: 'faults', hidden: true },
    h('section', {}, h('h3', {}, 'The next requests go wrong'), faultForm(act)),
    h(
      'section',
      {},
      h('h3', {}, 'Until switched off'),
      h(
        'div',
        { class: 'switches' },
        boxes.map(({ row }) => row),
      ),
    ),
    h('section', {}, h('h3', {}, 'Still to come'), waiting, owed, clear),
  );
  const draw = (faults) => {
    if (!faults || element.hidden) return;
    for (const { name, off, box } of boxes) box.checked = faults.switches[name] !== off;
    drawWaiting(waiting, faults.waiting);
    owed.textContent = `Webhooks still owed: Messenger ${faults.owed.messenger}, Zendesk ${faults.owed.zendesk}.`;
  };
  return [element, draw];
}

function drawWaiting(root, waiting) {
  const items = Object.entries(waiting).flatMap(([platform, faults]) =>
    faults.map((fault, position) => ({ platform, position, ...fault })),
  );
  drawList(
    root,
    items.length > 0 ? items : [{ platform: 'none' }],
    (item) => `${item.platform} ${item.position}`,
    (item) =>
      item.platform === 'none'
        ? h('span', { class: 'soft' }, 'No fault is waiting for a request.')
        : h('span', { class: 'badge warn' }, `${item.platform}: ${item.kind} ×${item.times} ${item.path ?? ''}`),
  );
}

function faultForm(act) {
  const platform = select(
    'Platform',
    Object.keys(places).map((name) => [name, name[0].toUpperCase() + name.slice(1)]),
  );
  const place = select('What', places.messenger);
  const kind = select('How', kinds, 'wide');
  const times = h('input', { type: 'number', min: 1, max: 20, value: 1 });
  platform.control.addEventListener('change', () => place.options(places[platform.control.value]));
  const submit = (event) => {
    event.preventDefault();
    act('inject', {
      platform: platform.control.value,
      kind: kind.control.value,
      times: Number(times.value),
      ...(place.control.value && { path: place.control.value }),
      ...(kind.control.value === '429' && { retryAfter: 2 }),
      ...(kind.control.value.startsWith('timeout') && { delayMs: 20_000 }),
    });
  };
  return h(
    'form',
    { class: 'fault-form', on: { submit } },
    platform.label,
    place.label,
    kind.label,
    h('label', {}, 'Times', times),
    h('button', { class: 'main', type: 'submit' }, 'Arm it'),
  );
}

function select(name, choices, layout) {
  const control = h('select', {});
  const options = (list) => control.replaceChildren(...list.map(([value, label]) => h('option', { value }, label)));
  options(choices);
  return { control, options, label: h('label', { class: layout }, name, control) };
}
