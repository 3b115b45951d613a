import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './test/longest-first.js';

/** Where .ci/run wants the counts of tests, or nothing. */
const resultsFile = process.env.DPCBENCH_TEST_RESULTS ?? '';

/**
 * The first one makes hundreds of machines, and their memory is collected sooner where little else
 * lies about. The others change their process: the compiler of the kernel brings globals such as
 * `i32`, and fuzzing clears up when the process ends.
 */
const ALONE = [
  'test/conformance/command-line-vectors.test.ts',
  'test/conformance/tiny-rings.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/tidy/counters.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ALONE,
          // A process for each file, and all modules again, would take a sixth of the time more.
          isolate: false,
          setupFiles: ['test/leave-nothing.ts'],
          globalSetup: ['test/browser/provide-browser.ts'],
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
    // One more than there are processors: browsers and other processes are waited for.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // Threads that collect garbage would take processors from the tests of other files. With more
    // room for what is young less of it is collected: a twelfth of the tests' time.
    execArgv: ['--single-threaded-gc', '--min-semi-space-size=32', '--max-semi-space-size=64'],
    // Simulations and browsers share the host's processors: a slow machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    reporters:
      resultsFile === '' ? ['default'] : ['default', ['json', { outputFile: resultsFile }]],
  },
});
