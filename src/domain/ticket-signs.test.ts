import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesAt, confidenceOf, sameSigns, signsOf } from './ticket-signs.ts';

const now = new Date('2026-11-26T12:00:00Z');
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);

describe('the window', () => {
  test.each([
    ['open', hours(3), hours(1)],
    ['closing', hours(2), hours(2)],
    ['closing', hours(0), hours(0)],
    ['closed', hours(-1), undefined],
  ] as const)('is %s when it ends at %j', (window, until, looks) => {
    const signs = signsOf(now, { until, lastCustomerAt: hours(-20) }, undefined, undefined);
    expect(signs).toEqual({ window, answerUntil: until.toISOString(), reply: 'none', customer: 'unknown' });
    const at = changesAt(signs, now);
    expect(at && Math.floor(at.getTime() / 1_000)).toBe(looks && looks.getTime() / 1_000);
  });

  test.each([
    ['free', hours(-1)],
    ['none', undefined],
  ] as const)('without an end it is %s', (window, lastCustomerAt) => {
    expect(signsOf(now, { until: undefined, lastCustomerAt }, undefined, undefined).window).toBe(window);
  });
});

test('whenever it is looked at, the sign holds until the time it says it changes, and not after', () => {
  fc.assert(
    fc.property(fc.integer({ min: -5 * 3_600_000, max: 30 * 3_600_000 }), (left) => {
      const window = { until: new Date(now.getTime() + left), lastCustomerAt: hours(-1) };
      const signs = signsOf(now, window, undefined, undefined);
      const at = changesAt(signs, now);
      if (!at) return signs.window === 'closed';
      const before = signsOf(new Date(at.getTime() - 1), window, undefined, undefined);
      const after = signsOf(at, window, undefined, undefined);
      return sameSigns(before, signs) && !sameSigns(after, signs);
    }),
  );
});

test.each([
  [undefined, 'none'],
  ['waiting', 'under-way'],
  ['sending', 'under-way'],
  ['read', 'read'],
  ['failed', 'failed'],
] as const)('a reply that is %s shows as %s', (state, shown) => {
  const signs = signsOf(now, { until: undefined, lastCustomerAt: now }, state && { state }, undefined);
  expect(signs.reply).toBe(shown);
  expect(changesAt(signs, now) !== undefined).toBe(shown === 'under-way');
});

test.each([
  [undefined, 'unknown'],
  ['stated', 'stated'],
  ['shop-api', 'told'],
  ['signed-link', 'proved'],
] as const)('evidence %s is shown as %s', (evidence, shown) => expect(confidenceOf(evidence)).toBe(shown));
