import { type ChildProcess, fork } from 'node:child_process';
import type { CalledFunctions } from './called-functions.js';
import type { AskedFile, AskedTests, ToldEnd, ToldTest } from './tests-worker.js';

/** A test that ran to its end. */
export interface TestedTest {
  /** As vitest numbers it. */
  id: string;
  isPassed: boolean;
  ms: number;
  called: CalledFunctions;
}

/** A file of tests. */
export interface TestedFile {
  file: string;
  /** Those that ran, of a file that was ended before its end as well. */
  tests: TestedTest[];
  isPassed: boolean;
  /** Wall-clock time. */
  ms: number;
  /** The longest time in it without a word. */
  stillMs: number;
  /** Outside of its tests: for all of them, or where the file is loaded. */
  called: CalledFunctions;
}

/** One test of a file, run without the others. */
export interface LoneTest {
  file: string;
  id: string;
}

/** What a run of tests came to. */
export interface Tested {
  outcome: 'passed' | 'failed' | 'stood still' | 'cut off';
  /** The first that failed: its file, or `FILE > NAME`. */
  failed: string;
  /** The first that failed, to be run alone; null for a file that failed as a whole. */
  failedTest: LoneTest | null;
  /** What ended of the file that was run last, where that did not end. */
  ended: readonly TestedTest[];
}

/** How long to wait until tests are ended. */
export interface PatienceLimits {
  /** So long without a word means that a test never ends. */
  stillMs: number;
  /** For a file of tests. */
  fileMs?: number;
  /** For all: then the rest is cut off. */
  totalMs?: number;
}

/** A process that runs tests of a checkout, and stays for the next ones. */
export class TestRunner {
  private child: ChildProcess | null = null;
  /** Changed since a process was last asked. */
  private readonly changed = new Set<string>();

  /** @param mode `first` ends with the first failure; `all` says which functions they call */
  constructor(
    private readonly root: string,
    private readonly mode: 'first' | 'all',
  ) {}

  change(file: string): void {
    this.changed.add(file);
  }

  /** Runs files of tests in the order given. */
  async run(
    files: readonly AskedFile[],
    limits: PatienceLimits,
    onFile: (tested: TestedFile) => void = () => {},
  ): Promise<Tested> {
    const child = (this.child ??= this.start());
    let tests: TestedTest[] = [];
    const tested: Tested = { outcome: 'passed', failed: '', failedTest: null, ended: tests };
    const startMs = performance.now();
    let [heardMs, fileMs, stillMs] = [startMs, startMs, 0];
    const watch = setInterval(() => {
      const nowMs = performance.now();
      if (nowMs - heardMs < limits.stillMs && nowMs - fileMs < (limits.fileMs ?? Infinity)) return;
      tested.outcome = 'stood still';
      this.end();
    }, 200);
    await new Promise<void>((resolve) => {
      child.on('close', () => {
        if (tested.outcome === 'passed') tested.outcome = 'failed';
        if (this.child === child) this.child = null;
        resolve();
      });
      child.on('message', (told: ToldTest | ToldEnd) => {
        stillMs = Math.max(stillMs, Math.round(performance.now() - heardMs));
        heardMs = performance.now();
        if (!('file' in told)) {
          if (!told.isPassed) tested.outcome = 'failed';
          return resolve();
        }
        const { file, test, isPassed, ms, called } = told;
        if (!isPassed && tested.failed === '') {
          tested.failed = test === null ? file : `${file} > ${test.name}`;
          tested.failedTest = test === null ? null : { file, id: test.id };
        }
        // Not before a word comes: until then nobody knows whether the test stands still.
        if (tested.failed === '' && heardMs - startMs > (limits.totalMs ?? Infinity)) {
          tested.outcome = 'cut off';
          return this.end();
        }
        if (test !== null) {
          tests.push({ id: test.id, isPassed, ms, called });
          return;
        }
        onFile({ file, tests, isPassed, ms, stillMs, called });
        [tests, stillMs] = [[], 0];
        fileMs = performance.now();
      });
      const asked: AskedTests = { files, changed: [...this.changed] };
      this.changed.clear();
      child.send(asked);
    });
    clearInterval(watch);
    child.removeAllListeners();
    return { ...tested, ended: tests };
  }

  /** With all that the tests have started. */
  end(): void {
    const child = this.child;
    this.child = null;
    if (child?.pid === undefined || child.exitCode !== null) return;
    try {
      // Its own group: the terminal's Ctrl-C does not end it, and browsers end with it.
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
    } catch {
      // It is gone.
    }
  }

  private start(): ChildProcess {
    return fork('build/mutate/tests-worker.mjs', [this.mode], {
      cwd: this.root,
      env: { ...process.env, DPCBENCH_RANDOM_RUNS: '60' },
      detached: true,
      stdio: 'ignore',
    });
  }
}
