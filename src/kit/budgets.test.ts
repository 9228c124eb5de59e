import { afterEach, expect, test } from 'vitest';
import { type Budgets, memoryBudgets } from './budgets.ts';

let budgets: Budgets;
afterEach(() => budgets.close());

const hurried = { urgent: false, patienceMs: 0 };
const takenAtOnce = async (perMinute: number, tries: number): Promise<number> => {
  let taken = 0;
  for (let n = 0; n < tries; n++) if ((await budgets.take([{ key: 'calls', perMinute }], hurried)).taken) taken++;
  return taken;
};

test.each([
  [700, 30 + 35],
  [100, 4 + 8],
  [10, 5],
  [1, 1],
])('of %d a minute, %d can go at once', async (perMinute, expected) => {
  budgets = memoryBudgets();
  expect(await takenAtOnce(perMinute, perMinute + 50)).toBe(expected);
});

test.each([700, 100, 60, 25, 10, 2])(
  'of %d a minute, no 60 seconds see more, nor much less in the long run',
  (perMinute) => {
    budgets = memoryBudgets();
    const steady = Math.floor((perMinute * 0.9) / 21);
    const burst = steady > 0 ? Math.floor((perMinute - steady * 21) / 2) : Math.floor(perMinute / 2);
    expect(steady * 21 + burst * 2).toBeLessThanOrEqual(perMinute);
    if (perMinute >= 100) expect(steady * 20 + burst).toBeGreaterThan(perMinute * 0.85);
  },
);

test('whoever waits gets it when it is free, the urgent ones first', async () => {
  budgets = memoryBudgets();
  await takenAtOnce(100, 50);
  const order: string[] = [];
  const wait = (name: string, urgent: boolean) =>
    budgets.take([{ key: 'calls', perMinute: 100 }], { urgent, patienceMs: 10_000 }).then(({ taken }) => {
      if (taken) order.push(name);
    });
  await Promise.all([wait('history', false), wait('note', false), wait('reply', true)]);
  expect(order).toEqual(['reply', 'history', 'note']);
});

test('whoever has no patience for what it takes is told how long it would be', async () => {
  budgets = memoryBudgets();
  await takenAtOnce(100, 50);
  const taken = await budgets.take([{ key: 'calls', perMinute: 100 }], { urgent: true, patienceMs: 10 });
  expect(taken).toMatchObject({ taken: false });
  expect('waitMs' in taken && taken.waitMs).toBeGreaterThan(10);
});

test('a blocked budget gives nothing to anybody, and says for how long', async () => {
  budgets = memoryBudgets();
  await takenAtOnce(700, 1);
  await budgets.block('calls', 30_000);
  const taken = await budgets.take([{ key: 'calls', perMinute: 700 }], { urgent: true, patienceMs: 5 });
  expect('waitMs' in taken && taken.waitMs).toBeGreaterThan(25_000);
});

test('a stop ends all waiting', async () => {
  budgets = memoryBudgets();
  await takenAtOnce(100, 50);
  const waiting = budgets.take([{ key: 'calls', perMinute: 100 }], { urgent: false, patienceMs: 60_000 });
  budgets.close();
  expect(await waiting).toMatchObject({ taken: false });
});
