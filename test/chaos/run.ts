import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import pg from 'pg';
import { killsPerRound, planRound } from './plan.ts';
import { badOf } from './report.ts';
import { playRound, type RoundResult, roundFolder } from './round.ts';

export interface RunOptions {
  kills: number;
  seed: number;
  replicas: number;
  brisk: boolean;
  /** Only this round of the run. */
  only?: number | undefined;
  /** No round begins later than this, in milliseconds after the first. */
  withinMs?: number | undefined;
  /** Aborted when the run is given up: nothing it started lives on. */
  over: AbortSignal;
  /** Where the rounds keep their files. */
  folder: string;
  /** A server that lets databases be created; the name in it is replaced. */
  postgresUrl: string;
  /** A line of progress. */
  tell: (line: string) => void;
}

/** Plays all rounds. While one drains, which is mostly waiting, the next is under way. */
export async function run(options: RunOptions): Promise<RoundResult[]> {
  const rounds = Array.from({ length: Math.ceil(options.kills / killsPerRound) }, (_, round) => round);
  const results: Promise<RoundResult>[] = [];
  const begunAt = performance.now();
  try {
    for (const round of rounds.filter((each) => options.only === undefined || each === options.only)) {
      await Promise.all(results.slice(0, -1));
      if (performance.now() - begunAt > (options.withinMs ?? Number.POSITIVE_INFINITY)) break;
      const draining = Promise.withResolvers<void>();
      const result = playedRound(options, round, draining.resolve);
      results.push(result);
      await Promise.race([draining.promise, result]);
    }
    return await Promise.all(results);
  } finally {
    await Promise.allSettled(results);
  }
}

async function playedRound(options: RunOptions, round: number, onDrain: () => void) {
  const { seed, brisk, replicas, over, tell } = options;
  const kills = Math.min(killsPerRound, options.kills - round * killsPerRound);
  const plan = planRound({ seed, kills, round, brisk });
  const database = await emptyDatabase(options.postgresUrl);
  const startedAt = performance.now();
  const folder = roundFolder(options.folder, round);
  try {
    const losesCallbacks = !brisk;
    const result = await playRound({
      plan,
      databaseUrl: database.url,
      folder,
      replicas,
      over,
      losesCallbacks,
      onDrain,
    });
    tell(lineOf(round, result, (performance.now() - startedAt) / 1_000));
    // At once: a run that is broken off has no report.
    for (const what of badOf([result])) tell(`  ! ${what}`);
    return result;
  } finally {
    onDrain();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}

function lineOf(round: number, result: RoundResult, seconds: number): string {
  const { killedAt, killedAtMoments, findings, wrong, missed } = result;
  const sizes = Object.entries(findings).map(([what, found]) => `${what} ${(found as string[]).length}`);
  return [
    `round ${round}: ${killedAt.length + killedAtMoments} kills, ${result.messages} messages, ${result.replies} replies`,
    sizes.join(', '),
    `${Math.round(seconds)} s (drain ${Math.round(result.drainSeconds)} s)`,
    ...(missed.length > 0 ? [`missed ${missed.join(' ')}`] : []),
    ...(wrong.length > 0 ? [`WRONG ${wrong.length}`] : []),
  ].join('; ');
}

async function emptyDatabase(postgresUrl: string) {
  const name = `chaos_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const named = (database: string) => {
    const url = new URL(postgresUrl);
    url.pathname = `/${database}`;
    return url.href;
  };
  const asAdmin = async (statement: string) => {
    const client = new pg.Client(named('postgres'));
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await asAdmin(`create database ${name}`);
  return { url: named(name), drop: () => asAdmin(`drop database if exists ${name} with (force)`) };
}
