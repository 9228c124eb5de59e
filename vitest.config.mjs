import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.mjs',
    // Files share a process and what it has loaded: most of them load the whole product.
    pool: 'forks',
    isolate: false,
    // Most of the time is waiting for the service, so a few files go together even on two cores.
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
