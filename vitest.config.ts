import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: './test/support/temporary-folder.ts',
    include: ['test/**/*.test.ts'],
    expect: { requireAssertions: true },
    testTimeout: 60_000,
    // The default leaves one core to itself, which on two cores doubles the time.
    maxWorkers: '100%',
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    coverage: { include: ['src/**'], reporter: ['text-summary', 'json-summary'] },
  },
});
