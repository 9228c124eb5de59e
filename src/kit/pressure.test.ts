import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makePressure } from './pressure.ts';

test('background work goes on at once when all is calm, waits while it is busy, and never for ever', async () => {
  const pressure = makePressure({ busyAt: 2, patienceMs: 5_000 });
  let end = () => {};
  const call = pressure.counting(() => new Promise<void>((done) => (end = done)));
  await pressure.calm();
  void call(1);
  await pressure.calm();
  const second = call(2);
  let calm = false;
  const waiting = pressure.calm().then(() => (calm = true));
  await wait(50);
  expect(calm).toBe(false);
  end();
  await second;
  await waiting;
  expect(calm).toBe(true);
});

test('patience ends', async () => {
  const pressure = makePressure({ busyAt: 1, patienceMs: 30 });
  void pressure.counting(() => new Promise<void>(() => {}))(1);
  await pressure.calm();
});

test('a call that fails is no longer under way', async () => {
  const pressure = makePressure({ busyAt: 1, patienceMs: 60_000 });
  await expect(pressure.counting(() => Promise.reject(new Error('no')))(1)).rejects.toThrow('no');
  await pressure.calm();
});

test('several replicas are busy with a part of the calls each, and step back for longer', async () => {
  const pressure = makePressure({ busyAt: 6, patienceMs: 100 });
  const begin = pressure.counting(() => new Promise<void>(() => {}));
  void begin(1);
  void begin(2);
  await pressure.calm();
  pressure.sharedBy(3);
  void begin(3);
  let calm = false;
  const waiting = pressure.calm().then(() => (calm = true));
  await wait(150);
  expect(calm).toBe(false);
  await waiting;
});
