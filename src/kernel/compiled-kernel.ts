import { ABI_VERSION, RULES_VERSION } from '../../assembly/shared/abi.js';
import { EXIT, inputError } from '../errors.js';

/** What the kernel exports (assembly/index.ts). Addresses are bytes in its memory. */
export interface KernelExports {
  ABI_VERSION: WebAssembly.Global;
  RULES_VERSION: WebAssembly.Global;
  reserveConfig(bytes: number): number;
  startShard(): number;
  runShard(toNs: bigint, interrupts: number): number;
  endWarmUp(): void;
  endShard(): number;
  tellSource(index: number): void;
  clearShard(): void;
  collectSeries(): number;
  pack(record: number): number;
  packedAddress(): number;
  now(): bigint;
  observe(): number;
  survey(): number;
  arrivals(): bigint;
  isInStep(): number;
  logAddress(): number;
  takeLog(): number;
  wipeMemory(): void;
}

export interface Kernel extends KernelExports {
  memory: WebAssembly.Memory;
}

/** Which kernel a result came out of: two that differ in it may not share a run. */
export interface KernelIdentity {
  /** SHA-256 of the bytes, hexadecimal. */
  hash: string;
  abi: number;
  rules: number;
}

/** A kernel as it is handed to whoever simulates: in a thread, a browser's worker, another host. */
export interface CompiledKernel {
  module: WebAssembly.Module;
  identity: KernelIdentity;
}

/**
 * Compiles a kernel's bytes. Where they come from and what their SHA-256 is, the caller knows.
 *
 * @throws InputError for a kernel with another ABI version.
 */
export function compileKernel(bytes: Uint8Array<ArrayBuffer>, hash: string): CompiledKernel {
  const module = new WebAssembly.Module(bytes);
  const { ABI_VERSION: abi, RULES_VERSION: rules } = exportsOf(module, newMemory());
  if (abi.value !== ABI_VERSION || rules.value !== RULES_VERSION) {
    throw inputError(
      `the kernel speaks ABI version ${abi.value} and follows rules version ${rules.value}, ` +
        `this program ${ABI_VERSION} and ${RULES_VERSION}`,
      '`npm run build` makes them agree',
    );
  }
  return { module, identity: { hash, abi: ABI_VERSION, rules: RULES_VERSION } };
}

/** In what two kernels differ, in words; "" where they are the same. */
export function kernelDifference(expected: KernelIdentity, found: KernelIdentity): string {
  const words = ({ hash, abi, rules }: KernelIdentity): string =>
    `hash ${hash.slice(0, 16)}, ABI version ${abi}, rules version ${rules}`;
  const isSame =
    expected.hash === found.hash && expected.abi === found.abi && expected.rules === found.rules;
  return isSame ? '' : `${words(found)} instead of ${words(expected)}`;
}

/**
 * A fresh instance, for machines one after another. `memory` may come from an instance that
 * simulated the same scenario and was wiped.
 */
export function instantiate({ module }: CompiledKernel, memory = newMemory()): Kernel {
  return { ...exportsOf(module, memory), memory };
}

function exportsOf(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  const instance = new WebAssembly.Instance(module, { env: { abort: reportAbort, memory } });
  return instance.exports as unknown as KernelExports;
}

/** What a kernel may address at most: 4 GiB, in pages. */
const MAXIMUM_PAGES = 65536;

/** Throws InputError if the system refuses it: addresses are set aside for all that it may grow. */
function newMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw inputError(
      'the system refuses the memory of a simulation, 10 GiB of addresses for each thread',
      'use fewer --workers, or raise the limit (ulimit -v)',
      EXIT.files,
    );
  }
}

/** A broken invariant in the kernel: a defect, never the user's. */
function reportAbort(_message: number, _file: number, line: number, column: number): never {
  throw new Error(`the kernel's invariant at line ${line}, column ${column} does not hold`);
}
