import { expect, test } from '@jest/globals';
import { commitInTime } from './commit-in-time.ts';

const pause = (ms: number) => new Promise<void>((next) => setTimeout(next, ms));
const forever = () => new Promise<void>(() => undefined);

test('when nothing is committed it gives up within a second', async () => {
  const startedAt = performance.now();
  await expect(commitInTime(forever)(1)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test('while others are committed it waits its turn', async () => {
  const commit = commitInTime((ms: number) => pause(ms));
  const slow = commit(1_500);
  for (let i = 0; i < 5; i++) await commit(300);
  await slow;
});

test('a failure is handed through', async () => {
  const commit = commitInTime(async () => {
    throw new Error('no');
  });
  await expect(commit(1)).rejects.toThrow('no');
});
