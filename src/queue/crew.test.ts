import { expect, test } from 'vitest';
import { makeCrew } from './crew.ts';

function watched(...workers: string[]) {
  const looked: string[] = [];
  const crew = makeCrew((worker) => void looked.push(worker));
  for (const worker of workers) crew.add(worker);
  return { looked, crew };
}

test('one is woken, the one that has rested longest', () => {
  const { looked, crew } = watched('a', 'b', 'c');
  crew.wakeOne();
  expect(looked).toEqual(['a']);
});

test('one that found a job lets the next look before it begins, and looks again when done', async () => {
  const { looked, crew } = watched('a', 'b', 'c');
  const done = Promise.withResolvers<string>();
  const job = crew.busy('a', () => done.promise);
  expect(looked).toEqual(['b']);
  crew.wakeOne();
  expect(looked).toEqual(['b', 'b']);
  done.resolve('result');
  expect(await job).toBe('result');
  expect(looked).toEqual(['b', 'b', 'a']);
  const again = crew.busy('b', async () => {});
  expect(looked).toEqual(['b', 'b', 'a', 'c']);
  await again;
});

test('while all are busy nobody is woken, and each looks again when done, whatever came of its job', async () => {
  const { looked, crew } = watched('a');
  const done = Promise.withResolvers<void>();
  const job = crew.busy('a', () => done.promise);
  crew.wakeOne();
  expect(looked).toEqual([]);
  done.reject(new Error('no'));
  await expect(job).rejects.toThrow('no');
  expect(looked).toEqual(['a']);
});
