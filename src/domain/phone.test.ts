import fc from 'fast-check';
import { expect, test } from 'vitest';
import { phoneNumber } from './phone.ts';

test.each([
  ['+47 912 34 567', undefined, '+4791234567'],
  ['0047 91234567', undefined, '+4791234567'],
  ['912 34 567', 'NO', '+4791234567'],
  ['91234567', 'NO', '+4791234567'],
  ['912 34 567', undefined, undefined],
  ['030 901820', 'DE', '+4930901820'],
  ['(212) 736-5000', 'US', '+12127365000'],
  ['+47 912 34 567', 'DE', '+4791234567'],
  ['12', 'NO', undefined],
  ['hello', 'NO', undefined],
  ['call +4791234567 now', 'NO', undefined],
  ['+1 212 736 5000 ext. 3', 'US', undefined],
])('%s dialled in %s is %s', (given, country, kept) => {
  expect(phoneNumber(given, country)).toBe(kept);
});

const mobile = fc.integer({ min: 0, max: 9_999_999 }).map((n) => `9${String(n).padStart(7, '0')}`);
const gaps = fc.array(fc.constantFrom('', ' ', '-', '\u00a0'), { minLength: 8, maxLength: 8 });
const spaced = (digits: string, between: readonly string[]) =>
  [...digits].map((digit, n) => (n === 0 ? digit : `${between[n]}${digit}`)).join('');

test('however it is spaced, with its country code or as dialled at home, it is the same number', () => {
  fc.assert(
    fc.property(mobile, gaps, (digits, between) => {
      const kept = phoneNumber(`+47${digits}`);
      expect(kept).toBe(`+47${digits}`);
      expect(phoneNumber(spaced(digits, between), 'NO')).toBe(kept);
      expect(phoneNumber(`+47 ${spaced(digits, between)}`, 'DE')).toBe(kept);
      expect(phoneNumber(`0047${digits}`)).toBe(kept);
    }),
  );
});

test('two numbers are the same only when all their digits are', () => {
  fc.assert(
    fc.property(mobile, mobile, (a, b) => {
      expect(phoneNumber(a, 'NO') === phoneNumber(b, 'NO')).toBe(a === b);
    }),
  );
});
