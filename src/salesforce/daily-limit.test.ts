import { expect, test } from 'vitest';
import { minutes } from '../domain/duration.ts';
import { systemClock } from '../kit/clock.ts';
import { makeDailyLimit } from './daily-limit.ts';

test.each([
  ['api-usage=8999/10000', false],
  ['api-usage=9000/10000', true],
  ['api-usage=12000/10000; per-app-api-usage=1/2(appName=x)', true],
  ['api-usage=1/0', false],
  ['', false],
  [undefined, false],
])('%j with a reserve of a tenth: paused %j', (header, paused) => {
  const limit = makeDailyLimit(0.1, systemClock);
  limit.learn(header);
  expect(limit.pause() !== undefined).toBe(paused);
});

test('after a quarter of an hour one call looks again, and goes on when enough has come back', () => {
  let ahead = 0;
  const limit = makeDailyLimit(0.1, { ...systemClock, now: () => new Date(Date.now() + ahead) });
  limit.learn('api-usage=95/100');
  expect(limit.pause()).toBeGreaterThan(minutes(14));
  ahead = minutes(15) + 1;
  expect(limit.pause()).toBeUndefined();
  limit.learn('api-usage=96/100');
  expect(limit.pause()).toBeDefined();
  limit.learn('api-usage=50/100');
  expect(limit.pause()).toBeUndefined();
});
