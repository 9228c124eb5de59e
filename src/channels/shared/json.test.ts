import { expect, test } from 'vitest';
import { fingerprint } from './fingerprint.ts';
import { waitAskedFor } from './graph/rate-headers.ts';
import { asId, asText, parseJson } from './json.ts';
import { readTime } from './time.ts';

const numbers: [string, unknown][] = [
  ['{"id":123}', { id: 123 }],
  ['{"id":1517776481860111}', { id: 1517776481860111 }],
  ['{"id":12345678901234567890}', { id: '12345678901234567890' }],
  ['[ 9007199254740993 ]', ['9007199254740993']],
  ['{"id":-9007199254740993}', { id: '-9007199254740993' }],
  ['{"text":"call: 12345678901234567890"}', { text: 'call: 12345678901234567890' }],
  ['{"price":29.620000000000001,"id":12345678901234567890}', { price: 29.62, id: '12345678901234567890' }],
];
test.each(numbers)('%s keeps every digit', (text, expected) => {
  expect(parseJson(text)).toEqual(expected);
});

test('absurd nesting beside a long number is still read', () => {
  const deep = `{"id":12345678901234567890,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  expect(() => parseJson(deep)).not.toThrow();
});

test('what is not JSON is a SyntaxError', () => {
  expect(() => parseJson('{"id":12345678901234567890')).toThrow(SyntaxError);
});

test('ids are texts, and texts hold nothing that cannot be stored', () => {
  expect([asId(7712), asId('7712'), asId(''), asId({}), asText(7)]).toEqual([
    '7712',
    '7712',
    undefined,
    undefined,
    undefined,
  ]);
  expect(asText('a\0b\ud83d!')).toBe('a\ufffdb\ufffd!');
  expect(asText('\ud83d\ude00')).toBe('😀');
});

test('a fingerprint is that of the content, not of how it is written', () => {
  expect(fingerprint({ a: 1, b: { c: [2, null] } })).toBe(fingerprint({ b: { c: [2, null] }, a: 1 }));
  expect(fingerprint({ a: [1, 2] })).not.toBe(fingerprint({ a: [2, 1] }));
  expect(fingerprint('1')).not.toBe(fingerprint(1));
  expect(fingerprint('1')).toMatch(/^[0-9a-f]{64}$/);
});

const times: [string, unknown[], string][] = [
  ['milliseconds', [1790000000001], '2026-09-21T14:13:20.001Z'],
  ['seconds', [1790000000], '2026-09-21T14:13:20.000Z'],
  ['a string of digits', ['1790000000'], '2026-09-21T14:13:20.000Z'],
  ['the next one where the first is missing', [undefined, 1790000000], '2026-09-21T14:13:20.000Z'],
  ['the next one where the first is absurd', [1, 1790000000], '2026-09-21T14:13:20.000Z'],
  ['the next one where the first is no number', [{}, 'soon', -5, 1e300, 1790000000], '2026-09-21T14:13:20.000Z'],
  ['the epoch where there is none', [null, 12341], '1970-01-01T00:00:00.000Z'],
];
test.each(times)('a time is read from %s', (_name, candidates, expected) => {
  expect(readTime(...candidates).toISOString()).toBe(expected);
});

const waits: [string, Record<string, string>, number | undefined][] = [
  ['no header', {}, undefined],
  ['a quota with room', { 'x-app-usage': '{"call_count":28,"total_time":25}' }, undefined],
  ['a full quota', { 'x-app-usage': '{"call_count":100,"total_time":25}' }, 300_000],
  [
    'the minutes of the page',
    { 'x-business-use-case-usage': '{"5":[{"type":"messenger","estimated_time_to_regain_access":12}]}' },
    720_000,
  ],
  [
    'the longest of several',
    {
      'x-business-use-case-usage':
        '{"5":[{"estimated_time_to_regain_access":1},{"estimated_time_to_regain_access":3}],"6":[{"estimated_time_to_regain_access":0}]}',
    },
    180_000,
  ],
  ['a header that cannot be read', { 'x-business-use-case-usage': 'soon' }, undefined],
  ['Retry-After', { 'retry-after': '30' }, 30_000],
];
test.each(waits)('how long to wait: %s', (_name, headers, expected) => {
  expect(waitAskedFor(headers)).toBe(expected);
});
