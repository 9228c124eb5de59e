import { expect, test } from 'vitest';
import { commitInTime } from './commit-in-time.ts';

const pause = (ms: number) => new Promise<void>((next) => setTimeout(next, ms));
const forever = () => new Promise<void>(() => undefined);

test('when nothing is committed it gives up within a second', async () => {
  const startedAt = performance.now();
  await expect(commitInTime(forever, { answers: 0 })(1)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test('while the database answers, it waits its turn', async () => {
  const progress = { answers: 0 };
  const answering = setInterval(() => progress.answers++, 200);
  await commitInTime((ms: number) => pause(ms), progress)(1_500);
  clearInterval(answering);
});

test('a failure is handed through', async () => {
  const commit = commitInTime(
    async () => {
      throw new Error('no');
    },
    { answers: 0 },
  );
  await expect(commit(1)).rejects.toThrow('no');
});
