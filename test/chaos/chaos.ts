import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { report } from './report.ts';
import { run } from './run.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    replicas: { type: 'string', default: '1' },
    round: { type: 'string' },
    minutes: { type: 'string' },
  },
});
const [kills, seed, replicas] = [Number(values.kills), Number(values.seed), Number(values.replicas)];
const only = values.round === undefined ? undefined : Number(values.round);
const withinMs = values.minutes === undefined ? undefined : Number(values.minutes) * 60_000;
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
