import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hours } from './duration.ts';
import { answerUntil, maySend } from './window.ts';

const last = new Date('2026-06-01T12:00:00Z');

test.each([
  ['a day', { window: hours(24) }, '2026-06-02T12:00:00.000Z'],
  ['as long as a person may', { window: hours(24), humanAgentWindow: hours(168) }, '2026-06-08T12:00:00.000Z'],
  ['for ever', {}, undefined],
])('%s', (_, rules, expected) => {
  expect(answerUntil(last, rules)?.toISOString()).toBe(expected);
});

test('somebody who never wrote cannot be answered, so nothing ends', () => {
  expect(answerUntil(undefined, { window: hours(24) })).toBeUndefined();
});

test('it is what sending is judged by: just before it may be sent, just after no more', () => {
  const some = fc.record({
    window: fc.integer({ min: 1, max: 1e9 }),
    humanAgentWindow: fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(some, ({ window, humanAgentWindow }) => {
      const rules = {
        window: window as never,
        ...(humanAgentWindow && { humanAgentWindow: humanAgentWindow as never }),
      };
      const end = answerUntil(last, rules)!.getTime();
      expect(maySend(last, new Date(end), rules).right).not.toBe('none');
      expect(maySend(last, new Date(end + 1), rules).right).toBe('none');
    }),
  );
});
