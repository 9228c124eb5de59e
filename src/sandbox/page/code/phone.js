import { bubbleView } from './bubble.js';
import { makeChannelPicker } from './channel-picker.js';
import { makeComposer } from './composer.js';
import { drawList, drawOne, followEnd, h } from './dom.js';
import { toolRow } from './phone-tools.js';
import { choosing, chosenChannel, chosenThread, shownThreads } from './store.js';

/** The customer's phone. Returns how to draw it. */
export function makePhone(root, store, act) {
  const title = h('h2', {});
  const picker = h('select', { 'aria-label': 'Customer' });
  const tools = h('div', { class: 'phone-tools' });
  const { thread, draw: drawThread } = makeThread();
  const who = () => {
    const { channel, user } = chosenThread(store.state) ?? {};
    return { channel, user };
  };
  const composer = makeComposer({
    send: (part, replyTo) => act('customer-sends', { ...who(), part, ...(replyTo && { replyTo }) }),
  });
  const channels = makeChannelPicker(store, composer.forget);
  const acts = {
    react: (mid, emoji) => act('customer-reacts', { ...who(), mid, emoji }),
    unsend: (mid) => act('customer-unsends', { ...who(), mid }),
    replyTo: composer.replyTo,
  };
  picker.addEventListener('change', () => {
    const { kind } = chosenChannel(store.state);
    composer.forget();
    if (picker.value === 'new') arrive(kind, store, act);
    else store.set(choosing(store.state, kind, picker.value));
  });
  root.append(channels.element, h('div', { class: 'pane-head' }, title, picker), tools, thread, composer.element);
  return (state) => {
    channels.draw(state);
    const channel = chosenChannel(state);
    const shown = chosenThread(state);
    if (!channel || !shown) return;
    title.textContent = channel.label;
    wear(root, channel);
    composer.offer(channel.sends);
    drawPicker(picker, shownThreads(state), shown.user);
    const { user, blocked } = shown;
    drawOne(tools, { channel: channel.kind, can: channel.can, user, blocked }, (item) => toolRow(item, act));
    drawThread(shown, channel, state.sections.about.shop, acts);
  };
}

/** The bubbles, and how to draw them. */
function makeThread() {
  const thread = h('div', { class: 'thread scroll', role: 'log', 'aria-label': 'Messages', tabindex: 0 });
  const bubbles = h('div', {});
  const foot = h('div', {});
  const content = h('div', {}, bubbles, foot);
  thread.append(content);
  const toEnd = followEnd(thread, content);
  const draw = (shown, channel, shop, acts) => {
    const place = `${shown.channel} ${shown.user}`;
    const other = bubbles.dataset.place !== place;
    bubbles.dataset.place = place;
    drawList(
      bubbles,
      withContext(shown, channel),
      (bubble) => `${place} ${bubble.mid}`,
      (bubble) => bubbleView(bubble, acts),
    );
    drawOne(foot, { typing: shown.typing, empty: shown.bubbles.length === 0, shop }, footView);
    if (other) toEnd();
  };
  return { thread, draw };
}

/** The phone takes the channel's colour; without one, the neutral one of the style sheet. */
function wear(root, { kind, accent }) {
  if (root.dataset.channel === kind) return;
  root.dataset.channel = kind;
  if (accent) root.style.setProperty('--channel', accent);
  else root.style.removeProperty('--channel');
}

async function arrive(kind, store, act) {
  const name = prompt('The new customer’s name');
  const arrived = name && (await act('customer-arrives', { channel: kind, name }));
  store.set(arrived ? choosing(store.state, kind, arrived.result.user) : {});
}

function drawPicker(picker, threads, user) {
  const items = [
    ...threads.map((thread) => ({ value: thread.user, label: thread.name })),
    { value: 'new', label: '＋ New customer…' },
  ];
  drawList(
    picker,
    items,
    (item) => item.value,
    ({ value, label }) => h('option', { value }, label),
  );
  if (document.activeElement !== picker || picker.value === 'new') picker.value = user;
}

/** Each bubble with what it answers, whether the shop has seen it, and what the customer can do with it. */
function withContext({ bubbles, seen }, { can, quotes }) {
  const last = bubbles.findLast((bubble) => bubble.from === 'customer');
  return bubbles.map((bubble) => {
    const quoted = bubble.replyTo && bubbles.find((other) => other.mid === bubble.replyTo);
    return {
      ...bubble,
      seen: seen && bubble === last,
      quoted: bubble.replyTo && (quoted?.text ?? 'an attachment'),
      reactable: can.includes('customerReacts'),
      quotable: quotes,
      withdrawable: bubble.from === 'customer' && can.includes('customerUnsends'),
    };
  });
}

function footView({ typing, empty, shop }) {
  if (empty) {
    return h(
      'div',
      { class: 'empty' },
      h('strong', {}, `Write to ${shop}`),
      'What you send becomes a ticket in the middle and history on the right.',
    );
  }
  return h(
    'div',
    {},
    typing && h('div', { class: 'typing', role: 'img', 'aria-label': `${shop} is typing` }, h('i'), h('i'), h('i')),
  );
}
