import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** The service, running as a process of its own as it would at a company. */
export interface Service {
  url: string;
  pid: number;
  /** Undefined while it runs. */
  exitCode(): number | undefined;
  stop(): Promise<void>;
}

interface Start {
  root: string;
  configPath: string;
  port: number;
  logPath: string;
  /** Milliseconds until it must be ready. */
  patience?: number;
  /** Called once a second while it is not. */
  waiting?: (elapsedMs: number) => void;
}

/** Starts `main.ts start` and waits for `/health/ready`. Throws with the end of its log if that does not come. */
export async function startService(start: Start): Promise<Service> {
  const child = run(start);
  const service = {
    url: `http://127.0.0.1:${start.port}`,
    pid: child.pid ?? 0,
    exitCode: () => child.exitCode ?? (child.signalCode ? 1 : undefined),
    stop: () => stop(child),
  };
  // A demo that dies without saying so must not leave the service behind.
  const killAtExit = () => signal(child, 'SIGKILL');
  process.once('exit', killAtExit);
  child.once('exit', () => process.off('exit', killAtExit));
  if (await untilReady(service, start)) return service;
  await service.stop();
  throw new Error(`The service did not become ready. The end of ${start.logPath}:\n${await tail(start.logPath)}`);
}

function run({ root, configPath, port, logPath }: Start): ChildProcess {
  const log = openSync(logPath, 'a');
  const child = spawn(process.execPath, [...process.execArgv, join(root, 'src/main.ts'), 'start'], {
    cwd: root,
    env: { ...process.env, PASSERELLE_CONFIG: configPath, PORT: String(port) },
    stdio: ['ignore', log, log],
    // Ctrl-C in the terminal is for the demo alone: it stops the service in its own order.
    detached: true,
  });
  closeSync(log);
  return child;
}

async function untilReady(service: Service, { patience = 90_000, waiting }: Start): Promise<boolean> {
  const began = Date.now();
  for (let tries = 1; Date.now() - began < patience; tries++) {
    if (service.exitCode() !== undefined) return false;
    if (await answersReady(service.url)) return true;
    if (tries % 5 === 0) waiting?.(Date.now() - began);
    await wait(200);
  }
  return false;
}

async function answersReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const late = setTimeout(() => signal(child, 'SIGKILL'), 15_000);
  await exited;
  clearTimeout(late);
}

/** To the child and what it started. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid) process.kill(-child.pid, name);
  } catch {
    // It is gone already.
  }
}

async function tail(path: string): Promise<string> {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return lines.slice(-30).join('\n');
}
