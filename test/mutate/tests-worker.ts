import { relative, resolve } from 'node:path';
import type { Reporter, TestCase, TestModule, TestSpecification } from 'vitest/node';
import { BaseSequencer, createVitest } from 'vitest/node';
import type { CalledFunctions } from './called-functions.js';

/** A file of tests, or some of them. */
export interface AskedFile {
  file: string;
  /** As vitest numbers tests; null for all. */
  ids: readonly string[] | null;
}

/** What is to be run next, in this order. */
export interface AskedTests {
  files: readonly AskedFile[];
  /** Sources that are others than in the run before. */
  changed: readonly string[];
}

/** How a test went, or the end of a file of them. */
export interface ToldTest {
  file: string;
  /** Null for the end of the file. */
  test: { id: string; name: string } | null;
  isPassed: boolean;
  /** What it took, or the whole file. */
  ms: number;
  /** By the test, or outside of all tests of the file. */
  called: CalledFunctions;
}

/** The end of all that was asked for. */
export interface ToldEnd {
  isPassed: boolean;
}

/** What a file of tests and its tests bring along, where calls are recorded. */
interface Meta {
  called?: CalledFunctions;
}

/** Says every test at once, so that one that stands still is seen. */
class TellingReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { fullName, id } = test;
    const ms = test.diagnostic()?.duration ?? 0;
    const isPassed = test.result().state !== 'failed';
    tell(test.module, { id, name: fullName }, isPassed, ms, test.meta() as Meta);
  }

  onTestModuleEnd(module: TestModule): void {
    const { collectDuration, duration, setupDuration } = module.diagnostic();
    const ms = Math.round(collectDuration + duration + setupDuration);
    tell(module, null, module.state() !== 'failed', ms, module.meta() as Meta);
  }
}

function tell(
  module: TestModule,
  test: ToldTest['test'],
  isPassed: boolean,
  ms: number,
  { called = {} }: Meta,
): void {
  const file = relative(process.cwd(), module.moduleId).replaceAll('\\', '/');
  send({ file, test, isPassed, ms: Math.round(ms), called });
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

async function runTests(files: readonly AskedFile[], changed: readonly string[]): Promise<void> {
  for (const file of changed) vitest.invalidateFile(resolve(file));
  // What failed in earlier runs would end this one.
  vitest.state.filesMap.clear();
  vitest.state.idMap.clear();
  const project = vitest.getRootProject();
  const tests = files.map(({ file, ids }) =>
    project.createSpecification(resolve(file), ids === null ? undefined : { testIds: [...ids] }),
  );
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(tests);
  const isPassed = testModules.every((module) => module.state() !== 'failed');
  send({ isPassed: isPassed && unhandledErrors.length === 0 });
}
