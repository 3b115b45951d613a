import { defineConfig } from 'vitest/config';

/** What gnuplot and gawk make of our texts, which `npm test` does not ask of a host. */
const resultsFile = process.env.DPCBENCH_TEST_RESULTS ?? '';

export default defineConfig({
  test: {
    include: ['test/programs/*.programs.ts'],
    testTimeout: 60_000,
    reporters:
      resultsFile === '' ? ['default'] : ['default', ['json', { outputFile: resultsFile }]],
  },
});
