import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains, hasWords, isLike, matches } from './text-match.ts';

test.each([
  [contains, 'money back', 'I want my MONEY  BACK', false],
  [contains, 'money back', 'I want my MONEY BACK!', true],
  [contains, 'echange', 'Un échange, svp', true],
  [hasWords, 'return', 'How do I return it?', true],
  [hasWords, 'return', 'returned', false],
  [hasWords, 'money back', 'money... back', true],
  [hasWords, '返品', '返品 したい', true],
  [isLike, 'summer-*', 'Summer-2026', true],
  [isLike, 'summer-*', 'a summer-2026', false],
  [isLike, 'a.c', 'abc', false],
  [isLike, '*', '', true],
] as const)('%j %j in %j: %j', (make, phrase, text, expected) => {
  expect(make(phrase)(text)).toBe(expected);
});

test.each([
  ['order +#?[0-9]{6}', 'My Order #123456 is late', true],
  ['^hi$', 'hi there', false],
  ['(a+)+$', `${'a'.repeat(9_000)}!`, false],
])('the expression %j in a text: %j', (pattern, text, expected) => {
  const read = matches(pattern);
  expect('test' in read && read.test(text)).toBe(expected);
});

test.each(['(', 'a(?=b)', '(a)\\1', 'x'.repeat(501), '[z-a]', 'a{1001}'])('the expression %j is refused', (pattern) => {
  expect(matches(pattern)).toEqual({ problem: expect.any(String) });
});

test('no pattern and no text throws, or takes long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', maxLength: 2_000 }), (pattern, text) => {
      const read = matches(pattern);
      if ('test' in read) read.test(text);
      for (const make of [contains, hasWords, isLike]) make(pattern)(text);
    }),
  );
});
