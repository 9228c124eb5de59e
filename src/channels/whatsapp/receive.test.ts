import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { EventOf } from '../../domain/event.ts';
import { business, eventsOf, ida, message, number, webhook, wrapped } from './fixtures/support.ts';
import { receive } from './receive.ts';

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url));
const one = (content: object, more: object = { contacts: [ida] }) => {
  const events = eventsOf(wrapped({ ...more, messages: [message(content)] }));
  expect(events).toHaveLength(1);
  return events[0]!;
};

test('a message, in full', () => {
  expect(one({ type: 'text', text: { body: 'Hi' }, context: { from: '4721999999', id: 'wamid.OUT' } })).toEqual({
    type: 'message',
    to: number,
    from: '4790011223',
    id: 'wamid.A1',
    at: new Date(1790000000000),
    parts: [{ type: 'text', text: 'Hi' }],
    replyTo: 'wamid.OUT',
    profile: { name: 'Ida Berg', phone: '+4790011223' },
    aliases: { 'business-scoped-id': 'NO.134912' },
  });
});

test('every message of a batch becomes an event, each of its own kind', () => {
  const events = eventsOf(fixture('messages'));
  expect(events.map(({ type }) => type)).toEqual([
    ...Array(12).fill('message'),
    'reaction',
    'reaction',
    'message',
    'message',
    'edit',
    'unsend',
    ...Array(3).fill('message'),
    'group',
  ]);
  const parts = events.flatMap((event) => (event.type === 'message' ? event.parts : []));
  expect(parts).toMatchObject([
    { type: 'text', text: 'Hei, hvor er pakken min? 📦' },
    { type: 'image', mediaId: '812300000000002' },
    { type: 'text', text: 'It is broken' },
    { type: 'audio', mediaId: '812300000000003' },
    { type: 'video', mediaId: '812300000000004' },
    { type: 'file', mediaId: '812300000000005', name: 'invoice.pdf' },
    { type: 'text', text: 'The invoice' },
    { type: 'sticker', mediaId: '812300000000006' },
    { type: 'location', latitude: 59.9133, longitude: 10.739, title: 'Shop, Storgata 1, Oslo' },
    {
      type: 'template',
      what: 'contact card',
      lines: [
        '👤 Contact card',
        'Kari Lie',
        'Lie AS',
        '+47 900 22 334',
        'kari@lie.example',
        'Storgata 2, 0155, Oslo, Norway',
      ],
    },
    { type: 'button', title: 'Yes, please', payload: 'YES' },
    { type: 'button', title: 'Oslo', payload: 'oslo' },
    { type: 'text', text: 'Open until six' },
    { type: 'template', what: 'form', lines: ['Sent', 'shoe size: 43'] },
    { type: 'button', title: 'Return it', payload: 'RETURN:NW-10077' },
    { type: 'template', what: 'order', lines: ['2 × SKU1, 129.00 EUR', 'gift wrap'] },
    { type: 'unsupported', what: 'WhatsApp does not pass on this kind' },
    { type: 'text', text: 'Is it in stock?' },
    { type: 'template', what: 'product', lines: ['About the product SKU9'] },
    { type: 'text', text: 'I saw your ad' },
    { type: 'text', text: 'My number stays with me' },
  ]);
});

test('what a message says of another, of an ad or of a group', () => {
  const events = eventsOf(fixture('messages'));
  expect(events[12]).toMatchObject({ type: 'reaction', of: 'wamid.OUT1', action: 'react', emoji: '👍' });
  expect(events[13]).toMatchObject({ type: 'reaction', of: 'wamid.OUT1', action: 'unreact' });
  expect(events[16]).toMatchObject({
    type: 'edit',
    of: 'wamid.IN1',
    parts: [{ type: 'text', text: 'Hei, hvor er pakken?' }],
  });
  expect(events[17]).toMatchObject({ type: 'unsend', of: 'wamid.IN2', id: 'wamid.IN18' });
  expect(events[19]).toMatchObject({
    referral: { source: 'ad', adId: '120330000000', ref: 'CLID1', title: 'Coats', url: 'https://fb.me/ad' },
  });
  expect(events[21]).toMatchObject({ type: 'group', chat: '120363418770915618@g.us', what: 'message.text' });
});

test('who hides the number is known by the id that is scoped to the business', () => {
  expect(eventsOf(fixture('messages'))[20]).toMatchObject({
    from: 'NO.998877',
    profile: { name: 'Per Åsen' },
    aliases: { 'parent-business-scoped-id': 'NO.ENT.5511' },
  });
  const bare = { from: undefined, type: 'text', text: { body: 'x' } };
  const hidden = one(bare, { contacts: [{ profile: { name: 'Per' }, user_id: 'NO.1' }] });
  expect(hidden).toMatchObject({ type: 'message', from: 'NO.1', profile: { name: 'Per' } });
  expect(hidden.aliases).toBeUndefined();
});

test('nobody gets the ids of somebody else, whoever comes along in the same change', () => {
  const other = { profile: { name: 'Kari' }, wa_id: '4790055555', user_id: 'NO.5' };
  expect(one({ type: 'text', text: { body: 'x' } }, { contacts: [other] }).aliases).toBeUndefined();
  expect(one({ type: 'text', text: { body: 'x' } }, { contacts: [other, ida] })).toMatchObject({
    profile: { name: 'Ida Berg' },
    aliases: { 'business-scoped-id': 'NO.134912' },
  });
});

test('every status becomes a receipt with its marker; what is none of ours is kept', () => {
  const events = eventsOf(fixture('statuses'));
  expect(events).toMatchObject([
    {
      type: 'receipt',
      id: 'wamid.OUT1:sent',
      from: '4790011223',
      state: 'sent',
      of: ['wamid.OUT1'],
      marker: 'reply:1',
    },
    { type: 'receipt', id: 'wamid.OUT1:delivered', state: 'delivered', marker: 'reply:1' },
    { type: 'receipt', id: 'wamid.OUT1:read', state: 'read', at: new Date(1790000101000) },
    { type: 'receipt', id: 'wamid.OUT2:played', state: 'read' },
    { type: 'receipt', state: 'failed', why: expect.stringMatching(/24 hours.*template.*131047/) },
    { type: 'receipt', from: 'NO.998877', state: 'delivered' },
    { type: 'unsupported', what: 'statuses.read' },
    { type: 'unsupported', what: 'statuses.warning' },
  ]);
});

test('changed numbers and ids, preferences, echoes, calls, errors and news of the account', () => {
  const events = eventsOf(fixture('signals'));
  expect(events).toMatchObject([
    { type: 'identity', from: '4790011223', now: '4790099887', id: 'wamid.SYS1' },
    { type: 'identity', from: 'NO.998877', now: 'NO.112233' },
    { type: 'unsupported', what: 'system.customer_identity_changed' },
    { type: 'identity', from: '4790011223', aliases: { 'business-scoped-id': 'NO.778899' } },
    { type: 'opt-out', from: '4790011223', what: 'marketing_messages', details: { value: 'stop' } },
    { type: 'opt-in', from: '4790011223', what: 'marketing_messages', details: { value: 'resume' } },
    { type: 'echo', from: number, user: '4790011223', id: 'wamid.ECHO1', parts: [{ text: 'I answer from my phone' }] },
    { type: 'unsupported', what: 'message_echoes.revoke' },
    { type: 'unsupported', what: 'statuses.call' },
    { type: 'unsupported', what: 'calls.connect' },
    { type: 'policy', action: 'error.131000', why: 'Something went wrong' },
    { type: 'policy', action: 'block', to: business, why: expect.stringContaining('September 21, 2026') },
    { type: 'policy', action: 'unblock' },
    { type: 'policy', action: 'account_update.ACCOUNT_RESTRICTION', why: expect.stringContaining('RESTRICTED_BIZ') },
    { type: 'policy', action: 'phone_number_quality_update.FLAGGED', why: expect.stringContaining('TIER_10K') },
    {
      type: 'policy',
      action: 'message_template_status_update.REJECTED',
      why: expect.stringContaining('abandoned_cart'),
    },
    { type: 'unsupported', what: 'change.partner_solutions' },
  ]);
});

const kinds: [string, object, object][] = [
  ['a type to come', { type: 'hologram', hologram: {} }, { parts: [{ type: 'unsupported', what: 'hologram' }] }],
  [
    'a poll',
    { type: 'unsupported', unsupported: { type: 'poll' } },
    { parts: [{ type: 'unsupported', what: 'poll' }] },
  ],
  [
    'a file WhatsApp lost',
    { type: 'unsupported', errors: [{ code: 131052 }] },
    { parts: [{ type: 'unsupported', what: 'WhatsApp reported error 131052' }] },
  ],
  ['a message without a type', {}, { parts: [{ type: 'unsupported', what: 'message without a type' }] }],
  ['an empty text', { type: 'text', text: {} }, { parts: [{ type: 'unsupported', what: 'text' }] }],
  [
    'a picture without an id',
    { type: 'image', image: { caption: 'look' } },
    {
      parts: [
        { type: 'unsupported', what: 'image without an id' },
        { type: 'text', text: 'look' },
      ],
    },
  ],
  [
    'a picture with a link alone',
    { type: 'image', image: { url: 'https://lookaside.fbsbx.com/x' } },
    { parts: [{ type: 'image', url: 'https://lookaside.fbsbx.com/x' }] },
  ],
  [
    'the first opening of the chat',
    { type: 'request_welcome' },
    { parts: [{ type: 'button', title: 'Opened the chat' }] },
  ],
  [
    'leave to call',
    {
      type: 'interactive',
      interactive: { type: 'call_permission_reply', call_permission_reply: { response: 'accept' } },
    },
    { parts: [{ type: 'template', lines: ['May the business call? accept'] }] },
  ],
  [
    'an answer to come',
    { type: 'interactive', interactive: { type: 'dance', dance: {} } },
    { parts: [{ type: 'unsupported', what: 'interactive.dance' }] },
  ],
  [
    'a form whose answers cannot be read',
    { type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: { body: 'Sent', response_json: '{' } } },
    { parts: [{ type: 'template', what: 'form', lines: ['Sent'] }] },
  ],
  [
    'an interactive without content',
    { type: 'interactive' },
    { parts: [{ type: 'unsupported', what: 'interactive' }] },
  ],
  [
    'a number shared as a vCard',
    {
      type: 'contacts',
      contacts: [{ vcard: 'BEGIN:VCARD\nFN:Sheena\nEND:VCARD', phones: [{ phone: '15551234567' }] }],
    },
    { parts: [{ type: 'template', lines: ['👤 Contact card', 'Sheena', '15551234567'] }] },
  ],
  [
    'a post that led here',
    { type: 'text', text: { body: 'x' }, referral: { source_type: 'post', source_id: '55' } },
    { referral: { source: 'post', ref: '55' } },
  ],
  [
    'a reaction to nothing',
    { type: 'reaction', reaction: { emoji: '👍' } },
    { type: 'unsupported', what: 'messages.reaction' },
  ],
  ['an edit of nothing', { type: 'edit', edit: {} }, { type: 'unsupported', what: 'messages.edit' }],
  [
    'a changed number in older words',
    { type: 'system', system: { type: 'customer_changed_number', new_wa_id: '4790099887' } },
    { type: 'identity', from: '4790011223', now: '4790099887' },
  ],
  [
    'a changed number without the new one',
    { type: 'system', system: { type: 'user_changed_number' } },
    { type: 'unsupported', what: 'messages.system' },
  ],
  [
    'a changed id of somebody with a number',
    { type: 'system', system: { type: 'user_changed_user_id', user_id: 'NO.2', previous_user_id: 'NO.1' } },
    { type: 'identity', from: '4790011223', aliases: { 'business-scoped-id': 'NO.2' } },
  ],
];
test.each(kinds)('%s', (_name, given, expected) => {
  expect(one(given)).toMatchObject({ to: number, at: new Date(1790000000000), ...expected });
});

test('a message from nobody, and items that are no objects, are kept', () => {
  const events = eventsOf(wrapped({ messages: [{ type: 'text', text: { body: 'x' } }, 'x', null, 7] }));
  expect(events.map((event) => (event as EventOf<'unsupported'>).what)).toEqual([
    'messages.text',
    'messages',
    'messages',
    'messages',
  ]);
});

test('messages, statuses and errors of one change are all taken', () => {
  const value = {
    contacts: [ida],
    messages: [message({ type: 'text', text: { body: 'x' } })],
    statuses: [{ id: 'wamid.O', status: 'sent', timestamp: '1790000000', recipient_id: '4790011223' }],
    errors: [{ code: 131000, title: 'Something went wrong' }],
  };
  expect(eventsOf(wrapped(value)).map(({ type }) => type)).toEqual(['message', 'receipt', 'policy']);
});

test('what has no id of its own gets one that a repeat has too, and another event has not', () => {
  const id = (limit: string) =>
    eventsOf(wrapped({ event: 'FLAGGED', current_limit: limit }, 'phone_number_quality_update'))[0]!.id;
  expect(id('TIER_1K')).toBe(id('TIER_1K'));
  expect(id('TIER_1K')).not.toBe(id('TIER_10K'));
});

const malformed: [string, string, RegExp][] = [
  ['not JSON', '{"object":', /JSON/],
  ['a list', '[]', /object/],
  ['the object of a page', '{"object":"page","entry":[]}', /whatsapp_business_account/],
  ['no entry', '{"object":"whatsapp_business_account"}', /entry/],
];
test.each(malformed)('malformed: %s', (_name, body, why) => {
  expect(receive(webhook(body))).toEqual({ malformed: expect.stringMatching(why) });
});

test('an entry or change without content is kept', () => {
  const body = {
    object: 'whatsapp_business_account',
    entry: [7, {}, { id: '1', changes: [null, { field: 'messages' }] }],
  };
  expect(eventsOf(JSON.stringify(body))).toMatchObject([
    { type: 'unsupported', what: 'entry without changes' },
    { type: 'unsupported', what: 'entry without changes' },
    { type: 'unsupported', what: 'change.without a field' },
    { type: 'unsupported', what: 'change.messages' },
  ]);
});
