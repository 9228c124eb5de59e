import { expect, test } from '@jest/globals';
import { makeGate } from './gate.ts';

test('no more than its number run at a time, in the order they came, and one that fails frees its place', async () => {
  const gate = makeGate(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const runs = [0, 1, 2, 3, 4, 5].map((n) =>
    gate(async () => {
      started.push(n);
      most = Math.max(most, ++running);
      await new Promise((next) => setTimeout(next, 5));
      running -= 1;
      if (n % 2) throw new Error(`${n} failed`);
      return n;
    }),
  );
  const ended = await Promise.allSettled(runs);
  expect(ended.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
  ]);
  expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});
