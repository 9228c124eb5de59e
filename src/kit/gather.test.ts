import { expect, test } from 'vitest';
import { gather } from './gather.ts';

const options = { max: 3, besideFrom: 10, staleAfterMs: 200, lingerMs: 0 };
const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));

test('a lone item runs at once; those that come meanwhile go together, at most so many', async () => {
  const runs: number[][] = [];
  const call = gather<number, number>(async (items) => {
    runs.push(items);
    await pause(5);
    return items.map((item) => item * 2);
  }, options);
  const first = call(1);
  await pause(2);
  expect(await Promise.all([first, call(2), call(3), call(4), call(5)])).toEqual([2, 4, 6, 8, 10]);
  expect(runs).toEqual([[1], [2, 3, 4], [5]]);
});

test('a second run begins beside the first for many items, or when the first takes long', async () => {
  const runs: number[][] = [];
  const hangs = Promise.withResolvers<void>();
  const call = gather<number, number>(
    async (items) => {
      runs.push(items);
      if (items.includes(1)) await hangs.promise;
      return items;
    },
    { ...options, besideFrom: 3 },
  );
  const first = call(1);
  await pause(2);
  const few = [call(2), call(3)];
  await pause(20);
  expect(runs).toEqual([[1]]);
  await Promise.all([...few, call(4)]);
  expect(runs).toEqual([[1], [2, 3, 4]]);
  await pause(300);
  await call(5);
  hangs.resolve();
  await first;
  expect(runs).toEqual([[1], [2, 3, 4], [5]]);
});

test('when a run fails, its items fail, and the next run goes on', async () => {
  const call = gather<number, number>(async (items) => {
    if (items.includes(1)) throw new Error('no');
    return items;
  }, options);
  await expect(call(1)).rejects.toThrow('no');
  expect(await call(2)).toBe(2);
});

test('what waited too long fails without a run, and what came later runs', async () => {
  const runs: number[][] = [];
  const call = gather<number, number>(async (items) => {
    runs.push(items);
    await pause(items.includes(1) ? 400 : 0);
    return items;
  }, options);
  const first = call(1);
  await pause(2);
  const stale = call(2).catch((error: NodeJS.ErrnoException) => error.code);
  await pause(300);
  const fresh = call(3);
  expect(await Promise.all([first, stale, fresh])).toEqual([1, 'ETIMEDOUT', 3]);
  expect(runs).toEqual([[1], [3]]);
});

/** Each run takes as long as its first item says, in milliseconds. */
function watched(besideFrom: number) {
  const runs: number[][] = [];
  const call = gather<number, number>(
    async (items) => {
      runs.push(items);
      await pause(items[0]!);
      return items;
    },
    { max: 10, besideFrom, staleAfterMs: 60_000, lingerMs: 60_000 },
  );
  return { runs, call: (...items: number[]) => Promise.all(items.map(call)) };
}

test('after a run of several the next waits for those who were just answered', async () => {
  const { runs, call } = watched(10);
  const several = call(300, 1, 1, 1);
  await pause(2);
  const early = call(2);
  await several;
  await pause(20);
  await Promise.all([early, call(3)]);
  expect(runs).toEqual([
    [300, 1, 1, 1],
    [2, 3],
  ]);
});

test.each([
  ['after a run of a few', 10, [300, 1], [2]],
  ['when enough wait', 4, [300, 1, 1, 1], [2, 1, 1, 1]],
])('%s nobody lingers', async (_, besideFrom, first, then) => {
  const { call } = watched(besideFrom);
  await call(...first);
  const startedAt = performance.now();
  await call(...then);
  expect(performance.now() - startedAt).toBeLessThan(200);
});
