import { expect, test } from 'vitest';
import { makeDatabaseWatch } from './database-watch.ts';
import type { Log } from './log.ts';

function watched(probe: () => Promise<unknown>, quietMs = 20) {
  const lines: string[] = [];
  const at = (event: string, fields?: object) => void lines.push(`${event} ${JSON.stringify(fields)}`);
  const log: Log = { debug: at, info: at, warn: at, error: at };
  return { lines, watch: makeDatabaseWatch({ log, probe, lookEveryMs: 5, quietMs }) };
}
const away = Object.assign(new Error('the database is shutting down'), { code: '57P01' });
const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));

test('an outage is told once when it begins and once when a probe works again', async () => {
  let works = false;
  const { lines, watch } = watched(async () => {
    if (!works) throw away;
  });
  for (let i = 0; i < 50; i++) expect(watch.saw(away)).toBe(true);
  expect(watch.isAway()).toBe(true);
  await pause(60);
  expect(lines).toEqual(['database.away {"why":"57P01: the database is shutting down"}']);
  works = true;
  for (let waited = 0; watch.isAway() && waited < 2_000; waited += 5) await pause(5);
  expect(watch.isAway()).toBe(false);
  expect(lines[1]).toMatch(/^database\.back \{"ms":\d+,"failures":50\}$/);
  expect(lines).toHaveLength(2);
  watch.stop();
});

test('while something still fails it is not over, though the probe works', async () => {
  const { lines, watch } = watched(async () => undefined, 500);
  for (let i = 0; i < 10; i++) {
    watch.saw(away);
    await pause(8);
  }
  expect([lines.length, watch.isAway()]).toEqual([1, true]);
  watch.stop();
});

test('what is no trouble of the database is left to whoever met it', () => {
  const { lines, watch } = watched(async () => undefined);
  expect(watch.saw(new TypeError('x is undefined'))).toBe(false);
  expect([lines, watch.isAway()]).toEqual([[], false]);
});
