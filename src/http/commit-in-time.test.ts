import { expect, test, vi } from 'vitest';
import { commitInTime } from './commit-in-time.ts';

const pause = (ms: number) => new Promise<void>((next) => setTimeout(next, ms));
const forever = () => new Promise<void>(() => undefined);

test('when nothing is committed it gives up within a second', async () => {
  vi.useFakeTimers();
  try {
    const given = commitInTime(forever, { answers: 0 })(1);
    const ended = expect(given).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await vi.advanceTimersByTimeAsync(1_000);
    await ended;
  } finally {
    vi.useRealTimers();
  }
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
