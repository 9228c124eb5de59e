import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';

/** These take longest. Begun last, they would keep one core waiting for another at the end. */
const longest = ['test/e2e/scripted-day', 'test/chaos/chaos', 'test/integration/killed-at-work', 'test/integration/reconcile.'];

class LongestFirst extends BaseSequencer {
  async sort(files) {
    const isLong = ({ moduleId }) => longest.some((name) => moduleId.includes(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.mjs',
    sequence: { sequencer: LongestFirst },
    // Files share a process and what it has loaded: most of them load the whole product.
    pool: 'forks',
    isolate: false,
    // Most of the time is waiting for the service, so a few files go together even on two cores.
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
