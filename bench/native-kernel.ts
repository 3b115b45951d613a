import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packConfig, packShard } from '../src/kernel/pack.js';
import { Slots } from '../src/kernel/slots.js';
import type { ShardRequest } from '../src/kernel/simulate.js';
import { unpackResult } from '../src/kernel/unpack.js';
import type { FigureOf, TimedRun } from './bench-case.js';

const run = promisify(execFile);

/**
 * `-fno-tree-slp-vectorize`: with it gcc makes slower code of this, and wasm would win for a false
 * reason.
 */
const COMPILER = 'gcc';
const FLAGS = ['-O3', '-fno-tree-slp-vectorize'];
/** Where Debian's `wabt` keeps the runtime that its translations are linked with. */
const RUNTIME = '/usr/share/wabt/wasm2c';

/** Where main.c puts the kernel's memory. */
const MEMORY_ADDRESS = '((uint8_t *)0x100000000000)';
/** How wasm2c's loads and stores get at a byte. */
const THROUGH_POINTER = 'mem->data[addr]';

/** The line that main.c prints. */
interface NativeAnswer {
  ms: number;
  interrupts: number;
  address: number;
}

/** The shipped kernel as a native program: the bound that WebAssembly is measured against. */
export class NativeKernel {
  private constructor(
    private readonly program: string,
    private readonly folder: string,
  ) {}

  /**
   * Translates and compiles the kernel into `folder`, unless it stands there already. Answers null,
   * and says why, where a tool is missing.
   */
  static build(root: string, folder: string, say: (text: string) => void): NativeKernel | null {
    const missing = ['wasm2c', COMPILER].filter((tool) => !isInstalled(tool));
    if (!existsSync(RUNTIME)) missing.push(RUNTIME);
    if (missing.length > 0) {
      say(`no native bound: ${missing.join(' and ')} not found (Debian: apt install wabt gcc)`);
      return null;
    }
    const main = join(root, 'bench/native/main.c');
    const wasm = createRequire(import.meta.url).resolve('#kernel.wasm');
    const hash = createHash('sha256').update([...FLAGS, MEMORY_ADDRESS].join());
    for (const file of [wasm, main]) hash.update(readFileSync(file));
    const program = join(folder, `kernel-${hash.digest('hex').slice(0, 16)}`);
    if (!existsSync(program)) {
      mkdirSync(folder, { recursive: true });
      const source = join(folder, 'kernel.c');
      must('wasm2c', [wasm, '--module-name', 'kernel', '-o', source]);
      writeFileSync(source, atFixedAddress(readFileSync(source, 'utf8')));
      const sources = [source, main, join(RUNTIME, 'wasm-rt-impl.c')];
      const folders = [`-I${folder}`, `-I${RUNTIME}`, `-DKERNEL_MEMORY=${MEMORY_ADDRESS}`];
      must(COMPILER, [...FLAGS, ...folders, ...sources, '-o', program, '-lm']);
    }
    return new NativeKernel(program, folder);
  }

  /** A run of one shard, whose time the program takes and whose result it leaves in a file. */
  open(request: ShardRequest, figure: FigureOf): TimedRun {
    const { rest, length, writeTables } = packConfig(request.scenario, {
      ...request,
      census: false,
    });
    const block = new Uint32Array(2 * length);
    block.set(rest);
    const slots = new Slots(block);
    writeTables(slots);
    packShard(slots, request);
    const key = createHash('sha256').update(block).digest('hex').slice(0, 16);
    const path = join(this.folder, `config-${key}.bin`);
    const memory = join(this.folder, `memory-${key}.bin`);
    writeFileSync(path, block);
    let answer: NativeAnswer;
    return {
      run: async () => {
        const { stdout } = await run(this.program, [path, memory]);
        answer = JSON.parse(stdout) as NativeAnswer;
        return answer.ms;
      },
      finish: (ms) => {
        const outcome = unpackResult(memoryOf(memory), answer.address, request.scenario);
        rmSync(memory);
        rmSync(path);
        return figure(outcome, ms);
      },
    };
  }
}

/**
 * With the memory at an address that the compiler knows. Through wasm2c's pointer every access
 * after a store would load the memory's address anew: 10 to 20 % that no native program pays, and
 * that wasm does not pay either.
 */
function atFixedAddress(code: string): string {
  if (!code.includes(THROUGH_POINTER)) {
    throw new Error(`wasm2c no longer writes ${THROUGH_POINTER}: the native bound needs 1.0.32`);
  }
  return code.replaceAll(THROUGH_POINTER, 'KERNEL_MEMORY[addr]');
}

/** The file's bytes with address 0 at the start. */
function memoryOf(path: string): ArrayBuffer {
  const bytes = readFileSync(path);
  if (bytes.byteOffset !== 0) return new Uint8Array(bytes).buffer;
  return bytes.buffer as ArrayBuffer;
}

function isInstalled(tool: string): boolean {
  return spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;
}

function must(tool: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(tool, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${tool} failed: ${error?.message ?? stderr}`);
}
