import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { InboundEvent } from '../../domain/event.ts';
import { eventsOf } from './fixtures/support.ts';

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));

const page = { id: '555' };
const ida = { id: '7712' };
const time = 1790000000001;
const at = new Date(time);
/** One item as it comes in an envelope, with the customer as sender. */
const item = (content: object) => ({ sender: ida, recipient: page, timestamp: time, ...content });
const enveloped = (...items: unknown[]) =>
  JSON.stringify({ object: 'page', entry: [{ id: '555', time: 1790000000123, messaging: items }] });
const one = (content: object): InboundEvent => {
  const [event, ...rest] = eventsOf(enveloped(content));
  expect(rest).toEqual([]);
  return event!;
};

test('a message with everything', () => {
  expect(eventsOf(fixture('message-full.json'))).toEqual([
    {
      type: 'message',
      to: '555',
      from: '7712',
      id: 'm_full',
      at,
      parts: [
        { type: 'text', text: 'Do you ship to Oslo? 🚚' },
        { type: 'image', url: 'https://cdn.example/one.jpg?oh=1' },
        { type: 'image', url: 'https://cdn.example/two.jpg?oh=2' },
        { type: 'button', payload: 'SHIP_INFO' },
      ],
      replyTo: 'm_before',
      referral: { ref: 'autumn', source: 'ADS', type: 'OPEN_THREAD', adId: '6051', title: 'Coats' },
    },
  ]);
});

test('every item of every list of every entry is one event', () => {
  const events = eventsOf(fixture('batch.json'));
  expect(events.map((event) => [event.to, event.type, event.standby ?? false])).toEqual([
    ['555', 'message', false],
    ['555', 'message', false],
    ['555', 'message', true],
    ['555', 'unsupported', false],
    ['556', 'unsupported', false],
    ['557', 'unsupported', false],
    ['', 'unsupported', false],
  ]);
  expect(events.flatMap((event) => (event.type === 'unsupported' ? event.what : []))).toEqual([
    'change.feed.comment.add',
    'change.inbox_labels',
    'entry without items',
    'entry that is no object',
  ]);
  expect(events[4]!.at).toEqual(new Date(1790000005000));
});

test('every kind of attachment becomes a part', () => {
  const [event] = eventsOf(fixture('attachments.json'));
  expect(event).toMatchObject({ type: 'message', id: 'm_att' });
  expect(event!.type === 'message' && event!.parts).toEqual([
    { type: 'video', url: 'https://cdn.example/v.mp4' },
    { type: 'audio', url: 'https://cdn.example/a.m4a' },
    { type: 'file', url: 'https://cdn.example/order.pdf', title: 'order.pdf' },
    { type: 'sticker', url: 'https://cdn.example/s.png', stickerId: '369239263222822' },
    { type: 'sticker', url: 'https://cdn.example/like.png', stickerId: '369239263222822' },
    { type: 'unsupported', what: 'image without an address' },
    { type: 'location', latitude: 59.91, longitude: 10.75, title: 'Harbour', url: 'https://maps.example/h' },
    { type: 'unsupported', what: 'location without coordinates' },
    { type: 'link', what: 'fallback', url: 'https://shop.example/coat', title: 'Wool coat' },
    { type: 'link', what: 'fallback', url: 'https://shop.example/old', title: 'Old style' },
    { type: 'link', what: 'reel', url: 'https://reels.example/1', title: 'Reel' },
    { type: 'link', what: 'post', url: 'https://posts.example/1' },
    { type: 'template', what: 'product', lines: ['Coat, 129 EUR'] },
    { type: 'template', what: 'generic', lines: ['Coat, Wool', '[Reserve]'], url: 'https://shop.example/c' },
    {
      type: 'template',
      what: 'receipt',
      lines: ['NW-1', 'Ida', 'Visa', '156.2 EUR', 'Coat, 129 EUR'],
      url: 'https://shop.example/o',
    },
    {
      type: 'template',
      what: 'appointment_booking',
      lines: ['status: confirmed', 'start time: 1790000000', 'timezone: Europe/Oslo'],
    },
    { type: 'link', what: 'hologram', url: 'https://cdn.example/h' },
    { type: 'unsupported', what: 'hologram' },
    { type: 'unsupported', what: 'attachment without a type' },
    { type: 'unsupported', what: 'attachment without a type' },
  ]);
});

const echo = { mid: 'm_out', is_echo: true, app_id: 1517776481860111, metadata: 'reply:1', text: 'Hi' };
const echoed = { type: 'echo', id: 'm_out', from: '555', user: '7712', appId: '1517776481860111', marker: 'reply:1' };
const notifications = {
  type: 'notification_messages',
  notification_messages_token: '9188',
  token_expiry_timestamp: 1799999999000,
};

const kinds: [string, object, object][] = [
  [
    'an e-mail quick reply',
    item({ message: { mid: 'm', text: 'a@b.c', quick_reply: { payload: 'a@b.c' } } }),
    {
      type: 'message',
      parts: [
        { type: 'text', text: 'a@b.c' },
        { type: 'button', payload: 'a@b.c' },
      ],
    },
  ],
  [
    'a message that Messenger cannot pass on',
    item({ message: { mid: 'm', is_unsupported: true } }),
    { type: 'message', id: 'm', parts: [{ type: 'unsupported', what: 'message' }] },
  ],
  [
    'a message with nothing in it',
    item({ message: { mid: 'm' } }),
    { type: 'message', parts: [{ type: 'unsupported', what: 'message without content' }] },
  ],
  [
    'a sticker of old',
    item({ message: { mid: 'm', sticker_id: 5, attachments: [{ type: 'image', payload: { url: 'u' } }] } }),
    { type: 'message', parts: [{ type: 'sticker', url: 'u', stickerId: '5' }] },
  ],
  [
    'a cart in a message',
    item({
      message: {
        mid: 'm',
        order: { note: 'red', products: [{ name: 'Hat', quantity: 2, unit_price: 9.5, currency: 'EUR' }] },
      },
    }),
    { type: 'message', parts: [{ type: 'template', what: 'order', lines: ['2 × Hat, 9.5 EUR', 'red'] }] },
  ],
  [
    'a cart by itself',
    item({ order: { products: [{ id: 'p1' }] } }),
    { type: 'message', from: '7712', parts: [{ type: 'template', what: 'order', lines: ['1 × p1'] }] },
  ],
  [
    'the first answer after a checkbox',
    item({ message: { mid: 'm', text: 'hi' }, prior_message: { source: 'checkbox_plugin', identifier: 'uref-4' } }),
    { type: 'message', referral: { source: 'checkbox_plugin', ref: 'uref-4', type: 'prior_message' } },
  ],
  [
    'a message about a product',
    item({ message: { mid: 'm', text: 'hi', referral: { product: { id: '88' } } } }),
    { type: 'message', referral: { source: 'PRODUCT', ref: '88' } },
  ],
  [
    'a withdrawn message',
    item({ message: { mid: 'm', is_deleted: true } }),
    { type: 'unsend', of: 'm', id: 'm', from: '7712' },
  ],
  [
    'an echo',
    { sender: page, recipient: ida, timestamp: time, message: echo },
    { ...echoed, parts: [{ type: 'text', text: 'Hi' }] },
  ],
  ['an echo with sender and recipient swapped', item({ message: echo }), echoed],
  [
    'an echo in the entry of another page',
    { sender: { id: '556' }, recipient: ida, timestamp: time, message: echo },
    { type: 'echo', user: '7712' },
  ],
  [
    'a message in the entry of another page',
    { sender: ida, recipient: { id: '556' }, timestamp: time, message: { mid: 'm', text: 'hi' } },
    { type: 'message', from: '7712' },
  ],
  [
    "the page's own words without the mark of an echo",
    { sender: page, recipient: ida, timestamp: time, message: { mid: 'm', text: 'Hi' } },
    { type: 'echo', user: '7712' },
  ],
  [
    'an edit',
    item({ message_edit: { mid: 'm', text: 'new', num_edit: 2 } }),
    { type: 'edit', of: 'm', id: 'm#2', edits: 2, parts: [{ type: 'text', text: 'new' }] },
  ],
  [
    'a postback',
    item({ postback: { mid: 'm_p', title: 'Start', payload: 'START', referral: { ref: 'qr' } } }),
    {
      type: 'postback',
      id: 'm_p',
      payload: 'START',
      parts: [{ type: 'button', title: 'Start', payload: 'START' }],
      referral: { ref: 'qr' },
    },
  ],
  [
    'a referral',
    item({
      referral: { ref: 'order-778', source: 'SHORTLINK', type: 'OPEN_THREAD', referer_uri: 'https://s.example' },
    }),
    {
      type: 'referral',
      referral: { ref: 'order-778', source: 'SHORTLINK', type: 'OPEN_THREAD', url: 'https://s.example' },
    },
  ],
  [
    'an opt-in by plugin',
    item({ optin: { ref: 'cart-991' } }),
    { type: 'opt-in', from: '7712', ref: 'cart-991', what: 'plugin' },
  ],
  [
    'an opt-in by checkbox, without a sender',
    { recipient: page, timestamp: time, optin: { ref: 'c', user_ref: 'uref-4' } },
    { type: 'opt-in', userRef: 'uref-4', ref: 'c', what: 'checkbox', details: { ref: 'c', user_ref: 'uref-4' } },
  ],
  [
    'an opt-in to notifications',
    item({ optin: notifications }),
    {
      type: 'opt-in',
      what: 'notification_messages',
      details: { ...notifications, token_expiry_timestamp: '1799999999000' },
    },
  ],
  [
    'a delivery',
    item({ delivery: { mids: ['m_1', 'm_2'], watermark: 1790000000000 } }),
    { type: 'receipt', state: 'delivered', of: ['m_1', 'm_2'], upTo: new Date(1790000000000) },
  ],
  [
    'a delivery without ids',
    item({ delivery: { watermark: 1790000000000 } }),
    { type: 'receipt', state: 'delivered', of: [] },
  ],
  [
    'a delivery with sender and recipient swapped',
    { sender: page, recipient: ida, timestamp: time, delivery: { mids: ['m_1'] } },
    { type: 'receipt', from: '7712', of: ['m_1'] },
  ],
  [
    'a read',
    item({ read: { watermark: 1790000000000 } }),
    { type: 'receipt', state: 'read', of: [], upTo: new Date(1790000000000) },
  ],
  [
    'a reaction',
    item({ reaction: { mid: 'm', action: 'react', emoji: '❤', reaction: 'love' } }),
    { type: 'reaction', of: 'm', action: 'react', emoji: '❤', name: 'love' },
  ],
  [
    'a reaction taken back',
    item({ reaction: { mid: 'm', action: 'unreact' } }),
    { type: 'reaction', of: 'm', action: 'unreact' },
  ],
  [
    'an account linked',
    item({ account_linking: { status: 'linked', authorization_code: 'c' } }),
    { type: 'account-link', linked: true, code: 'c' },
  ],
  ['an account unlinked', item({ account_linking: { status: 'unlinked' } }), { type: 'account-link', linked: false }],
  [
    'a policy event',
    { recipient: page, timestamp: time, policy_enforcement: { action: 'block', reason: 'spam' } },
    { type: 'policy', action: 'block', why: 'spam' },
  ],
  [
    'a policy event of old',
    { recipient: page, timestamp: time, 'policy-enforcement': { action: 'warning' } },
    { type: 'policy', action: 'warning' },
  ],
  [
    'a thread passed on',
    item({ pass_thread_control: { previous_owner_app_id: null, new_owner_app_id: 222, metadata: 'to agents' } }),
    {
      type: 'handover',
      from: '7712',
      what: 'pass_thread_control',
      details: { new_owner_app_id: '222', metadata: 'to agents' },
    },
  ],
  [
    'a thread taken',
    item({ take_thread_control: { previous_owner_app_id: '111' } }),
    { type: 'handover', what: 'take_thread_control', details: { previous_owner_app_id: '111' } },
  ],
  [
    'a thread asked for',
    item({ request_thread_control: { requested_owner_app_id: '333' } }),
    { type: 'handover', what: 'request_thread_control', details: { requested_owner_app_id: '333' } },
  ],
  [
    'roles of apps',
    { recipient: page, timestamp: time, app_roles: { 222: ['primary_receiver', 'other'] } },
    { type: 'handover', what: 'app_roles', details: { 222: 'primary_receiver, other' } },
  ],
  ['a game', item({ game_play: { score: 9 } }), { type: 'unsupported', what: 'game_play', from: '7712' }],
  ['a payment', item({ payment: {} }), { type: 'unsupported', what: 'payment' }],
  [
    'feedback',
    item({ response_feedback: { feedback: 'Good response', mid: 'm' } }),
    { type: 'unsupported', what: 'response_feedback' },
  ],
  ['an item with nothing in it', item({}), { type: 'unsupported', what: 'empty', from: '7712' }],
  ['a message that is no object', item({ message: 'hello' }), { type: 'unsupported', what: 'message' }],
  [
    'a message from nobody',
    { recipient: page, timestamp: time, message: { mid: 'm', text: 'hi' } },
    { type: 'unsupported', what: 'message' },
  ],
  ['a reaction to nothing', item({ reaction: { action: 'react' } }), { type: 'unsupported', what: 'reaction' }],
];
test.each(kinds)('%s', (_name, given, expected) => {
  expect(one(given)).toMatchObject({ to: '555', at, id: expect.stringMatching(/./), ...expected });
});

test('an item that is no object is kept as unsupported', () => {
  expect(eventsOf(enveloped('x', 7, null, [])).map((event) => event.type)).toEqual(Array(4).fill('unsupported'));
});

test('ids as bare numbers keep their digits', () => {
  const body =
    '{"object":"page","entry":[{"id":12345678901234567,"time":1790000000123,"messaging":[{"sender":{"id":98765432109876543},"recipient":{"id":12345678901234567},"timestamp":1790000000001,"message":{"mid":"m","text":"hi"}}]}]}';
  expect(eventsOf(body)).toMatchObject([{ to: '12345678901234567', from: '98765432109876543' }]);
});

test('what has no id of its own gets one that a repeat has too, and another event has not', () => {
  const read = (watermark: number) => one(item({ read: { watermark } })).id;
  expect(read(1790000000000)).toBe(read(1790000000000));
  expect(read(1790000000000)).not.toBe(read(1790000000001));
});

test('what tells of people who log in to the app is kept, but is never a message', () => {
  const messaging = [item({ message: { mid: 'm', text: 'hi' } })];
  const changes = [{ field: 'email', value: 'a@b.c' }];
  const body = JSON.stringify({ object: 'user', entry: [{ id: '0', time: 1505485762, messaging, changes }] });
  expect(eventsOf(body).map((event) => event.type === 'unsupported' && event.what)).toEqual([
    'message',
    'change.email',
  ]);
});
