// All tests, with the project's own Node. Arguments go to Vitest: `npm test -- src/domain`.
// Ends with a line `N passed, N failed`, for machines.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frugalEnvironment, installDependencies, nodePath } from './run.mjs';

installDependencies();
const folder = mkdtempSync(join(tmpdir(), 'passerelle-test-'));
const report = join(folder, 'report.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...process.argv.slice(2)];
const child = spawn(nodePath, ['--no-warnings', ...vitest], {
  stdio: ['ignore', 'inherit', 'inherit'],
  // For the services that tests start as processes of their own.
  env: { NODE_COMPILE_CACHE: frugalEnvironment.NODE_COMPILE_CACHE, ...process.env },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  console.log(closingLine(code));
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
});

/** A file that could not be loaded counts as one that failed, and so does a run that failed though no test of it did. */
function closingLine(code) {
  try {
    const told = JSON.parse(readFileSync(report, 'utf8'));
    const broken = told.testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
    ).length;
    const failed = told.numFailedTests + broken;
    const skipped = told.numPendingTests > 0 ? `, ${told.numPendingTests} skipped` : '';
    return `${told.numPassedTests} passed, ${failed || (code === 0 ? 0 : 1)} failed${skipped}`;
  } catch {
    return '0 passed, 1 failed';
  }
}
