import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emailIn, phoneIn } from './recognise.ts';

test.each([
  ['my mail is Ida@Example.com.', 'Ida@example.com'],
  ['ida@example.com, thank you', 'ida@example.com'],
  ['<mailto:ida@example.com>', 'ida@example.com'],
  ['ida@example.com or IDA@example.com', 'IDA@example.com'],
  ['ida@example.com or my wife’s: eva@example.com', undefined],
  ['see https://shop.example/@ida.b@example.com/x', undefined],
  ["it is 'o'neill@example.com'", "o'neill@example.com"],
  ['write to @ida', undefined],
  ['no address here', undefined],
  [`${'long '.repeat(1_000)}ida@example.com`, undefined],
])('the e-mail in %j is %s', (text, found) => {
  expect(emailIn(text)).toBe(found);
});

test.each([
  ['call me: +47 912 34 567', undefined, '+4791234567'],
  ['call me: 0047 91234567 please', undefined, '+4791234567'],
  ['912 34 567', 'NO', '+4791234567'],
  ['my order is 91234567', 'NO', undefined],
  ['91234567', 'NO', undefined],
  ['order #912 34 567', 'NO', undefined],
  ['030 901820', 'DE', '+4930901820'],
  ['030901820', 'DE', '+4930901820'],
  ['(212) 736-5000', 'US', '+12127365000'],
  ['on 2026-11-25', 'NO', undefined],
  ['25.11.2026', 'NO', undefined],
  ['912 34 567', undefined, undefined],
  ['+47 912 34 567 or +47 934 56 789', undefined, undefined],
  ['+47 912 34 567, so 912 34 567', 'NO', '+4791234567'],
  ['https://shop.example/+4791234567', undefined, undefined],
  ['it costs 1 200 300', 'NO', undefined],
])('the phone in %j, read in %s, is %s', (text, country, found) => {
  expect(phoneIn(text, country)).toBe(found);
});

test('whatever is written, reading it neither throws nor takes long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      emailIn(`${text}@`);
      phoneIn(text, 'US');
    }),
  );
  for (const nasty of [
    '@'.repeat(4_000),
    'a@'.repeat(2_000),
    '1 '.repeat(2_000),
    '+'.repeat(4_000),
    'a.'.repeat(2_000),
  ]) {
    const began = performance.now();
    emailIn(`${nasty}@`);
    phoneIn(nasty, 'DE');
    expect(performance.now() - began).toBeLessThan(500);
  }
});
