import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventsOf, webhook } from './fixtures/support.ts';
import { receive } from './receive.ts';

const malformed: [string, string, RegExp][] = [
  ['not JSON', '{"object":', /JSON/],
  ['nothing', '', /JSON/],
  ['a list', '[]', /object/],
  ['no object', '{"entry":[]}', /object/],
  ['an object of another channel', '{"object":"instagram","entry":[]}', /page/],
  ["WhatsApp's object", '{"object":"whatsapp_business_account","entry":[]}', /page/],
  ['no entry', '{"object":"page"}', /entry/],
  ['an entry that is no list', '{"object":"page","entry":{}}', /entry/],
];
test.each(malformed)('malformed: %s', (_name, body, why) => {
  expect(receive(webhook(body))).toEqual({ malformed: expect.stringMatching(why) });
});

// Names that a reader looks at, so that random JSON reaches deep into the readers.
const names = fc.constantFrom(
  ...'sender recipient timestamp message mid text attachments type payload url quick_reply is_echo is_deleted id'.split(
    ' ',
  ),
  ...'postback referral optin delivery mids watermark read reaction action message_edit num_edit order products'.split(
    ' ',
  ),
  ...'template product elements coordinates lat long sticker_id app_roles policy_enforcement field value'.split(' '),
  '__proto__',
  'constructor',
);
const anyJson = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, 'message', 'image', 'location', 'template', '\ud800', '\0', 1e300, -1, 1790000000001),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(names, tie('json'), { maxKeys: 6 }),
  ),
})).json;
const anyEntry = fc.oneof(
  anyJson,
  fc.record(
    {
      id: fc.oneof(fc.constant('555'), anyJson),
      time: anyJson,
      messaging: fc.oneof(fc.array(anyJson), anyJson),
      standby: fc.array(anyJson),
      changes: fc.array(anyJson),
    },
    { requiredKeys: [] },
  ),
);

const itemsOf = (entry: unknown): number => {
  const lists = typeof entry === 'object' && entry !== null ? Object.entries(entry) : [];
  const items = lists.filter(([name]) => ['messaging', 'standby', 'changes'].includes(name)).map(([, list]) => list);
  return Math.max(1, items.filter(Array.isArray).flat().length);
};

test('whatever JSON comes, nothing throws, as much comes out as went in, and twice the same', () => {
  fc.assert(
    fc.property(fc.constantFrom('page', 'user'), fc.array(anyEntry), (object, entry) => {
      const body = JSON.stringify({ object, entry });
      const events = eventsOf(body);
      const expected = (JSON.parse(body) as { entry: unknown[] }).entry.map(itemsOf).reduce((a, b) => a + b, 0);
      expect(events).toHaveLength(expected);
      expect(eventsOf(body)).toEqual(events);
      for (const event of events) {
        expect(event.id).not.toBe('');
        expect(event.at.getTime()).not.toBeNaN();
        expect(JSON.stringify(event)).not.toMatch(/\\u0000|\\ud[89a-f]/);
      }
    }),
    { numRuns: 500 },
  );
});

test('absurd nesting is read like anything else', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const body = `{"object":"page","entry":[{"id":"555","messaging":[{"sender":{"id":"1"},"thing":${deep}}]}]}`;
  expect(eventsOf(body)).toMatchObject([{ type: 'unsupported', what: 'thing' }]);
});
