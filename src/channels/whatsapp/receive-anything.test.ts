import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventsOf } from './fixtures/support.ts';
import { readers } from './readers.ts';

// Names that a reader looks at, so that random JSON reaches deep into the readers.
const names = fc.constantFrom(
  ...'from from_user_id id timestamp type text body image caption filename contacts name phones interactive'.split(' '),
  ...'button_reply list_reply nfm_reply response_json button payload reaction message_id emoji order product_items'.split(
    ' ',
  ),
  ...'system wa_id user_id previous current edit message original_message_id revoke context referral errors code'.split(
    ' ',
  ),
  ...'status recipient_id biz_opaque_callback_data group_id to value event ban_info waba_ban_state profile'.split(' '),
  '__proto__',
  'constructor',
);
const words = fc.constantFrom(
  ...'text image document location contacts interactive button reaction order system edit revoke unsupported'.split(
    ' ',
  ),
  ...'button_reply nfm_reply user_changed_number user_changed_user_id sent delivered failed played DISABLE'.split(' '),
  '4790011223',
  'constructor',
  '\ud800',
  '\0',
);
const anyJson = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    words,
    fc.constantFrom(null, true, 1e300, -1, '1790000001'),
    fc.string(),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(names, tie('json'), { maxKeys: 6 }),
  ),
})).json;
const item = fc.oneof(
  anyJson,
  fc.record({ type: words, id: anyJson, text: anyJson, system: anyJson, status: words }, { requiredKeys: [] }),
);
const lists = readers.map(([name]) => name);
const value = fc.oneof(
  anyJson,
  fc.dictionary(
    fc.constantFrom(...lists, 'contacts', 'metadata', 'event'),
    fc.oneof(fc.array(item, { maxLength: 3 }), anyJson),
    { maxKeys: 5 },
  ),
);
const field = fc.constantFrom('messages', 'account_update', 'calls', 'message_template_status_update', 'x', '');
const entry = fc.oneof(
  anyJson,
  fc.record({
    id: anyJson,
    time: anyJson,
    changes: fc.array(fc.oneof(anyJson, fc.record({ field, value })), { maxLength: 3 }),
  }),
);

const asObject = (json: unknown): Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : {};
const sizeOf = (json: unknown): number => (Array.isArray(json) ? json.length : 0);
const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
const itemsOfChange = (change: unknown): number =>
  Math.max(
    1,
    sum(
      lists.map((name) =>
        sizeOf(Object.entries(asObject(asObject(change)['value'])).find(([key]) => key === name)?.[1]),
      ),
    ),
  );
const itemsOfEntry = (json: unknown): number => {
  const { changes } = asObject(json);
  return Math.max(1, Array.isArray(changes) ? sum(changes.map(itemsOfChange)) : 0);
};

test('whatever JSON comes, nothing throws, as much comes out as went in, and twice the same', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 3 }), (entries) => {
      const body = JSON.stringify({ object: 'whatsapp_business_account', entry: entries });
      const events = eventsOf(body);
      expect(events).toHaveLength(sum((JSON.parse(body) as { entry: unknown[] }).entry.map(itemsOfEntry)));
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
