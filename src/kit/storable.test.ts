import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storable } from './storable.ts';

test.each<[string, unknown, unknown]>([
  ['NUL in a text', 'a\0b', 'a\ufffdb'],
  ['half a pair', 'a\ud83d', 'a\ufffd'],
  ['a whole pair', 'a😀', 'a😀'],
  ['NUL in a key', { 'k\0': [{ x: '\0' }] }, { 'k\ufffd': [{ x: '\ufffd' }] }],
  ['a date that is none', { at: new Date(Number.NaN) }, { at: new Date(0) }],
])('%s', (_, given, gives) => expect(storable(given)).toEqual(gives));

test('what can be held comes back as it is', () => {
  const event = {
    type: 'message',
    at: new Date(),
    parts: [{ type: 'text', text: 'Grüße 😀' }],
    body: Buffer.from([0]),
  };
  expect(storable(event)).toBe(event);
});

test('nesting without end is cut', () => {
  let deep: unknown = 'x';
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(JSON.stringify(storable(deep))).toBe(`${'['.repeat(64)}"…"${']'.repeat(64)}`);
});

test('a key __proto__ stays a key', () => {
  const given = JSON.parse('{"__proto__":{"polluted":"\\u0000"}}');
  const kept = storable(given) as Record<string, unknown>;
  expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
  expect(Object.keys(kept)).toEqual(['__proto__']);
});

test('whatever JSON comes, Postgres can hold what is left', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary', noUnicodeString: false } as object), (value) => {
      const text = JSON.stringify(storable(value));
      expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/);
      expect(text.isWellFormed()).toBe(true);
    }),
  );
});
