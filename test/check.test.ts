import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);

/** The parts of `npm run check`, so that what fails there fails here too. */
const checks: [string, string[]][] = [
  ['types', ['node_modules/typescript/bin/tsc', '-p', '.']],
  ['lint and format', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ['the documentation fits the code', ['--no-warnings', 'scripts/check-docs.ts']],
];

test.each(checks)(
  '%s',
  async (_, args) => {
    const ended = await run(process.execPath, args, { cwd: root }).then(
      () => 'fine',
      (error: { stdout: string; stderr: string }) => `${error.stdout}\n${error.stderr}`,
    );
    expect(ended).toBe('fine');
  },
  120_000,
);
