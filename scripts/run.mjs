// Runs a TypeScript file of this project with the right Node, whatever Node the machine has, after installing what is
// missing. Plain JavaScript for old Nodes: in a fresh clone nothing else is there yet.
//   node scripts/run.mjs src/main.ts start
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole } from './build-console.mjs';
import { buildZendeskApp } from './build-zendesk-app.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.passerelle-lock');

/** The project's own Node: an npm package puts it there. */
export const nodePath = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/** The project's own Node; in an image without development packages, the one that runs this. */
export const ownNode = () => (existsSync(nodePath) ? nodePath : process.execPath);

/** What serves the console's pages. */
const servesConsole = (file, [command]) =>
  file === 'scripts/pictures.ts' || file === 'src/sandbox/demo.ts' || (file === 'src/main.ts' && command === 'start');

/** What shows the app beside the ticket, or packs it. */
const needsZendeskApp = (file) =>
  ['scripts/pictures.ts', 'scripts/package-zendesk-app.ts', 'src/sandbox/demo.ts'].includes(file);

const lockDigest = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

/** `npm ci`, if the dependencies are not those of the lockfile. */
export function installDependencies() {
  const installed = existsSync(nodePath) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lockDigest();
  if (installed) return;
  console.error('Installing dependencies (about a minute, once)…');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('The dependencies could not be installed; npm said why above.');
    process.exit(1);
  }
  writeFileSync(stamp, lockDigest());
}

/**
 * What keeps the service small: a young generation of a few megabytes, an old one that grows in small steps, two malloc
 * arenas instead of eight a core, and compiled code kept between starts.
 */
export const frugalFlags = ['--max-semi-space-size=8', '--heap-growing-percent=30'];
export const frugalEnvironment = {
  MALLOC_ARENA_MAX: '2',
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
};

/** Runs a program with the project's Node; signals reach it, and its exit code becomes ours. */
export function runNode(args) {
  const child = spawn(nodePath, [...frugalFlags, '--no-warnings', ...args], {
    stdio: 'inherit',
    env: { ...frugalEnvironment, ...process.env },
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // On a terminal Ctrl-C reaches the child by itself.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  installDependencies();
  const [file, ...rest] = process.argv.slice(2);
  if (servesConsole(file, rest)) buildConsole(ownNode());
  if (needsZendeskApp(file)) buildZendeskApp(ownNode());
  runNode([join(root, file), ...rest]);
}
