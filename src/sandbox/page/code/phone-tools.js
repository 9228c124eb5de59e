import { h } from './dom.js';

/** What else happens to the customer on the phone: only what the channel knows. */
export function toolRow({ channel, can, user, blocked }, act) {
  const who = { channel, user };
  const tool = (label, title, click, pressed) =>
    h('button', { type: 'button', title, 'aria-pressed': pressed, on: { click } }, label);
  return h(
    'div',
    { class: 'sheet' },
    can.includes('customerReads') &&
      tool('Read all', 'The customer opens the thread', () => act('customer-reads', who)),
    tool('+ 2 days', 'Two days pass: a window of 24 hours closes', () => act('days-pass', { ...who, days: 2 })),
    tool('+ 8 days', 'Eight days pass', () => act('days-pass', { ...who, days: 8 })),
    can.includes('block') &&
      tool(
        blocked ? 'Blocked' : 'Block',
        'The customer blocks the shop',
        () => act('customer-blocks', { ...who, blocked: !blocked }),
        blocked,
      ),
    can.includes('inboxReplies') &&
      tool('Inbox…', 'A colleague types in the platform’s own inbox', () => typeInInbox(who, act)),
  );
}

function typeInInbox(who, act) {
  const text = prompt('What does the colleague type in the platform’s own inbox?');
  if (text) act('inbox-replies', { ...who, text });
}
