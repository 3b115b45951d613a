import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ABI_VERSION, RULES_VERSION } from '../../assembly/shared/abi.js';
import { EXIT, inputError } from '../errors.js';

/** What the kernel exports (assembly/index.ts). Addresses are bytes in its memory. */
export interface KernelExports {
  ABI_VERSION: WebAssembly.Global;
  RULES_VERSION: WebAssembly.Global;
  reserve(bytes: number): number;
  initialise(): number;
  run(toNs: bigint, interrupts: number): number;
  forget(): void;
  finish(): number;
  rest(): void;
  collect(): number;
  pack(record: number): number;
  packedAddress(): number;
  now(): bigint;
  observe(): number;
  arrivals(): bigint;
  logAddress(): number;
  takeLog(): number;
  wipe(): void;
}

export interface Kernel extends KernelExports {
  memory: WebAssembly.Memory;
}

/** `debug` asserts the machine's invariants and can write the event log; results are the same. */
export type KernelBuild = 'release' | 'debug';

const FILES: Record<KernelBuild, string> = {
  release: 'dpcbench/kernel.wasm',
  debug: 'dpcbench/kernel.debug.wasm',
};

interface LoadedKernel {
  module: WebAssembly.Module;
  bytes: Uint8Array;
}
const loaded = new Map<KernelBuild, LoadedKernel>();

function load(build: KernelBuild): LoadedKernel {
  let kernel = loaded.get(build);
  if (kernel === undefined) {
    const bytes = readKernel(build);
    kernel = { bytes, module: new WebAssembly.Module(bytes) };
    loaded.set(build, kernel);
  }
  return kernel;
}

function readKernel(build: KernelBuild): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(FILES[build])));
  } catch {
    throw inputError(
      `the ${build} build of the simulation kernel is missing`,
      '`npm run build` makes it',
      EXIT.files,
    );
  }
}

/** What a kernel may address at most: 4 GiB, in pages. */
const MAXIMUM_PAGES = 65536;

/**
 * A fresh kernel, for machines one after another. Compiling is done once for each thread. `memory`
 * may come from a kernel that simulated the same scenario and was wiped.
 * Throws InputError for a kernel with another ABI version.
 */
export function instantiateKernel(build: KernelBuild, memory = newMemory()): Kernel {
  const instance = new WebAssembly.Instance(load(build).module, {
    env: { abort: reportAbort, memory },
  });
  const kernel = { ...(instance.exports as unknown as KernelExports), memory };
  const version = kernel.ABI_VERSION.value as number;
  if (version !== ABI_VERSION) {
    throw inputError(
      `the ${build} kernel speaks ABI version ${version}, this program version ${ABI_VERSION}`,
      '`npm run build` makes them agree',
    );
  }
  return kernel;
}

function newMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES });
}

/** A broken invariant in the kernel: a defect, never the user's. */
function reportAbort(_message: number, _file: number, line: number, column: number): never {
  throw new Error(`the kernel's invariant at line ${line}, column ${column} does not hold`);
}

/** SHA-256 of the release kernel's bytes, and the versions that it declares. */
export function kernelIdentity(): { hash: string; abi: number; rules: number } {
  const hash = createHash('sha256').update(load('release').bytes).digest('hex');
  return { hash, abi: ABI_VERSION, rules: RULES_VERSION };
}
