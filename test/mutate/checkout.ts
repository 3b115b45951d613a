import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TestRunner } from './test-runner.js';

const BUILD_MS = 600_000;

/** What is used of the compiler: its own types would bring those of its language into ours. */
interface Compiler {
  main: (
    args: readonly string[],
    io: { stderr: { write: () => void } },
  ) => Promise<{ error: Error | null }>;
}
const COMPILER: string = 'assemblyscript/asc';

/** A copy of the checkout in which files are changed, built and tested. */
export class Checkout {
  private readonly root = mkdtempSync(join(tmpdir(), 'dpcbench-mutate-'));
  private running: ReturnType<typeof spawn> | null = null;
  /** Runs tests up to the first that fails. */
  readonly tests = new TestRunner(this.root, 'first');
  /** Runs them with nothing changed. */
  readonly unchangedTests = new TestRunner(this.root, 'all');
  /** Built of what a mutant has changed. */
  private readonly changed = { kernel: true, host: true };

  constructor() {
    try {
      this.copy();
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  private copy(): void {
    // The programs of this one as well: those that run there load the kernel of there.
    const built = ['dist', 'build/mutate'];
    for (const name of [...gitLines('ls-files', '-co', '--exclude-standard'), ...built]) {
      // One that was removed and not yet committed.
      if (!existsSync(name)) continue;
      cpSync(name, join(this.root, name), { recursive: true });
    }
    rmSync(join(this.root, 'node_modules'), { force: true });
    symlinkSync(resolve('node_modules'), join(this.root, 'node_modules'));
  }

  /** Ends what runs in it, and removes it. */
  remove(): void {
    this.running?.kill('SIGKILL');
    this.tests.end();
    this.unchangedTests.end();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  /** As it was copied: the checkout itself may be worked on meanwhile. */
  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.root, file), text);
    this.tests.change(file);
  }

  /** Builds what a changed file is in. False if the compiler refuses it: then it is no mutant. */
  async build(file: string): Promise<boolean> {
    const isKernel = file.startsWith('assembly/');
    const isHost = !isKernel || isShared(file);
    if ((isKernel || this.changed.kernel) && !(await this.buildKernel(1))) return false;
    this.changed.kernel = isKernel;
    if ((isHost || this.changed.host) && !(await this.buildHost())) return false;
    this.changed.host = isHost;
    return true;
  }

  /**
   * Both builds: as they come out in a second, or at level 1 in some, which runs several times as
   * fast. Half a minute for the last of it would be spent on speed that no test looks at.
   */
  async buildKernel(level: 0 | 1): Promise<boolean> {
    this.changed.kernel = true;
    const { default: asc } = (await import(COMPILER)) as { default: Compiler };
    for (const target of ['release', 'debug']) {
      const file = target === 'release' ? 'dist/kernel.wasm' : 'dist/kernel.debug.wasm';
      const options = [
        '--target',
        target,
        '--optimizeLevel',
        String(level),
        '--baseDir',
        this.root,
      ];
      const { error } = await asc.main(['assembly/index.ts', ...options, '-o', file], {
        stderr: { write: () => {} },
      });
      if (error !== null) return false;
    }
    return true;
  }

  private async buildHost(): Promise<boolean> {
    const child = spawn(process.execPath, ['build.mjs', '--no-types'], {
      cwd: this.root,
      stdio: 'ignore',
      timeout: BUILD_MS,
    });
    this.running = child;
    const [code] = (await once(child, 'close')) as [number | null];
    return code === 0;
  }

  /** The bytes of both kernels: a mutant with the same ones changes nothing. */
  kernels(): string {
    const files = ['dist/kernel.wasm', 'dist/kernel.debug.wasm'];
    return files.map((file) => readFileSync(join(this.root, file), 'latin1')).join();
  }

  /**
   * The random machines of test/soak, without a runner of tests: null if they agree.
   *
   * @param limitMs so long is no more than slow
   */
  async tryMachines(limitMs: number): Promise<'failed' | 'stood still' | null> {
    const child = spawn(process.execPath, ['build/mutate/machines-worker.mjs'], {
      cwd: this.root,
      stdio: 'ignore',
      timeout: Math.ceil(limitMs),
      killSignal: 'SIGKILL',
    });
    this.running = child;
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (code === 0) return null;
    return signal === 'SIGKILL' ? 'stood still' : 'failed';
  }
}

/** What kernel and host both compile. */
export function isShared(file: string): boolean {
  return file.startsWith('assembly/shared/');
}

export function gitLines(...args: string[]): string[] {
  return execFileSync('git', args, { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}
