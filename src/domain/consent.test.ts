import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agreedTo, type ConsentAct, type CountedAct, isPurpose, statesOf } from './consent.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, n));
const acts = (...given: [number, string, string, ConsentAct][]): CountedAct[] =>
  given.map(([at, channel, purpose, act], id) => ({ id, channel, purpose, act, at: day(at) }));

describe('whether something may be sent through Messenger', () => {
  test.each<[string, CountedAct[], string]>([
    ['nobody asked', [], 'never-asked'],
    ['they agreed here', acts([1, 'messenger', 'marketing', 'granted']), 'yes'],
    ['they agreed everywhere', acts([1, '*', 'marketing', 'granted']), 'yes'],
    ['they agreed to something else', acts([1, '*', 'order-updates', 'granted']), 'never-asked'],
    ['they agreed at another channel', acts([1, 'sms', 'marketing', 'granted']), 'never-asked'],
    ['they were only asked', acts([1, 'messenger', 'marketing', 'asked']), 'pending'],
    ['asked again, their yes stands', acts([1, '*', 'marketing', 'granted'], [2, '*', 'marketing', 'asked']), 'yes'],
    ['asked anew after a no', acts([1, '*', 'marketing', 'revoked'], [2, '*', 'marketing', 'asked']), 'pending'],
    ['a no after a yes', acts([1, '*', 'marketing', 'granted'], [2, '*', 'marketing', 'revoked']), 'revoked'],
    ['a yes after a no', acts([1, '*', 'marketing', 'revoked'], [2, '*', 'marketing', 'granted']), 'yes'],
    ['both at once', acts([1, '*', 'marketing', 'revoked'], [1, '*', 'marketing', 'granted']), 'revoked'],
    ['a late word of an old no', acts([3, '*', 'marketing', 'granted'], [2, '*', 'marketing', 'revoked']), 'yes'],
    [
      'a no everywhere after a yes here',
      acts([1, 'messenger', 'marketing', 'granted'], [2, '*', 'marketing', 'revoked']),
      'revoked',
    ],
    [
      'a yes here after a no everywhere',
      acts([1, '*', 'marketing', 'revoked'], [2, 'messenger', 'marketing', 'granted']),
      'yes',
    ],
    [
      'a no here, an older yes everywhere',
      acts([1, '*', 'marketing', 'granted'], [2, 'messenger', 'marketing', 'revoked']),
      'revoked',
    ],
    ['a stop', acts([1, '*', 'marketing', 'granted'], [2, 'messenger', '*', 'revoked']), 'stopped'],
    ['a stop at another channel', acts([1, '*', 'marketing', 'granted'], [2, 'sms', '*', 'revoked']), 'yes'],
    [
      'a yes elsewhere does not lift a stop',
      acts([1, 'messenger', '*', 'revoked'], [2, '*', 'marketing', 'granted']),
      'stopped',
    ],
    [
      'START brings back what was agreed to',
      acts([1, '*', 'marketing', 'granted'], [2, 'messenger', '*', 'revoked'], [3, 'messenger', '*', 'granted']),
      'yes',
    ],
    [
      'START gives nothing that was not agreed to',
      acts([2, 'messenger', '*', 'revoked'], [3, 'messenger', '*', 'granted']),
      'never-asked',
    ],
  ])('%s', (_, given, expected) => {
    const judged = agreedTo(statesOf(given), 'messenger', 'marketing');
    expect(judged.agreed ? 'yes' : judged.why).toBe(expected);
  });
});

test('in whatever order acts are told, they come to the same', () => {
  const act = fc.record({
    channel: fc.constantFrom('*', 'messenger', 'sms'),
    purpose: fc.constantFrom('*', 'marketing'),
    act: fc.constantFrom<ConsentAct>('asked', 'granted', 'revoked'),
    at: fc.integer({ min: 1, max: 5 }).map(day),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (given, random) => {
      const all = given.map((each, id) => ({ ...each, id }));
      const shuffled = all.map((each) => ({ each, by: random.next().value })).sort((a, b) => a.by - b.by);
      const sorted = (states: ReturnType<typeof statesOf>) => states.map((each) => JSON.stringify(each)).sort();
      expect(sorted(statesOf(shuffled.map(({ each }) => each)))).toEqual(sorted(statesOf(all)));
    }),
  );
});

test.each([
  ['order-updates', true],
  ['marketing', true],
  ['*', true],
  ['list:spring-news', true],
  ['list:', false],
  ['list:Spring', false],
  ['offers', false],
])('%s as a purpose: %s', (text, expected) => {
  expect(isPurpose(text)).toBe(expected);
});
