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

/** What a platform is called for, where the page knows. */
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

const anywhere = [['', 'any request']];

/** Of the channel on the phone; each begins with its name. */
const channelSwitches = [
  ['copies', 'sends every webhook 3 times', 3, 1],
  ['holdAndReverse', 'holds webhooks; off: they leave in reverse', true, false],
  ['token', 'refuses the account’s token', true, false],
];

const switches = [
  ['zendeskCopies', 'Zendesk sends every callback 3 times', 3, 1],
  ['loseCallbacks', 'Zendesk loses its callbacks', true, false],
  ['zendeskToken', 'Zendesk refuses the token', true, false],
  ['salesforceLogin', 'Salesforce refuses to log in', true, false],
];

/** The fault panel and how to draw it. */
export function makeFaults(act) {
  const waiting = h('div', { class: 'fault-list' });
  let shown;
  const channelBoxes = channelSwitches.map((each) =>
    checkbox(each, (change) => act('switch-channel', { channel: shown.kind, ...change })),
  );
  const boxes = switches.map((each) => checkbox(each, (change) => act('switch', change)));
  const form = faultForm(act);
  const owed = h('p', { class: 'soft small' });
  const clear = h('button', { type: 'button', on: { click: () => act('clear-faults') } }, 'All well again');
  const element = h(
    'div',
    { class: 'faults', hidden: true },
    h('section', {}, h('h3', {}, 'The next requests go wrong'), form.element),
    h(
      'section',
      {},
      h('h3', {}, 'Until switched off'),
      h(
        'div',
        { class: 'switches' },
        [...channelBoxes, ...boxes].map(({ row }) => row),
      ),
    ),
    h('section', {}, h('h3', {}, 'Still to come'), waiting, owed, clear),
  );
  const draw = (faults, channel, channels) => {
    if (!faults || element.hidden) return;
    form.offer(channels);
    if (shown?.kind !== channel.kind) form.choose(channel.kind);
    shown = channel;
    const own = faults.switches.channels[channel.kind] ?? {};
    for (const { name, off, box } of boxes) box.checked = faults.switches[name] !== off;
    for (const { name, off, box, label, words } of channelBoxes) {
      box.checked = (own[name] ?? off) !== off;
      words.textContent = `${channel.label} ${label}`;
    }
    drawWaiting(waiting, faults.waiting);
    owed.textContent = `Webhooks still owed: ${channel.label} ${faults.owed[channel.kind]}, Zendesk ${faults.owed.zendesk}.`;
  };
  return [element, draw];
}

function checkbox([name, label, on, off], change) {
  const box = h('input', { type: 'checkbox', on: { change: () => change({ [name]: box.checked ? on : off }) } });
  const words = h('span', {}, label);
  return { name, label, off, box, words, row: h('label', {}, box, words) };
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
  const platform = select('Platform', []);
  const place = select('What', anywhere);
  const kind = select('How', kinds, 'wide');
  const times = h('input', { type: 'number', min: 1, max: 20, value: 1 });
  const offerPlaces = () => place.options(places[platform.control.value] ?? anywhere);
  platform.control.addEventListener('change', offerPlaces);
  const offer = (channels) => {
    if (platform.control.childElementCount > 0) return;
    const ofChannels = channels.map(({ kind, label }) => [kind, label]);
    platform.options([...ofChannels, ['zendesk', 'Zendesk'], ['salesforce', 'Salesforce']]);
  };
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
  const choose = (name) => {
    platform.control.value = name;
    offerPlaces();
  };
  const element = h(
    'form',
    { class: 'fault-form', on: { submit } },
    platform.label,
    place.label,
    kind.label,
    h('label', {}, 'Times', times),
    h('button', { class: 'main', type: 'submit' }, 'Arm it'),
  );
  return { element, offer, choose };
}

function select(name, choices, layout) {
  const control = h('select', {});
  const options = (list) => control.replaceChildren(...list.map(([value, label]) => h('option', { value }, label)));
  options(choices);
  return { control, options, label: h('label', { class: layout }, name, control) };
}
