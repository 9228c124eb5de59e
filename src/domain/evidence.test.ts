import { expect, test } from 'vitest';
import { isEnough, stronger } from './evidence.ts';

test.each([
  ['stated', 'stated', true],
  ['stated', 'verified-code', false],
  ['signed-link', 'verified-code', true],
  ['platform-phone', 'admin', false],
] as const)('%s where %s is needed: %s', (evidence, needed, enough) => {
  expect(isEnough(evidence, needed)).toBe(enough);
});

test('of two, the stronger', () => {
  expect(stronger('stated', 'admin')).toBe('admin');
  expect(stronger('signed-link', 'platform')).toBe('signed-link');
});
