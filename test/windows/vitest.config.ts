import { defineConfig } from 'vitest/config';

/** The packed package with Node for Windows under Wine, which `npm test` does not ask of a host. */
const resultsFile = process.env.DPCBENCH_TEST_RESULTS ?? '';

export default defineConfig({
  test: {
    include: ['test/windows/*.windows.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    reporters:
      resultsFile === '' ? ['default'] : ['default', ['json', { outputFile: resultsFile }]],
  },
});
