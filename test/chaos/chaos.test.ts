import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allSteps, planRound } from './plan.ts';
import { gathered } from './report.ts';
import type { RoundResult } from './round.ts';
import { run } from './run.ts';

/** A short run; `npm run chaos` is the long one. What it may do is drawn from the seed, so it does the same each time. */
const kills = 11;
const seed = 1;
let results: RoundResult[];
let folder: string;
const over = new AbortController();
beforeAll(async () => {
  const postgresUrl = process.env['TEST_DATABASE_URL'];
  if (!postgresUrl) throw new Error('TEST_DATABASE_URL is not set: run the tests with npm test');
  folder = await mkdtemp(join(tmpdir(), 'passerelle-chaos-'));
  const tell = (line: string) => void (process.env['TEST_LOG'] && process.stderr.write(`${line}\n`));
  results = await run({ kills, seed, replicas: 1, brisk: true, over: over.signal, folder, postgresUrl, tell });
}, 420_000);
afterAll(async () => {
  over.abort();
  await rm(folder, { recursive: true, force: true });
});

test('killed at steps and at random moments: nothing is lost, doubled, out of order, leaked or left unsure', () => {
  expect(gathered(results)).toEqual({ lost: [], doubled: [], outOfOrder: [], leaked: [], unsure: [] });
  expect(results.flatMap(({ wrong }) => wrong)).toEqual([]);
});

test('it was killed as often as planned, and there was something to lose', () => {
  const [result] = results;
  expect(result!.killedAt.length + result!.killedAtMoments).toBe(kills);
  expect(result!.killedAt.length).toBeGreaterThan(kills / 2);
  expect(result!.messages).toBeGreaterThan(kills);
  expect(result!.replies).toBeGreaterThan(0);
});

test('every step is reached', () => {
  const reached = new Set(results.flatMap((result) => [...result.reached]));
  expect(allSteps.filter((step) => !reached.has(step))).toEqual([]);
});

test('the same seed plans the same kills, acts and faults; another seed others', () => {
  const options = { seed: 5, kills: 25, round: 3, brisk: false };
  expect(planRound(options)).toEqual(planRound(options));
  expect(planRound({ ...options, seed: 6 })).not.toEqual(planRound(options));
});

test('a long run kills at every step', () => {
  const rounds = [0, 1, 2].map((round) => planRound({ seed: 9, kills: 25, round, brisk: false }));
  const ends = rounds.flatMap(({ lives }) => lives.flatMap(({ end }) => (end.by === 'step' ? [end.step] : [])));
  expect(allSteps.filter((step) => !ends.includes(step))).toEqual([]);
});
