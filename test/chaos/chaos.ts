import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { report } from './report.ts';
import { run } from './run.ts';

const whole = (least: number) => (text: string) => {
  if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
  throw new InvalidArgumentError(`a whole number of ${least} or more is expected.`);
};
const {
  kills,
  seed,
  replicas,
  round: only,
  minutes,
} = new Command('npm run chaos --')
  .description('Kills the service again and again, and counts what is lost, doubled or out of order: nothing may be.')
  .option('--kills <n>', 'how many, in rounds of 25', whole(1), 100)
  .option('--seed <n>', 'decides what happens when', whole(0), 1)
  .option('--replicas <n>', 'processes on one Postgres', whole(1), 1)
  .option('--minutes <n>', 'begins no round after so long', whole(1))
  .option('--round <n>', 'one round of that run again', whole(0))
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ kills: number; seed: number; replicas: number; round?: number; minutes?: number }>();
const withinMs = minutes === undefined ? undefined : minutes * 60_000;
const again = `npm run chaos -- --kills ${kills} --seed ${seed} --replicas ${replicas}`;
const tell = (line: string) => process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'passerelle-chaos-postgres-'));
// As root, Postgres runs as another user, who has to get in.
await chmod(folder, 0o755);
// Processes are killed here, machines are not: nothing is gained by waiting for the disk.
const postgres = await startEmbeddedPostgres(folder, ['max_connections=400', 'fsync=off']);
const giveUp = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, givenUp);
const startedAt = performance.now();
tell(again);
try {
  const results = await run({
    kills,
    seed,
    replicas,
    brisk: false,
    only,
    withinMs,
    over: giveUp.signal,
    folder: join(folder, 'rounds'),
    postgresUrl: postgres.url,
    tell,
  });
  const closing = report(results, (performance.now() - startedAt) / 1_000, again);
  tell(closing.text);
  process.exitCode = closing.ok ? 0 : 1;
} finally {
  await cleared();
}
process.exit();

async function cleared(): Promise<void> {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function givenUp(): Promise<void> {
  giveUp.abort();
  await cleared();
  process.exit(1);
}
