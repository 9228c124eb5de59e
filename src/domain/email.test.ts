import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparedEmail, emailAddress } from './email.ts';

test.each([
  ['Ida@Example.COM', 'Ida@example.com'],
  [' ida@example.com ', 'ida@example.com'],
  ['ida@bücher.example', 'ida@xn--bcher-kva.example'],
  ['ida@BÜCHER.example', 'ida@xn--bcher-kva.example'],
  ["o'neill@example.com", "o'neill@example.com"],
  ['ida+shop@example.com', 'ida+shop@example.com'],
  ['ida.b@example.com', 'ida.b@example.com'],
  ['.ida@example.com', undefined],
  ['ida.@example.com', undefined],
  ['ida..b@example.com', undefined],
  ['ida@example', undefined],
  ['ida@127.0.0.1', undefined],
  ['ida@-bad.example', undefined],
  ['ida example.com', undefined],
  ['a@b@example.com', undefined],
  [`${'i'.repeat(65)}@example.com`, undefined],
])('%s is kept as %s', (given, kept) => {
  expect(emailAddress(given)).toBe(kept);
});

test.each([
  ['Ida@Example.com', 'iDA@eXAMPLE.COM', true],
  ['ida@bücher.example', 'ida@xn--bcher-kva.example', true],
  ['ida.b@gmail.com', 'idab@gmail.com', false],
  ['ida+shop@gmail.com', 'ida@gmail.com', false],
  ['ida@example.com', 'ida@example.org', false],
])('%s and %s: the same? %s', (a, b, same) => {
  expect(comparedEmail(a) === comparedEmail(b)).toBe(same);
});

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const word = (most: number) => fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: most });
const local = fc.array(word(8), { minLength: 1, maxLength: 3 }).map((words) => words.join('.'));
const domain = fc.tuple(word(10), fc.constantFrom('com', 'no', 'example', 'co.uk')).map((names) => names.join('.'));
const address = fc.tuple(local, domain).map((parts) => parts.join('@'));
/** Some of its letters as capitals. */
const loud = (text: string, where: readonly boolean[]) =>
  [...text].map((letter, n) => (where[n % where.length] ? letter.toUpperCase() : letter)).join('');

describe('for any address', () => {
  test('however it is written in capitals, it is the same', () => {
    fc.assert(
      fc.property(address, fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), (given, where) => {
        expect(comparedEmail(loud(given, where))).toBe(comparedEmail(given));
      }),
    );
  });

  test('what is kept and what is compared are stable, and two with other letters are never the same', () => {
    fc.assert(
      fc.property(address, address, (a, b) => {
        expect(emailAddress(emailAddress(a)!)).toBe(emailAddress(a));
        expect(comparedEmail(comparedEmail(a)!)).toBe(comparedEmail(a));
        expect(comparedEmail(a) === comparedEmail(b)).toBe(a.toLowerCase() === b.toLowerCase());
      }),
    );
  });

  test('a dot more or a plus makes it somebody else', () => {
    fc.assert(
      fc.property(word(8), word(8), domain, (a, b, at) => {
        expect(comparedEmail(`${a}.${b}@${at}`)).not.toBe(comparedEmail(`${a}${b}@${at}`));
        expect(comparedEmail(`${a}+${b}@${at}`)).not.toBe(comparedEmail(`${a}@${at}`));
      }),
    );
  });

  test('whatever is written, nothing throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const kept = emailAddress(text);
        expect(kept === undefined || emailAddress(kept) === kept).toBe(true);
      }),
    );
  });
});
