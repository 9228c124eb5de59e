import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A process of its own that meets `trouble` and, if it lives on, says so. */
function meeting(trouble: string): { code: number | null; output: string } {
  const program = `
    import { catchTheRest } from '${here('./last-resort.ts')}';
    import { makeLog } from '${here('./log.ts')}';
    catchTheRest(makeLog('info'));
    setTimeout(() => { console.log('lives on'); }, 50);
    ${trouble}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', '--input-type=module', '-e', program],
    {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  return { code: status, output: stdout + stderr };
}

test.each<[string, string, number, RegExp]>([
  ['a promise that fails unheard', "Promise.reject(new TypeError('CANARY'));", 0, /process\.unhandled[\s\S]*lives on/],
  ['a promise that fails with a text', "Promise.reject('CANARY');", 0, /process\.unhandled[\s\S]*lives on/],
  [
    'a connection to the database that breaks where nobody listens',
    "setImmediate(() => { throw Object.assign(new Error('terminating connection'), { code: '57P01' }); });",
    0,
    /process\.unhandled[\s\S]*lives on/,
  ],
  ['a bug in a handler', "setImmediate(() => { throw new TypeError('CANARY'); });", 1, /process\.crashed/],
])('%s is logged without its words', (_, trouble, code, says) => {
  const met = meeting(trouble);
  expect(met.output).toMatch(says);
  expect(met.output).not.toContain('CANARY');
  expect(met.code).toBe(code);
});
