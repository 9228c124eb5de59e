import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSealingKey, makeSeal, newSealingKey } from './seal.ts';
import { Secret } from './secret.ts';

const [older, newer] = [new Secret(newSealingKey()), new Secret(newSealingKey())];
const seal = makeSeal([newer, older]);

test('whatever is sealed opens again, and shows nothing of itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const sealed = seal.seal(text);
      expect(seal.open(sealed)).toEqual({ result: 'opened', text });
      expect(sealed).toMatch(/^sealed:1:[0-9a-f]{12}:[\w-]+$/);
      if (text.length > 3) expect(sealed).not.toContain(text);
      expect(seal.seal(text)).not.toBe(sealed);
    }),
  );
});

test('with any one letter changed, cut or added it does not open', () => {
  const sealed = seal.seal('EAAG-token');
  const start = sealed.lastIndexOf(':') + 1;
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    // The last letter of base64 has bits that mean nothing.
    const same =
      at >= start &&
      Buffer.from(changed.slice(start), 'base64url').equals(Buffer.from(sealed.slice(start), 'base64url'));
    if (!same) expect(seal.open(changed).result).not.toBe('opened');
  }
  expect(seal.open(sealed.slice(0, -4))).toEqual({ result: 'damaged' });
  expect(seal.open(`${sealed}AAAA`)).toEqual({ result: 'damaged' });
});

test.each([
  '',
  'EAAG-token',
  'sealed:1:',
  'sealed:2:000000000000:AAAA',
  'sealed:1:000000000000:',
  `sealed:1:${'0'.repeat(12)}:é`,
])('what was never sealed, %j, is damaged', (text) => expect(seal.open(text)).toEqual({ result: 'damaged' }));

test('another key cannot open, and says which key it would take', () => {
  const stranger = makeSeal([new Secret(newSealingKey())]);
  expect(stranger.open(seal.seal('x'))).toEqual({ result: 'unknown-key', key: seal.keys[0] });
});

test('a text sealed under one key does not open under another that claims its id', () => {
  const sealed = makeSeal([older]).seal('x');
  expect(seal.open(sealed.replace(seal.keys[1]!, seal.keys[0]!))).toEqual({ result: 'damaged' });
});

test('rotation: the new key seals, the old one still opens what it sealed, until all is sealed anew', () => {
  const before = makeSeal([older]).seal('kept');
  expect(seal.open(before)).toEqual({ result: 'opened', text: 'kept' });
  expect(seal.isStale(before)).toBe(true);
  const after = seal.seal('kept');
  expect(seal.isStale(after)).toBe(false);
  const withoutOld = makeSeal([newer]);
  expect(withoutOld.open(after)).toEqual({ result: 'opened', text: 'kept' });
  expect(withoutOld.open(before)).toEqual({ result: 'unknown-key', key: seal.keys[1] });
});

test.each([
  [newSealingKey(), true],
  ['0123456789abcdef'.repeat(4), true],
  ['a password', false],
  ['', false],
  ['A'.repeat(22), false],
  ['A'.repeat(45), false],
])('%j as a key: %j', (text, fit) => expect(isSealingKey(text)).toBe(fit));

test('what is no key is refused without being told', () => {
  expect(() => makeSeal([new Secret('CANARY')])).toThrow(/32 bytes/);
  expect(() => makeSeal([new Secret('CANARY')])).not.toThrow(/CANARY/);
  expect(() => makeSeal([])).toThrow(/needs a key/);
});
