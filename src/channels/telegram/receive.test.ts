import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { arrival, eventsOf, ida, webhook } from './fixtures/support.ts';
import { receive } from './receive.ts';

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}.json`, import.meta.url));
const seconds = (n: number) => new Date(n * 1000);
const chat = { id: 99112233, type: 'private' };
const from = { id: 99112233, is_bot: false, first_name: 'Ida' };
const said = (more: object) => ({ update_id: 1, message: { message_id: 5, date: 1790000000, chat, from, ...more } });
const group = { id: -100, type: 'group' };

const fixtures: [string, Record<string, unknown>][] = [
  [
    'start',
    {
      type: 'message',
      to: '4242',
      id: '99112233:51',
      at: seconds(1790000000),
      from: ida,
      parts: [{ type: 'text', text: '/start order-778' }],
      referral: { ref: 'order-778', source: 't.me' },
      profile: { name: 'Ida Berg', firstName: 'Ida', lastName: 'Berg', locale: 'nb' },
    },
  ],
  [
    'photo',
    {
      type: 'message',
      id: '99112233:52',
      replyTo: '99112233:49',
      parts: [
        { type: 'link', what: 'forwarded', title: 'Forwarded from Ola' },
        { type: 'text', text: 'See the shop' },
        { type: 'image', mediaId: 'AgAClarge' },
        { type: 'link', what: 'link', url: 'https://shop.example/c', title: 'shop' },
      ],
    },
  ],
  [
    'tap',
    {
      type: 'postback',
      id: '425683',
      at: arrival,
      from: ida,
      payload: 'BLUE',
      parts: [{ type: 'button', title: 'Blue', payload: 'BLUE' }],
    },
  ],
  [
    'contact',
    {
      type: 'message',
      parts: [{ type: 'template', what: 'contact', lines: ['Ida', '4790000001'] }],
      profile: { name: 'Ida', firstName: 'Ida', phone: '+4790000001' },
    },
  ],
  ['blocked', { type: 'opt-out', id: 'update:8805', at: seconds(1790000030), from: ida, what: 'blocked the bot' }],
  ['group', { type: 'group', id: '-1001234567890', chat: '-1001234567890', what: 'supergroup', to: '4242' }],
];
test.each(fixtures)('%s', (name, event) => {
  expect(eventsOf(fixture(name))).toMatchObject([event]);
  expect(eventsOf(fixture(name))).toHaveLength(1);
});

const file = { file_id: 'F1', file_unique_id: 'u1' };
const parts: [string, object, unknown[]][] = [
  ['a video', { video: { ...file, file_name: 'a.mp4' } }, [{ type: 'video', mediaId: 'F1', name: 'a.mp4' }]],
  ['a round video', { video_note: file }, [{ type: 'video', mediaId: 'F1' }]],
  ['an animation, which is a document too', { animation: file, document: file }, [{ type: 'video', mediaId: 'F1' }]],
  ['a voice message', { voice: file, caption: 'hear' }, [{ text: 'hear' }, { type: 'audio', mediaId: 'F1' }]],
  ['music', { audio: { ...file, title: 'Song' } }, [{ type: 'audio', mediaId: 'F1', title: 'Song' }]],
  ['a document', { document: { ...file, file_name: 'a.pdf' } }, [{ type: 'file', mediaId: 'F1', name: 'a.pdf' }]],
  [
    'a sticker',
    { sticker: { ...file, emoji: '🙂' } },
    [{ type: 'sticker', mediaId: 'F1', stickerId: 'u1', title: '🙂' }],
  ],
  [
    'a place',
    { location: { latitude: 59.9, longitude: 10.7 } },
    [{ type: 'location', latitude: 59.9, longitude: 10.7 }],
  ],
  [
    'a venue, which is a place too',
    {
      location: { latitude: 59.9, longitude: 10.7 },
      venue: { location: { latitude: 59.9, longitude: 10.7 }, title: 'Shop', address: 'Street 1' },
    },
    [{ type: 'location', title: 'Shop, Street 1' }],
  ],
  [
    'a poll',
    { poll: { question: 'Tea?', options: [{ text: 'Yes' }] } },
    [{ type: 'template', lines: ['Tea?', '- Yes'] }],
  ],
  ['a die', { dice: { emoji: '🎯', value: 6 } }, [{ type: 'text', text: '🎯 6' }]],
  ['a story', { story: { id: 1 } }, [{ type: 'link', what: 'story' }]],
  ['a file without an id', { video: {} }, [{ type: 'unsupported', what: 'video' }]],
  ['a kind to come', { hologram: { file_id: 'H' } }, [{ type: 'unsupported', what: 'hologram' }]],
  ['nothing', {}, [{ type: 'unsupported', what: 'message without content' }]],
];
test.each(parts)('a message holds %s', (_name, content, expected) => {
  const [event] = eventsOf(said(content));
  expect(event).toMatchObject({ type: 'message', from: ida, parts: expected });
  expect((event as { parts: unknown[] }).parts).toHaveLength(expected.length);
});

test('a number is vouched for only where the contact is the sender', () => {
  const contact = (user_id?: number) =>
    eventsOf(said({ contact: { phone_number: '+47 1', first_name: 'Ola', user_id } }));
  expect(contact(99112233)).toMatchObject([{ profile: { phone: '+471' } }]);
  for (const other of [contact(1), contact()]) expect(other[0]!.profile).toEqual({ name: 'Ida', firstName: 'Ida' });
});

test.each([
  ['/start', undefined],
  ['/start order-778', 'order-778'],
  ['/start@acme_bot a_B-9', 'a_B-9'],
  ['/start two words', undefined],
  ['please /start x', undefined],
])('%s', (text, ref) => {
  expect(eventsOf(said({ text }))[0]).toMatchObject({ type: 'message', parts: [{ type: 'text', text }] });
  expect((eventsOf(said({ text }))[0] as { referral?: { ref?: string } }).referral?.ref).toBe(ref);
});

const place = (status: string, where: object = chat) => ({
  update_id: 9,
  my_chat_member: { chat: where, from, date: 1790000000, new_chat_member: { status } },
});
const reaction = (before: string[], now: string[]) => ({
  update_id: 9,
  message_reaction: {
    chat,
    message_id: 5,
    user: from,
    date: 1790000000,
    old_reaction: before.map((emoji) => ({ type: 'emoji', emoji })),
    new_reaction: now.map((emoji) => ({ type: 'emoji', emoji })),
  },
});
const updates: [string, object, Record<string, unknown>][] = [
  ['an unblocked bot', place('member'), { type: 'opt-in', from: ida, what: 'unblocked the bot' }],
  ['a group that took the bot in', place('member', group), { type: 'group', chat: '-100' }],
  ['a group that threw it out', place('kicked', group), { type: 'unsupported', what: 'left a group' }],
  [
    'an edit',
    { update_id: 9, edited_message: { message_id: 5, date: 1, edit_date: 1790000060, chat, from, text: 'Better' } },
    {
      type: 'edit',
      id: 'update:9',
      of: '99112233:5',
      at: seconds(1790000060),
      parts: [{ type: 'text', text: 'Better' }],
    },
  ],
  [
    'a place that moves',
    {
      update_id: 9,
      edited_message: { message_id: 5, date: 1790000000, chat, location: { latitude: 1, longitude: 2 } },
    },
    { type: 'unsupported', what: 'live location', from: ida },
  ],
  ['an edit in a group', { update_id: 9, edited_message: { message_id: 5, chat: group } }, { type: 'group' }],
  ['a reaction', reaction([], ['👍']), { type: 'reaction', of: '99112233:5', action: 'react', emoji: '👍', from: ida }],
  ['a reaction taken back', reaction(['👍'], []), { type: 'reaction', action: 'unreact', emoji: '👍' }],
  [
    'a post in a channel',
    { update_id: 9, channel_post: { message_id: 1, chat: { id: -5, type: 'channel' } } },
    { type: 'group', what: 'channel' },
  ],
  ['a tap in a group', { update_id: 9, callback_query: { id: '1', message: { chat: group } } }, { type: 'group' }],
  [
    'a tap on an inline message',
    { update_id: 9, callback_query: { id: '1', from } },
    { type: 'unsupported', what: 'callback_query' },
  ],
  ['a notice of the chat', said({ pinned_message: {} }), { type: 'unsupported', what: 'pinned_message', from: ida }],
  ['a payment', said({ successful_payment: {} }), { type: 'unsupported', what: 'successful_payment' }],
  [
    'a kind to come',
    { update_id: 9, telepathy: { date: 1790000000 } },
    { type: 'unsupported', what: 'telepathy', at: seconds(1790000000) },
  ],
  ['an update without anything', { update_id: 9 }, { type: 'unsupported', what: 'empty', id: 'update:9' }],
];
test.each(updates)('%s', (_name, update, event) => {
  expect(eventsOf(update)).toMatchObject([event]);
});

const others =
  'business_connection business_message edited_business_message deleted_business_messages guest_message ' +
  'message_reaction_count inline_query chosen_inline_result shipping_query pre_checkout_query purchased_paid_media ' +
  'poll poll_answer chat_member chat_join_request chat_boost removed_chat_boost managed_bot';
test.each(others.split(' '))('%s is kept, as nobody’s message', (kind) => {
  const [event] = eventsOf({ update_id: 9, [kind]: { id: 'x', chat, from, user: from, date: 1790000000 } });
  expect(event).toEqual({ type: 'unsupported', to: '4242', at: seconds(1790000000), id: 'update:9', what: kind });
});

test('a tap is answered with the call that ends its waiting; anything else with a plain 200', () => {
  expect(receive(webhook(fixture('tap')))).toMatchObject({
    answer: {
      status: 200,
      contentType: 'application/json',
      body: '{"method":"answerCallbackQuery","callback_query_id":"425683"}',
    },
  });
  expect(receive(webhook(fixture('start')))).not.toHaveProperty('answer');
});

test.each([
  ['not JSON', '{"update_id":', /JSON object/],
  ['a list', '[]', /JSON object/],
  ['nothing', '', /JSON object/],
  ['no number', '{"message":{}}', /update_id/],
])('malformed: %s', (_name, body, why) => {
  expect(receive(webhook(body))).toEqual({ malformed: expect.stringMatching(why) });
});
