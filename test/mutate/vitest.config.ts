import { defineConfig } from 'vitest/config';
import { GivenOrder, ToldTests } from './told-tests.js';

/** Tests of a mutant, the nearest first, until one fails; for test/mutate/checkout.ts. */
const files = JSON.parse(process.env['DPCBENCH_MUTATE_TESTS'] ?? '[]') as string[];

export default defineConfig({
  cacheDir: 'build/vite',
  test: {
    include: files,
    globalSetup: ['test/browser/provide-browser.ts'],
    // One thread for all: most of a test that is quick is to load what it imports.
    pool: 'threads',
    isolate: false,
    maxWorkers: 1,
    bail: Number(process.env['DPCBENCH_MUTATE_BAIL'] ?? 1),
    testTimeout: 600_000,
    hookTimeout: 600_000,
    sequence: { sequencer: GivenOrder },
    reporters: [new ToldTests()],
    experimental: { fsModuleCache: true, fsModuleCachePath: 'build/vitest-modules' },
  },
});
