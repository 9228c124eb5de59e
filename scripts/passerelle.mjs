#!/usr/bin/env node
// `npx passerelle …`: the command line with the right Node, from any folder. Plain JavaScript for old Nodes.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole } from './build-console.mjs';
import { frugalEnvironment, frugalFlags } from './run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const major = Number(process.versions.node.split('.')[0]);

/** The Node of the npm package `node`; in an image without development packages, the one that runs this. */
function nodePath() {
  const own = packagedNode();
  if (own && existsSync(own)) return own;
  if (major >= 24) return process.execPath;
  console.error(`Passerelle needs Node 24; this is ${process.version}. Run "npm install" in ${root}, or use Node 24.`);
  process.exit(1);
}

function packagedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json');
    return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch {
    return undefined;
  }
}

if (process.argv[2] === 'start') buildConsole(nodePath());
const args = [...frugalFlags, '--no-warnings', join(root, 'src', 'main.ts'), ...process.argv.slice(2)];
const child = spawn(nodePath(), args, { stdio: 'inherit', env: { ...frugalEnvironment, ...process.env } });
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// Ctrl-C reaches the child from the terminal already; a second SIGINT would cut its orderly stop short.
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
child.on('error', (error) => {
  console.error(`Node could not be started (${error.code}).`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
