import { expect, test } from 'vitest';
import { holds, is, isTrue, orderOf } from './fact.ts';

test.each([
  ['all there in order', ['a1', 'b2'], 'a1 then b2', ['a1', 'b2']],
  ['out of order', ['a1', 'b2'], 'b2 then a1', ['b2', 'a1']],
  ['one missing', ['a1', 'b2'], 'only b2', ['b2']],
  ['one twice', ['a1', 'b2'], 'a1 b2 a1', ['a1', 'b2', 'a1']],
])('%s', (_, texts, words, expected) => {
  expect(orderOf(texts, words)).toEqual(expected);
});

test('a fact holds when both sides are the same all the way down', () => {
  expect(isTrue(is('list', [1, { a: 2 }], [1, { a: 2 }]))).toBe(true);
  expect(isTrue(is('list', [1], [1, 2]))).toBe(false);
  expect(isTrue(holds('so', false, 'what was found'))).toBe(false);
  expect(isTrue(holds('so', false))).toBe(false);
  expect(isTrue(holds('so', true, 'what was found'))).toBe(true);
});
