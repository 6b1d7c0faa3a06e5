import { defineConfig } from 'vitest/config';

/** The long suites: kill tests, the oracle, browser, Azurite. */
export default defineConfig({
  test: {
    globalSetup: './test/support/temporary-folder.ts',
    include: ['test/**/*.full.ts'],
    expect: { requireAssertions: true },
    testTimeout: 600_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    reporters: ['default', './test/support/closing-line-reporter.ts'],
  },
});
