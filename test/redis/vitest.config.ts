import { defineConfig } from 'vitest/config';

/** Tests that take a server of Redis or Valkey, which `npm test` does not ask of a host. */
const resultsFile = process.env.DPCBENCH_TEST_RESULTS ?? '';

export default defineConfig({
  test: {
    include: ['test/redis/*.redis.ts'],
    testTimeout: 120_000,
    // They mostly wait.
    maxWorkers: 3,
    reporters:
      resultsFile === '' ? ['default'] : ['default', ['json', { outputFile: resultsFile }]],
  },
});
