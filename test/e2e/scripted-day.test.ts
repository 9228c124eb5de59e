import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

function run(): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, ['--no-warnings', join(root, 'src/sandbox/demo.ts'), '--script'], {
    cwd: root,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (printed += String(data)));
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, printed })));
}

test('the scripted day ends as promised', async () => {
  const { code, printed } = await run();
  expect(printed).toMatch(/(\d+) of \1 scenes as promised/);
  expect(printed).not.toContain('✗');
  expect(code).toBe(0);
}, 300_000);
