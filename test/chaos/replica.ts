import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Step } from '../../src/kit/step.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const killAt = fileURLToPath(new URL('kill-at.mjs', import.meta.url));

export interface Birth {
  folder: string;
  port: number;
  databaseUrl: string;
  killAt?: { step: Step; count: number; signal?: 'SIGSTOP' } | undefined;
  /** When the run is given up, so is this. */
  over: AbortSignal;
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One life of the service, a process of its own. */
export interface Replica {
  /** Listening; or it ended before it was. */
  ready: Promise<'ready' | 'ended'>;
  ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Steps it has reached. */
  reached: ReadonlySet<Step>;
  /** The last it wrote. */
  log(): string;
}

export function startReplica({ folder, port, databaseUrl, killAt: at, over }: Birth): Replica {
  const { NODE_OPTIONS: _options, KILL_AT_STEP: _step, ...env } = process.env;
  const child = spawn(process.execPath, ['--no-warnings', '--import', killAt, join(root, 'src/main.ts'), 'start'], {
    cwd: folder,
    env: {
      ...env,
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
      PASSERELLE_CONFIG: join(folder, 'passerelle.yaml'),
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      ...(at ? { KILL_AT_STEP: at.step, KILL_AT_COUNT: String(at.count), KILL_AT_SIGNAL: at.signal ?? 'SIGKILL' } : {}),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    signal: over,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const lines = linesOf(child);
  const started = new Promise<'ready'>((resolve) => lines.heard('"service.started"', () => resolve('ready')));
  return {
    ready: Promise.race([started, ended.then(() => 'ended' as const)]),
    ended,
    kill: (signal) => void child.kill(signal),
    reached: stepsOf(child),
    log: lines.text,
  };
}

const kept = 200_000;

function linesOf(child: ChildProcess) {
  let text = '';
  const waiting: { word: string; tell: () => void }[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk).slice(-kept);
      for (const { word, tell } of waiting) if (text.includes(word)) tell();
    });
  }
  return { text: () => text, heard: (word: string, tell: () => void) => void waiting.push({ word, tell }) };
}

/** `kill-at.mjs` names each step on the fourth stream when it is first reached. */
function stepsOf(child: ChildProcess): Set<Step> {
  const reached = new Set<Step>();
  const stream = child.stdio[3] as NodeJS.ReadableStream | null;
  stream?.on('data', (chunk: Buffer) => {
    for (const name of String(chunk).split('\n')) if (name) reached.add(name as Step);
  });
  return reached;
}
