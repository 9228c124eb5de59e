import { expect, test } from 'vitest';
import { makeCrew } from './crew.ts';
import { keepLookout } from './lookout.ts';

test('where the database lets nobody listen, and fails now and then, what is due is found all the same', async () => {
  const looked: string[] = [];
  const crew = makeCrew((worker) => void looked.push(worker));
  crew.add('a');
  const errors: unknown[] = [];
  let looks = 0;
  const db = {
    executeSql: async (statement: string) => {
      if (statement.includes('as channel')) return { rows: [{ channel: 'jobs' }] };
      if (++looks === 1) throw new Error('away');
      return { rows: [{ name: 'sends' }] };
    },
    listen: async () => {
      throw new Error('deaf');
    },
  };
  const end = await keepLookout(db, new Map([['sends', crew]]), (error) => errors.push(error));
  await expect.poll(() => looked.length, { timeout: 10_000 }).toBeGreaterThan(1);
  await end();
  expect(errors.map(String)).toEqual(['Error: deaf', 'Error: away']);
  const before = looked.length;
  await new Promise((next) => setTimeout(next, 600));
  expect(looked.length).toBe(before);
});
