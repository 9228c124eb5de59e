import { expect, test } from 'vitest';
import { accountAt, eventsOf, fixture, webhook } from './fixtures/support.ts';
import { receive } from './receive.ts';

const account = accountAt('http://127.0.0.1:1');
const ida = 'U1da00000000000000000000000000001';
const bot = 'U00000000000000000000000000000b07';
const told = (name: string) => eventsOf(fixture(`${name}.json`), account);

test('every event of a batch becomes one', () => {
  for (const name of ['messages', 'signals', 'groups', 'module', 'again', 'console-trial'])
    expect(told(name)).toHaveLength((JSON.parse(fixture(`${name}.json`)) as { events: unknown[] }).events.length);
});

const parts: [string, object][] = [
  ['a text, with LINE’s emoji and mentions as words', { type: 'text', text: 'Guten Tag (moon) @Acme' }],
  ['a text that quotes another', { type: 'text', text: 'This one, please' }],
  ['a picture', { type: 'image', mediaId: '500000000000000003' }],
  ['a picture of several', { type: 'image', mediaId: '500000000000000004', title: '2 of 3' }],
  ['a picture that lies elsewhere', { type: 'image', url: 'https://files.example/a.jpg' }],
  ['a video', { type: 'video', mediaId: '500000000000000006' }],
  ['a voice message', { type: 'audio', mediaId: '500000000000000007' }],
  ['a file', { type: 'file', mediaId: '500000000000000008', name: 'Rechnung März.pdf' }],
  ['a place', { type: 'location', latitude: 48.8584, longitude: 2.2945, title: 'Acme, 1 Rue du Pont, Paris' }],
  ['a place without a name', { type: 'location', latitude: 48.8584, longitude: 2.2945 }],
  ['a sticker, by what it says', { type: 'sticker', stickerId: '1988', title: 'hello, wave' }],
  ['a sticker with words of the customer', { type: 'sticker', stickerId: '1989', title: 'So far!' }],
  ['what is not known', { type: 'unsupported', what: 'hologram' }],
];
test.each(parts.map(([name, part], i) => [name, i, part] as const))('%s', (_name, i, part) => {
  const event = told('messages')[i]!;
  expect(event).toMatchObject({ type: 'message', from: ida, parts: [part] });
  expect(Object.keys((event as { parts: object[] }).parts[0]!).sort()).toEqual(Object.keys(part).sort());
});

test('a message has its own id, LINE’s time, the account’s address, a token for a minute', () => {
  const [first, second] = told('messages');
  expect(first).toEqual({
    type: 'message',
    from: ida,
    to: 'acme-line',
    id: '500000000000000001',
    at: new Date(1790000001123),
    parts: [{ type: 'text', text: 'Guten Tag (moon) @Acme' }],
    answerToken: { token: 'r0000000000000000000000000000001', until: new Date(1790000061123) },
  });
  expect(second).toMatchObject({ replyTo: '500000000000000001' });
});

test('delivered again it is the same message; its token may hold for up to 20 minutes', () => {
  const [event] = told('again');
  expect(event).toMatchObject({ type: 'message', id: '500000000000000301' });
  if (event?.type !== 'message') throw new Error('no message');
  expect(event.answerToken!.until.getTime() - event.at.getTime()).toBe(1_200_000);
});

const signals: object[] = [
  { type: 'opt-in', from: ida, what: 'follow' },
  { type: 'opt-in', from: ida, what: 'follow again' },
  { type: 'opt-out', from: ida, what: 'unfollow' },
  { type: 'unsend', from: ida, of: '500000000000000001' },
  { type: 'edit', from: ida, of: '500000000000000002', parts: [{ type: 'text', text: 'That one, please' }] },
  {
    type: 'postback',
    payload: 'TRACK',
    parts: [{ type: 'button', title: 'Track it', payload: 'TRACK' }],
    answerToken: { token: 'r0000000000000000000000000000019' },
  },
  { type: 'postback', payload: 'action=buy&item=1', parts: [{ type: 'button', payload: 'action=buy&item=1' }] },
  { type: 'postback', payload: 'when', parts: [{ type: 'button', title: '2026-12-24T18:30', payload: 'when' }] },
  { type: 'unsupported', from: ida, what: 'postback' },
  { type: 'account-link', from: ida, linked: true, code: 'n0nce' },
  { type: 'unsupported', from: ida, what: 'accountLink' },
  { type: 'referral', from: ida, referral: { source: 'BEACON', type: 'enter', ref: 'd41d8cd98f' } },
  { type: 'unsupported', from: ida, what: 'beacon.stay' },
  { type: 'receipt', from: ida, state: 'read', of: [], marker: 'reply:8841:0' },
  { type: 'opt-in', from: ida, what: 'membership joined', details: { id: '3189' } },
  { type: 'unsupported', from: ida, what: 'membership.left' },
  { type: 'unsupported', from: ida, what: 'things.link' },
  { type: 'unsupported', from: ida, what: 'delivery' },
  { type: 'unsupported', from: ida, what: 'greatNewFeature' },
];
test.each(signals.map((signal, i) => [i, signal] as const))('signal %i', (i, signal) => {
  const event = told('signals')[i]!;
  expect(event).toMatchObject(signal);
  expect(event.id).toBe((JSON.parse(fixture('signals.json')).events[i] as { webhookEventId: string }).webhookEventId);
});

test('whatever happens in a group or room is of that chat, told by its id', () => {
  expect(told('groups')).toMatchObject([
    { type: 'group', what: 'join', chat: 'Cafe0000000000000000000000000001', id: 'Cafe0000000000000000000000000001' },
    { type: 'group', what: 'message', chat: 'R00e0000000000000000000000000001' },
    { type: 'group', what: 'leave', chat: 'Cafe0000000000000000000000000002' },
    { type: 'group', what: 'memberJoined', chat: 'Cafe0000000000000000000000000003' },
    { type: 'group', what: 'memberLeft', chat: 'Cafe0000000000000000000000000004' },
  ]);
  expect(told('groups').map((event) => 'answerToken' in event)).toEqual([true, true, false, true, false]);
});

test('module channels: attached, in control, suspended; while another has the chat nothing may be answered', () => {
  expect(told('module')).toMatchObject([
    { type: 'handover', what: 'module attached', details: { botId: bot } },
    { type: 'handover', what: 'module detached', details: { botId: bot, reason: 'bot_deleted' } },
    { type: 'handover', what: 'activated', from: ida, details: { expireAt: '1790003600000' } },
    { type: 'handover', what: 'deactivated', standby: true },
    { type: 'policy', action: 'block' },
    { type: 'policy', action: 'unblock' },
    { type: 'message', standby: true },
  ]);
  expect(told('module')[6]).not.toHaveProperty('answerToken');
});

test('what the Console sends to try the URL is nobody’s message', () => {
  expect(told('console-trial').map(({ type }) => type)).toEqual(['unsupported', 'unsupported']);
  expect(eventsOf(`{"destination":"${bot}","events":[]}`, account)).toEqual([]);
});

test('the address is the account’s, unless the bot’s user id is configured or nobody is', () => {
  const named = accountAt('http://127.0.0.1:1', { botUserId: bot });
  const other = accountAt('http://127.0.0.1:1', { botUserId: bot.replace('b07', 'b08') });
  const addresses = [account, named, other, undefined].map((whose) => eventsOf(fixture('again.json'), whose)[0]!.to);
  expect(addresses).toEqual(['acme-line', bot, bot, bot]);
});

const malformed: [string, string, RegExp][] = [
  ['what is not JSON', '{"events":', /JSON/],
  ['a list', '[]', /JSON object/],
  ['no events', '{"destination":"U"}', /events/],
  ['events that are no list', '{"events":{}}', /events/],
];
test.each(malformed)('malformed: %s', (_name, body, why) => {
  expect(receive(webhook(body), account)).toEqual({ malformed: expect.stringMatching(why) });
});

const odd: [string, unknown, object][] = [
  ['no object', 7, { type: 'unsupported', what: 'event that is no object' }],
  ['no type', {}, { type: 'unsupported', what: 'event without a type' }],
  [
    'a message of nobody',
    { type: 'message', message: { type: 'text', id: '1', text: 'Hi' }, source: { type: 'user' } },
    { type: 'unsupported', what: 'message.text' },
  ],
  [
    'a message that is none',
    { type: 'message', message: 'Hi', source: { type: 'user', userId: ida } },
    { type: 'unsupported', what: 'message', from: ida },
  ],
  [
    'an empty text',
    { type: 'message', message: { type: 'text', id: '1', text: '' }, source: { type: 'user', userId: ida } },
    { type: 'message', id: '1', parts: [{ type: 'unsupported', what: 'text without words' }] },
  ],
  [
    'half a surrogate pair and NUL',
    { type: 'message', message: { type: 'text', id: '1', text: 'a\ud800\0' }, source: { type: 'user', userId: ida } },
    { parts: [{ type: 'text', text: 'a\ufffd\ufffd' }] },
  ],
  [
    'an unsend of nothing',
    { type: 'unsend', source: { type: 'user', userId: ida } },
    { type: 'unsupported', what: 'unsend' },
  ],
];
test.each(odd)('kept all the same: %s', (_name, json, expected) => {
  const body = JSON.stringify({ destination: bot, events: [json] });
  expect(eventsOf(body, account)).toMatchObject([expected]);
  expect(eventsOf(body, account)[0]!.id).not.toBe('');
});
