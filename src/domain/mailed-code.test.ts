import { expect, test } from 'vitest';
import { codeIn, verdictOn } from './mailed-code.ts';

test.each([
  ['123456', '123456'],
  ['it is 123 456.', '123456'],
  ['123-456', '123456'],
  ['code: 012345 thanks', '012345'],
  ['123456 or 654321', undefined],
  ['123456, I mean 123456', '123456'],
  ['1234567', undefined],
  ['12345', undefined],
  ['+47 912 34 567', undefined],
  ['order 2026-123456', undefined],
  ['123456.50', undefined],
  ['no digits', undefined],
])('the code in %j is %s', (text, code) => {
  expect(codeIn(text)).toBe(code);
});

const now = new Date(1_000);
const soon = new Date(2_000);
test.each([
  ['the first answer, right', { tries: 0, expiresAt: soon }, true, 'right'],
  ['the fifth answer, right', { tries: 4, expiresAt: soon }, true, 'right'],
  ['the sixth answer, right', { tries: 5, expiresAt: soon }, true, 'too-many'],
  ['wrong', { tries: 0, expiresAt: soon }, false, 'wrong'],
  ['the fifth answer, wrong', { tries: 4, expiresAt: soon }, false, 'too-many'],
  ['right, but late', { tries: 0, expiresAt: now }, true, 'expired'],
  ['no code was mailed', { tries: 0, expiresAt: undefined }, true, 'expired'],
] as const)('%s', (_, code, fits, verdict) => {
  expect(verdictOn(code, fits, now)).toBe(verdict);
});
