// Builds pages with Vite into a folder of `dist`, unless what is there was made from the same sources: the console's, and others
// likewise. Plain JavaScript for old Nodes: the build itself runs with the project's own.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
/** A build takes seconds; a lock older than this was left by a process that died. */
const lockLivesMs = 120_000;

const consolePages = {
  name: 'console',
  what: 'the console',
  config: 'src/console/app/vite.config.ts',
  sources: [
    'src/console/app',
    'src/console/wire',
    'docs/guides',
    'src/domain/console-role.ts',
    'package-lock.json',
    'scripts/build-console.mjs',
  ],
};

export const buildConsole = (node = process.execPath) => buildPages(consolePages, node);

function filesIn(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesIn(`${path}/${name}`));
}

/** Of all that the pages are made from. */
function digestOf(sources) {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesIn)) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const stampOf = (folder) => join(folder, '.sources');
const isBuilt = (folder, digest) => existsSync(stampOf(folder)) && readFileSync(stampOf(folder), 'utf8') === digest;

/** Builds `pages` into `dist/{name}`. Who else wants to build meanwhile waits, and then finds it built. */
export function buildPages(pages, node = process.execPath) {
  // An image without development packages has its pages from the build of the image.
  if (!existsSync(vite)) return;
  const built = join(dist, pages.name);
  const digest = digestOf(pages.sources);
  if (isBuilt(built, digest)) return;
  mkdirSync(dist, { recursive: true });
  const lock = join(dist, `${pages.name}.lock`);
  while (!taken(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  try {
    if (!isBuilt(built, digest)) build(pages, built, node, digest);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function taken(lock) {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const since = statSync(lock, { throwIfNoEntry: false });
    if (since && Date.now() - since.mtimeMs > lockLivesMs) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** Beside the old one first, so that a running service never serves half of it. */
function build({ name, what, config }, built, node, digest) {
  console.error(`Building ${what} (a few seconds, once)…`);
  const fresh = join(dist, `${name}-${process.pid}`);
  const run = spawnSync(
    node,
    [vite, 'build', '--config', join(root, config), '--outDir', fresh, '--logLevel', 'error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' },
    },
  );
  if (run.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    console.error(`${what[0].toUpperCase()}${what.slice(1)} could not be built; the reason is above.`);
    process.exit(1);
  }
  writeFileSync(stampOf(fresh), digest);
  rmSync(built, { recursive: true, force: true });
  renameSync(fresh, built);
}
