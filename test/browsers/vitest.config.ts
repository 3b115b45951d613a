import { defineConfig } from 'vitest/config';

/** The pages in Firefox and in WebKit, which `npm test` does not ask of a host. */
const resultsFile = process.env.DPCBENCH_TEST_RESULTS ?? '';

export default defineConfig({
  test: {
    include: ['test/browsers/*.browsers.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters:
      resultsFile === '' ? ['default'] : ['default', ['json', { outputFile: resultsFile }]],
  },
});
