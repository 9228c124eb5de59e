import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { InboundEvent } from '../../domain/event.ts';
import { eventsOf, webhook } from './fixtures/support.ts';
import { receive } from './receive.ts';

const fixture = (name: string) => eventsOf(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url)));
const account = '17841400000000555';
const ida = '5600000000000001';

/** The event with this id, without what all of them share. */
function told(events: InboundEvent[], id: string) {
  const found = events.filter((event) => event.id === id);
  expect(found).toHaveLength(1);
  const { to, at, ...rest } = found[0]!;
  expect(to).toBe(account);
  expect(at.getUTCFullYear()).toBe(2026);
  return rest;
}

const said = (id: string, parts: object[], more: object = {}) => ({ type: 'message', from: ida, id, parts, ...more });
const file = (url: string, title: string) => ({ type: 'file', url, title });

const messages: [string, object][] = [
  ['text', said('aWdf_text', [{ type: 'text', text: 'Is this in stock? 👜' }])],
  [
    'a reply to a story, with the story',
    said('aWdf_story', [
      { type: 'text', text: 'Love it' },
      file('https://cdn.example/story.jpg?sig=1', 'Story answered'),
    ]),
  ],
  [
    'a reply to a story that is gone',
    said('aWdf_gonestory', [
      { type: 'text', text: 'Where was that?' },
      { type: 'unsupported', what: 'story' },
    ]),
  ],
  ['a reply to a message', said('aWdf_reply', [{ type: 'text', text: 'That one' }], { replyTo: 'aWdf_text' })],
  [
    'a story that mentions the account',
    said('aWdf_mention', [file('https://cdn.example/mention.mp4?sig=2', 'Story that mentions you')]),
  ],
  [
    'files',
    said('aWdf_files', [
      { type: 'image', url: 'https://cdn.example/a.jpg' },
      { type: 'video', url: 'https://cdn.example/b.mp4' },
      { type: 'audio', url: 'https://cdn.example/c.m4a' },
      { type: 'file', url: 'https://cdn.example/d.pdf' },
    ]),
  ],
  [
    'a post',
    said('aWdf_post', [{ type: 'link', what: 'ig_post', url: 'https://cdn.example/post.jpg', title: 'Autumn coats' }]),
  ],
  [
    'a reel',
    said('aWdf_reel', [{ type: 'link', what: 'ig_reel', url: 'https://cdn.example/reel.mp4', title: 'How we sew' }]),
  ],
  ['a reel of old', said('aWdf_oldreel', [{ type: 'link', what: 'reel', url: 'https://cdn.example/reel2.mp4' }])],
  ['a share of old', said('aWdf_share', [{ type: 'link', what: 'share', url: 'https://cdn.example/share.jpg' }])],
  ['what can be seen once', said('aWdf_once', [{ type: 'unsupported', what: 'ephemeral' }])],
  [
    'a file of a kind Meta does not name',
    said('aWdf_odd', [file('https://cdn.example/odd?asset_id=1', 'Something Meta does not name')]),
  ],
  ['what Meta cannot tell', said('aWdf_unsupported', [{ type: 'unsupported', what: 'message' }])],
  [
    'a quick reply',
    said('aWdf_quick', [
      { type: 'text', text: 'Yes' },
      { type: 'button', payload: 'YES' },
    ]),
  ],
  [
    'a question about a product',
    said('aWdf_product', [{ type: 'text', text: 'This one?' }], { referral: { ref: '99', source: 'PRODUCT' } }),
  ],
  [
    'an answer to an ad',
    said('aWdf_ad', [{ type: 'text', text: 'Saw your ad' }], {
      referral: { ref: 'autumn', source: 'ADS', type: 'OPEN_THREAD', adId: '6051', title: 'Coats' },
    }),
  ],
];
test.each(messages)('%s', (_name, expected) => {
  expect(told(fixture('messages'), (expected as { id: string }).id)).toEqual(expected);
});
test('each of them once', () => expect(fixture('messages')).toHaveLength(messages.length));

test('everything that is no message, in its order', () => {
  expect(fixture('signals')).toMatchObject([
    { type: 'unsend', from: ida, of: 'aWdf_text' },
    { type: 'reaction', from: ida, of: 'aWdf_out', action: 'react', emoji: '❤️', name: 'love' },
    { type: 'reaction', from: ida, of: 'aWdf_out', action: 'unreact' },
    { type: 'receipt', from: ida, state: 'read', of: ['aWdf_out'] },
    { type: 'postback', from: ida, id: 'aWdf_ice', payload: 'ICE_ORDER' },
    { type: 'referral', from: ida, referral: { ref: 'bio', source: 'IGME', type: 'OPEN_THREAD' } },
    { type: 'edit', from: ida, of: 'aWdf_reply', edits: 1, id: 'aWdf_reply#1' },
    { type: 'opt-in', from: ida, what: 'notification_messages' },
    { type: 'handover', from: ida, what: 'pass_thread_control', details: { new_owner_app_id: '9911' } },
    { type: 'handover', from: ida, what: 'take_thread_control' },
    { type: 'echo', user: ida, id: 'aWdf_out', parts: [{ type: 'text', text: 'Yes, in stock' }] },
    { type: 'echo', user: ida, id: 'aWdf_out2', appId: '4242', parts: [{ type: 'image' }] },
    // The account's note to itself is nobody's.
    { type: 'unsupported', what: 'message' },
    { type: 'unsupported', what: 'something_new', from: ida },
    { type: 'message', id: 'aWdf_stand', standby: true },
  ]);
});

test('comments and mentions are messages where their author is told; the rest of a batch is kept', () => {
  const events = fixture('public');
  expect(events).toMatchObject([
    {
      type: 'message',
      from: ida,
      id: '18000000000000001',
      at: new Date(1790000100_000),
      parts: [{ type: 'text', text: 'Do you ship to Oslo?' }],
      replyTo: '18000000000000000',
      profile: { name: 'ida.berg' },
      public: { what: 'comment', of: '17900000000000103' },
      answerToken: { token: '18000000000000001', until: new Date(1790000100_000 + 7 * 86_400_000) },
    },
    { type: 'message', public: { what: 'comment' }, answerToken: { until: new Date(1790000100_000 + 4 * 3_600_000) } },
    { type: 'unsupported', what: 'change.comments' },
    { type: 'unsupported', what: 'change.comments' },
    { type: 'unsupported', what: 'change.mentions' },
    { type: 'message', id: '18000000000000006', public: { what: 'mention', of: '17900000000000107' } },
    { type: 'unsupported', what: 'change.story_insights' },
    { type: 'message', id: 'aWdf_dash', from: ida, at: new Date(1790000090_000) },
    { type: 'reaction', of: 'aWdf_dash' },
    { type: 'message', to: '17841400000000556', from: '5600000000000002' },
    { type: 'unsupported', what: 'entry without items', to: '17841400000000557' },
    { type: 'unsupported', what: 'entry that is no object' },
  ]);
  expect(events).toHaveLength(12);
  expect(events[5]).not.toHaveProperty('answerToken');
});

const malformed: [string, string][] = [
  ['', 'not JSON'],
  ['[]', 'not a JSON object'],
  ['{"entry":[]}', 'no "object"'],
  ['{"object":"page","entry":[]}', 'none of instagram'],
  ['{"object":"instagram"}', '"entry"'],
];
test.each(malformed)('%s is malformed: %s', (body, why) => {
  expect(receive(webhook(body))).toEqual({ malformed: expect.stringContaining(why) });
});

test('a repeat has the same ids', () => {
  for (const name of ['messages', 'signals', 'public'])
    expect(fixture(name).map(({ id }) => id)).toEqual(fixture(name).map(({ id }) => id));
});
