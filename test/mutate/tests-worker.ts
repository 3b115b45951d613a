import { relative, resolve } from 'node:path';
import type { Reporter, TestCase, TestModule, TestSpecification } from 'vitest/node';
import { BaseSequencer, createVitest } from 'vitest/node';
import type { CalledFunctions } from './called-functions.js';

/** What is to be run next, in this order. */
export interface AskedTests {
  files: readonly string[];
  /** Sources that are others than in the run before. */
  changed: readonly string[];
}

/** How a test went, or the end of a file of them. */
export interface ToldTest {
  file: string;
  /** Null for the end of the file. */
  test: string | null;
  isPassed: boolean;
  /** What the whole file took, at its end. */
  ms: number;
  called: CalledFunctions;
}

/** The end of all that was asked for. */
export interface ToldEnd {
  isPassed: boolean;
}

/** Says every test at once, so that one that stands still is seen. */
class TellingReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    tell(test.module, test.fullName, test.result().state !== 'failed', 0);
  }

  onTestModuleEnd(module: TestModule): void {
    const { collectDuration, duration, setupDuration } = module.diagnostic();
    const ms = Math.round(collectDuration + duration + setupDuration);
    tell(module, null, module.state() !== 'failed', ms);
  }
}

function tell(module: TestModule, test: string | null, isPassed: boolean, ms: number): void {
  const file = relative(process.cwd(), module.moduleId).replaceAll('\\', '/');
  const { called = {} } = test === null ? (module.meta() as { called?: CalledFunctions }) : {};
  send({ file, test, isPassed, ms, called });
}

function send(told: ToldTest | ToldEnd): void {
  process.send?.(told);
}

class GivenOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files;
  }
}

/**
 * Runs tests as it is asked to, again and again, in the folder it was started in: what they import
 * and did not change stays compiled. `first`: those of one asking end with the first that fails;
 * `all`: every one is run, and says which functions it calls.
 */
const isFirst = process.argv[2] === 'first';
const vitest = await createVitest(
  'test',
  {
    config: false,
    watch: false,
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/browser/provide-browser.ts'],
    setupFiles: isFirst ? [] : ['test/mutate/called-functions.ts'],
    // One process for all: most of a test that is quick is to load what it imports.
    pool: 'forks',
    isolate: false,
    maxWorkers: 1,
    bail: isFirst ? 1 : 0,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    sequence: { sequencer: GivenOrder },
    reporters: [new TellingReporter()],
    experimental: { fsModuleCache: true, fsModuleCachePath: 'build/vitest-modules' },
  },
  { cacheDir: 'build/vite' },
);
process.on('disconnect', () => process.exit());
process.on('message', ({ changed, files }: AskedTests) => {
  void runTests(files, changed);
});

async function runTests(files: readonly string[], changed: readonly string[]): Promise<void> {
  for (const file of changed) vitest.invalidateFile(resolve(file));
  // What failed in earlier runs would end this one.
  vitest.state.filesMap.clear();
  vitest.state.idMap.clear();
  const project = vitest.getRootProject();
  const tests = files.map((file) => project.createSpecification(resolve(file)));
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(tests);
  const isPassed = testModules.every((module) => module.state() !== 'failed');
  send({ isPassed: isPassed && unhandledErrors.length === 0 });
}
