import { expect, test } from 'vitest';
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

test('runs go together as far as their weights fit; a heavy one goes alone, and is not overtaken for ever', async () => {
  const gate = makeGate(10);
  let carried = 0;
  const seen: number[][] = [];
  const runs = [4, 5, 50, 1, 9].map((weight) =>
    gate(async () => {
      carried += weight;
      seen.push([weight, carried]);
      await new Promise((next) => setTimeout(next, 5));
      carried -= weight;
    }, weight),
  );
  await Promise.all(runs);
  expect(seen).toEqual([
    [4, 4],
    [5, 9],
    [50, 50],
    [1, 1],
    [9, 10],
  ]);
});
