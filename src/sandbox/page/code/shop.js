import { drawList, drawOne, h } from './dom.js';
import { chosenChannel, chosenThread } from './store.js';

const deeds = [
  ['order.confirmed', 'Confirm'],
  ['order.shipped', 'Ship'],
  ['order.delivered', 'Deliver'],
  ['order.delayed', 'Delay'],
  ['order.refunded', 'Refund'],
  ['order.receipt', 'Receipt'],
  ['order.invoice', 'Invoice'],
];

const colours = {
  ...{ sent: 'good', delivered: 'good', read: 'good', waiting: 'warn', sending: 'info' },
  ...{ refused: 'bad', failed: 'bad' },
};

/** The shop: what can be bought, and what happens to the orders of the customer on the phone. */
export function makeShop(act) {
  const checkout = h('section', { 'aria-label': 'Checkout' });
  const orders = h('section', { 'aria-label': 'Orders' });
  const said = h('p', { class: 'soft small', role: 'status' });
  const list = h('div', { class: 'orders' });
  orders.append(h('h3', {}, 'Orders of the customer on the phone'), said, list);
  const element = h('div', { class: 'shop', hidden: true }, checkout, orders);
  const buy = async (who, agrees) => {
    const answer = await act('shop-checks-out', { ...who, agrees });
    if (!answer) return;
    const { number } = answer.result;
    said.textContent = agrees
      ? `Order ${number} is placed. Messenger tells who ticked the box with their next message: write one on the phone.`
      : `Order ${number} is placed. Without the box nobody may be told of it.`;
  };
  const tell = async (number, type, label) => {
    const answer = await act('shop-tells', { number, type });
    if (answer) said.textContent = `${label}, order ${number}: ${answer.result.result}.`;
  };
  const preview = async (number, type, language) => {
    const answer = await act('shop-previews', { number, type, language });
    return answer?.result;
  };
  const draw = (state) => {
    const { shop } = state.sections;
    const channel = chosenChannel(state);
    const thread = chosenThread(state);
    if (!shop || !channel || !thread || element.hidden) return;
    const who = { channel: channel.kind, user: thread.user };
    const box = channel.can.includes('customerTicksBox');
    drawOne(checkout, { ...shop, orders: undefined, who, name: thread.name, box, label: channel.label }, (item) =>
      checkoutView(item, buy),
    );
    const own = shop.orders.filter((order) => order.channel === who.channel && order.user === who.user);
    drawOrders(list, own, { tell, preview });
  };
  return [element, draw];
}

const money = (minor, currency) => new Intl.NumberFormat('en', { style: 'currency', currency }).format(minor / 100);

function checkoutView({ product, words, who, name, box, label }, buy) {
  const { title, subtitle, price, shipping, currency } = product;
  const agrees = h('input', { type: 'checkbox', disabled: !box });
  const submit = (event) => {
    event.preventDefault();
    buy(who, agrees.checked);
  };
  return h(
    'form',
    { on: { submit } },
    h('h3', {}, title),
    h('p', { class: 'soft small' }, subtitle),
    h(
      'p',
      {},
      h('strong', {}, money(price + shipping, currency)),
      h('span', { class: 'soft small' }, ` with ${money(shipping, currency)} shipping`),
    ),
    h('label', {}, agrees, h('span', {}, box ? words : `${label} has no box for shops’ pages; pick Messenger.`)),
    h('button', { type: 'submit', class: 'main' }, 'Buy as ', h('bdi', {}, name)),
  );
}

/** The buttons of an order stay as they are while its notices change, so that none loses the focus. */
function drawOrders(list, orders, does) {
  const rows = orders.length > 0 ? orders.map(({ number, agreed }) => ({ number, agreed })) : [{ number: 'none' }];
  drawList(
    list,
    rows,
    ({ number }) => number,
    (row) => (row.number === 'none' ? h('p', { class: 'soft' }, 'Nothing was bought yet.') : orderView(row, does)),
  );
  for (const { number, notices } of orders) {
    const place = [...list.children].find((each) => each.dataset.number === number)?.querySelector('.notices');
    if (place) drawList(place, notices, ({ id }) => id, noticeView);
  }
}

const orderView = ({ number, agreed }, { tell, preview }) =>
  h(
    'article',
    { 'data-number': number, 'aria-label': `Order ${number}` },
    h(
      'header',
      {},
      h('b', {}, number),
      h('span', { class: agreed ? 'badge good' : 'badge' }, agreed ? 'box ticked' : 'box not ticked'),
    ),
    h(
      'div',
      { class: 'deeds' },
      deeds.map(([type, label]) =>
        h('button', { type: 'button', on: { click: () => tell(number, type, label) } }, label),
      ),
    ),
    previewView(number, preview),
    h('div', { class: 'notices' }),
  );

/** What the customer would read, before they are told. */
function previewView(number, preview) {
  const event = choice('Event', deeds);
  const language = choice('Language', [
    ['en', 'English'],
    ['fr', 'French'],
  ]);
  const words = h('blockquote', { class: 'small', 'aria-label': 'Preview', 'aria-live': 'polite' });
  const show = async () => {
    const said = await preview(number, event.value, language.value);
    if (!said) return;
    words.lang = said.language;
    words.textContent = [said.title, said.text].filter((each) => each !== '').join('\n');
  };
  const button = h('button', { type: 'button', on: { click: show } }, 'Preview');
  return h('div', {}, h('div', { class: 'deeds' }, event, language, button), words);
}

const choice = (label, values) =>
  h(
    'select',
    { 'aria-label': label },
    values.map(([value, name]) => h('option', { value }, name)),
  );

const noticeView = ({ event, state, reason }) =>
  h(
    'p',
    { class: 'small' },
    event,
    ' ',
    h('span', { class: `badge ${colours[state] ?? ''}` }, state),
    reason && h('span', { class: 'soft' }, ` ${reason}`),
  );
