import { bubbleView } from './bubble.js';
import { makeComposer } from './composer.js';
import { drawList, drawOne, followEnd, h } from './dom.js';
import { chosenThread } from './store.js';

/** The customer's phone. Returns how to draw it. */
export function makePhone(root, store, act) {
  const picker = h('select', { 'aria-label': 'Customer' });
  const tools = h('div', { class: 'phone-tools' });
  const thread = h('div', { class: 'thread scroll', role: 'log', 'aria-label': 'Messages', tabindex: 0 });
  const bubbles = h('div', {});
  const foot = h('div', {});
  const content = h('div', {}, bubbles, foot);
  thread.append(content);
  const toEnd = followEnd(thread, content);
  const psid = () => chosenThread(store.state)?.psid;
  const composer = makeComposer({
    send: (part, replyTo) => act('customer-sends', { psid: psid(), part, ...(replyTo && { replyTo }) }),
  });
  const acts = {
    react: (mid, emoji) => act('customer-reacts', { psid: psid(), mid, emoji }),
    replyTo: composer.replyTo,
  };
  picker.addEventListener('change', () => {
    composer.forget();
    if (picker.value === 'new') arrive(store, act);
    else store.set({ psid: picker.value, ticket: undefined, contact: undefined });
  });
  root.append(h('div', { class: 'pane-head' }, h('h2', {}, 'Messenger'), picker), tools, thread, composer.element);
  return (state) => {
    const shown = chosenThread(state);
    if (!shown) return;
    drawPicker(picker, state.sections.phones, shown.psid);
    drawOne(tools, { psid: shown.psid, blocked: shown.blocked }, (item) => toolRow(item, act));
    const other = bubbles.dataset.psid !== shown.psid;
    bubbles.dataset.psid = shown.psid;
    drawList(
      bubbles,
      withContext(shown),
      (bubble) => bubble.mid,
      (bubble) => bubbleView(bubble, acts),
    );
    drawOne(
      foot,
      { typing: shown.typing, empty: shown.bubbles.length === 0, page: state.sections.about?.page },
      footView,
    );
    if (other) toEnd();
  };
}

async function arrive(store, act) {
  const name = prompt('The new customer’s name');
  const arrived = name && (await act('customer-arrives', { name }));
  store.set(arrived ? { psid: arrived.result.psid, ticket: undefined, contact: undefined } : {});
}

function drawPicker(picker, threads, psid) {
  const items = [
    ...threads.map((thread) => ({ value: thread.psid, label: thread.name })),
    { value: 'new', label: '＋ New customer…' },
  ];
  drawList(
    picker,
    items,
    (item) => item.value,
    ({ value, label }) => h('option', { value }, label),
  );
  if (document.activeElement !== picker || picker.value === 'new') picker.value = psid;
}

/** Each bubble with what it answers, and whether the page has seen it. */
function withContext({ bubbles, seen }) {
  const last = bubbles.findLast((bubble) => bubble.from === 'customer');
  return bubbles.map((bubble) => {
    const quoted = bubble.replyTo && bubbles.find((other) => other.mid === bubble.replyTo);
    return { ...bubble, seen: seen && bubble === last, quoted: bubble.replyTo && (quoted?.text ?? 'an attachment') };
  });
}

function footView({ typing, empty, page }) {
  if (empty) {
    return h(
      'div',
      { class: 'empty' },
      h('strong', {}, `Write to ${page ?? 'the shop'}`),
      'What you send becomes a ticket in the middle and history on the right.',
    );
  }
  return h(
    'div',
    {},
    typing && h('div', { class: 'typing', role: 'img', 'aria-label': `${page} is typing` }, h('i'), h('i'), h('i')),
  );
}

function toolRow({ psid, blocked }, act) {
  const tool = (label, title, click, pressed) =>
    h('button', { type: 'button', title, 'aria-pressed': pressed, on: { click } }, label);
  return h(
    'div',
    { class: 'sheet' },
    tool('Read all', 'The customer opens the thread', () => act('customer-reads', { psid })),
    tool('+ 2 days', 'Two days pass: the 24-hour window closes', () => act('days-pass', { psid, days: 2 })),
    tool('+ 8 days', 'Eight days pass: nobody may write any more', () => act('days-pass', { psid, days: 8 })),
    tool(
      blocked ? 'Blocked' : 'Block',
      'The customer blocks the page',
      () => act('customer-blocks', { psid, blocked: !blocked }),
      blocked,
    ),
    tool('Inbox…', 'A colleague types in Facebook’s own inbox', () => typeInInbox(psid, act)),
  );
}

function typeInInbox(psid, act) {
  const text = prompt('What does the colleague type in Facebook’s inbox?');
  if (text) act('inbox-replies', { psid, text });
}
