import { defineConfig } from 'vitest/config';

/** Where .ci/run wants the counts of tests, or nothing. */
const resultsFile = process.env.DPCBENCH_TEST_RESULTS ?? '';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/browser/provide-browser.ts'],
    // One for each processor: vitest itself would leave one idle, of two.
    maxWorkers: '100%',
    // Simulations and browsers share the host's processors: a slow machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters:
      resultsFile === '' ? ['default'] : ['default', ['json', { outputFile: resultsFile }]],
  },
});
