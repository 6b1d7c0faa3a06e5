import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    expect: { requireAssertions: true },
    testTimeout: 20_000,
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    coverage: { include: ['src/**'], reporter: ['text-summary', 'json-summary'] },
  },
});
