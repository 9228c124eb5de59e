import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Log, silentLog } from '../kit/log.ts';
import { everyMs } from './every-ms.ts';
import type { Closer } from './outside.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function begun(run: () => Promise<unknown>) {
  const logged: string[] = [];
  const log: Log = { ...silentLog, error: (event) => void logged.push(event) };
  const closers: Closer[] = [];
  everyMs({ log, watch: { saw: () => false } }, closers, 1_000, 'sweep', run);
  return { logged, stop: () => closers.forEach((close) => void close()) };
}

test('a run that takes long has the next ones left out, and then it goes on', async () => {
  let runs = 0;
  const { stop } = begun(() => new Promise((end) => setTimeout(end, ++runs === 1 ? 3_500 : 0)));
  await vi.advanceTimersByTimeAsync(3_900);
  expect(runs).toBe(1);
  await vi.advanceTimersByTimeAsync(2_600);
  expect(runs).toBe(3);
  stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(runs).toBe(3);
});

test('what fails is told, and it goes on; what the stop cuts is not told', async () => {
  const failing = begun(() => Promise.reject(new Error('no')));
  await vi.advanceTimersByTimeAsync(2_500);
  expect(failing.logged).toEqual(['sweep.failed', 'sweep.failed']);
  const cut = begun(() => new Promise((_, fail) => setTimeout(fail, 500, new Error('the queue is closed'))));
  await vi.advanceTimersByTimeAsync(1_200);
  cut.stop();
  failing.stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(cut.logged).toEqual([]);
});
