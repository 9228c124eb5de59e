// All tests, with the project's own Node. Arguments go to Jest: `npm test -- src/domain`.
// Ends with a line `N passed, N failed`, for machines.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installDependencies, nodePath } from './run.mjs';

installDependencies();
const folder = mkdtempSync(join(tmpdir(), 'passerelle-test-'));
const report = join(folder, 'report.json');
const jest = ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`, ...process.argv.slice(2)];
const child = spawn(nodePath, ['--experimental-vm-modules', '--no-warnings', ...jest], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  console.log(closingLine());
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
});

function closingLine() {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    return `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed${skipped}`;
  } catch {
    return '0 passed, 1 failed';
  }
}
