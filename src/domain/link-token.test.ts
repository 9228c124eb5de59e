import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InboundEvent } from './event.ts';
import { linkToken, tokenIn, tokenOf, withoutTokens } from './link-token.ts';

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
const token = linkToken(new Uint8Array(16).fill(7));

test('other bytes, another token; each fits a start command and is found again in a text', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      expect(linkToken(a)).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(tokenIn(`Hello! ${linkToken(a)}.`)).toBe(linkToken(a));
      expect(linkToken(a) === linkToken(b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
    }),
  );
});

const common = { to: '555', id: 'e1', at: new Date(0), from: 'u1' };
const cases: [string, Record<string, unknown>, boolean][] = [
  ['the ref of a referral', { type: 'referral', referral: { ref: token } }, true],
  ['the ref of a Get Started', { type: 'postback', parts: [], referral: { ref: token } }, true],
  ['the ref of a first message', { type: 'message', parts: [], referral: { ref: token } }, true],
  ['a text', { type: 'message', parts: [{ type: 'text', text: `Hei! ${token}` }] }, true],
  ['a public comment', { type: 'message', parts: [{ type: 'text', text: token }], public: { what: 'comment' } }, false],
  ['a plugin’s ref', { type: 'opt-in', what: 'plugin', ref: token, details: {} }, true],
  ['the code of a linked account', { type: 'account-link', linked: true, code: token }, true],
  ['what the business said', { type: 'echo', user: 'u1', parts: [{ type: 'text', text: token }] }, false],
  ['another ref', { type: 'referral', referral: { ref: 'autumn' } }, false],
  ['a longer word', { type: 'message', parts: [{ type: 'text', text: `${token}x` }] }, false],
];

test.each(cases)('%s brings the token: %j → %s', (_, event, brings) => {
  expect(tokenOf({ ...common, ...event } as unknown as InboundEvent)).toBe(brings ? token : undefined);
});

test('where people read, a token is not shown', () => {
  expect(withoutTokens(`ref ${token}, ${token}`)).toBe('ref psl_…, psl_…');
});
