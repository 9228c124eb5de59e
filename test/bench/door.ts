import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Load, LoadResult } from './load.ts';
import { account, type Downstream, freePort, startServiceProcess } from './service-process.ts';

const loadFile = join(import.meta.dirname, 'load.ts');

/** Puts the load on from a process of its own, on the same cores. */
export async function load(options: Omit<Load, 'secret' | 'pageId'>): Promise<LoadResult> {
  const given = JSON.stringify({ ...options, secret: account.appSecret, pageId: account.pageId });
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', loadFile, given], {
    maxBuffer: 1e7,
  });
  return JSON.parse(stdout) as LoadResult;
}

const usual = { connections: 64, customers: 2_000 };

/** The door of the service: signed webhooks committed to Postgres while the catch-up jobs run beside it. */
export async function measureDoor(seconds: number, downstream: Downstream): Promise<LoadResult> {
  const service = await startServiceProcess(downstream);
  try {
    await load({ ...usual, url: service.hook, seconds: 2 });
    return await load({ ...usual, url: service.hook, seconds });
  } finally {
    await service.stop();
  }
}

/** The same load on a bare server; with `durable` it also appends to an fsynced file. */
export async function measureBare(seconds: number, durable: boolean): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'));
  const port = await freePort();
  const file = durable ? [join(folder, 'journal')] : [];
  const bare = join(import.meta.dirname, 'bare-server.ts');
  const server = spawn(process.execPath, ['--no-warnings', bare, String(port), account.appSecret, ...file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((ready) => server.stdout.once('data', ready));
  try {
    const url = `http://127.0.0.1:${port}/`;
    await load({ ...usual, url, seconds: 1 });
    return await load({ ...usual, url, seconds });
  } finally {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}
