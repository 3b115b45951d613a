import * as abi from '../../assembly/shared/abi.js';
import { inputError } from '../errors.js';
import { instantiateKernel, type Kernel, type KernelBuild } from './load.js';
import { packConfig } from './pack.js';
import type { OnProgress, ShardRequest } from './simulate.js';

/**
 * The first calls are short, so that the engine's optimising compiler takes over before the long
 * ones: a call that has begun in the baseline compiler stays there to its end.
 */
const FIRST_CHUNKS = [5_000, 20_000, 50_000];
export const CHUNK_INTERRUPTS = 1_000_000;

export interface StartOptions {
  build?: KernelBuild;
  lockstep?: boolean;
  eventLog?: boolean;
  /** Of a kernel that simulated the same scenario and was wiped. */
  memory?: WebAssembly.Memory;
}

/** A machine at time 0. Throws InputError for a scenario over a limit of the kernel. */
export function startKernel(request: ShardRequest, options: StartOptions): Kernel {
  const { build = 'release', eventLog = false, lockstep = false, memory } = options;
  const kernel = instantiateKernel(build, memory);
  const words = packConfig(request.scenario, { ...request, lockstep, eventLog }).view();
  const address = kernel.reserve(words.byteLength) >>> 0;
  if (address === 0) throw limitError(abi.INIT_MEMORY);
  new Uint32Array(kernel.memory.buffer, address, words.length).set(words);
  const status = kernel.initialise();
  if (status !== abi.INIT_OK) throw limitError(status);
  return kernel;
}

function limitError(status: number): Error {
  switch (status) {
    case abi.INIT_LINES:
      return inputError(
        `the sources have more than ${abi.MAX_LINES} interrupt lines, one for each pair of ` +
          'source and processor',
        'route some sources to fewer processors',
      );
    case abi.INIT_OBJECTS:
      return inputError(
        `the scenario has more than ${abi.MAX_DPC_OBJECTS} DPC objects`,
        'use `objects: one`, or fewer processors for a source',
      );
    case abi.INIT_FIFO_ITEMS:
      return inputError(
        `the FIFOs hold more than ${abi.MAX_FIFO_ITEMS} items together`,
        'give the sources a smaller `fifo`',
      );
    case abi.INIT_MEMORY:
      return inputError(
        'the machine does not fit into the 4 GiB that a kernel can address',
        'use fewer sources or processors, smaller FIFOs or shorter recordings',
      );
    default:
      return new Error(`the kernel refused its config block (status ${status})`);
  }
}

/** Throws what stops a run for good. */
export function checkRun(status: number): void {
  if (status !== abi.RUN_IPI_OVERFLOW) return;
  throw inputError(
    `more than ${abi.MAX_IPIS_IN_FLIGHT} IPIs were under way at once`,
    'use a shorter `machine.costs.ipiFlight`, or a policy with `suppress: true`',
  );
}

function progressOf(kernel: Kernel): { interrupts: number; timeNs: number } {
  return { interrupts: Number(kernel.arrivals()), timeNs: Number(kernel.now()) };
}

/** Carries a machine to the end of its shard; its statistics begin after the warm-up. */
export function runShard(
  kernel: Kernel,
  request: ShardRequest,
  onProgress: OnProgress | undefined,
): void {
  const endNs = BigInt(request.untilTimeNs ?? Number(abi.MAX_TIME_NS));
  const warmupNs = BigInt(request.warmupNs);
  const firstChunks = [...FIRST_CHUNKS];
  if (warmupNs > 0n) {
    const forgetNs = warmupNs < endNs ? warmupNs : endNs;
    if (!advance(kernel, forgetNs, firstChunks, onProgress)) return;
    kernel.forget();
  }
  advance(kernel, endNs, firstChunks, onProgress);
}

/** Simulates chunk by chunk until an instant or the end; false when `onProgress` said stop. */
function advance(
  kernel: Kernel,
  toNs: bigint,
  firstChunks: number[],
  onProgress: OnProgress | undefined,
): boolean {
  for (;;) {
    const status = kernel.run(toNs, firstChunks.shift() ?? CHUNK_INTERRUPTS);
    checkRun(status);
    if (status === abi.RUN_DONE || kernel.now() >= toNs) return true;
    if (onProgress?.(progressOf(kernel)) === false) return false;
  }
}
