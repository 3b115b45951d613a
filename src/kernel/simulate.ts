import * as abi from '../../assembly/shared/abi.js';
import { inputError } from '../errors.js';
import type { Scenario } from '../scenario/scenario.js';
import { instantiateKernel, type Kernel, type KernelBuild } from './load.js';
import { MachineSum, type ShardTotal } from './machine-sum.js';
import type { ShardOutcome } from './outcome.js';
import { packConfig } from './pack.js';
import { readLog } from './read-log.js';
import { unpackResult } from './unpack.js';

/** One shard: a whole simulated machine under one policy. */
export interface ShardRequest {
  scenario: Scenario;
  /** Index into `scenario.policies`. */
  policyIndex: number;
  /**
   * The run's seed, 0 to 2^53 − 1, and the shard's index: together they fix the shard's streams.
   */
  seed: number;
  shardIndex: number;
  /** Where this shard ends; replaces `scenario.until`. */
  untilTimeNs: number | null;
  untilInterrupts: number | null;
  /** Statistics begin here; 0 for none. */
  warmupNs: number;
}

/** Called between chunks of about a million interrupts; returning false ends the shard early. */
export type OnProgress = (progress: { interrupts: number; timeNs: number }) => boolean;

/** One line of the event log (section 10 of docs/semantics.md), keys in the documented order. */
export interface TraceEvent {
  t: number;
  p: number;
  e: string;
  [key: string]: string | number | boolean;
}

/** For tests: another build, or one event at a time where processors could run ahead. */
export interface SimulateOptions {
  build?: KernelBuild;
  lockstep?: boolean;
  onProgress?: OnProgress;
}

/**
 * The first calls are short, so that the engine's optimising compiler takes over before the long
 * ones: a call that has begun in the baseline compiler stays there to its end.
 */
const FIRST_CHUNKS = [5_000, 20_000, 50_000];
const CHUNK_INTERRUPTS = 1_000_000;

/** Simulates one shard. Throws InputError for a scenario over a limit of the kernel. */
export function simulateShard(request: ShardRequest, options: SimulateOptions = {}): ShardOutcome {
  const shard = prepareShard(request, options);
  shard.run();
  return shard.outcome();
}

/**
 * A shard that is set up: `run` carries it to its end, once; then its result is read, once: as an
 * outcome, or into a sum of shards of the same scenario and policy, which makes no garbage.
 */
export interface PreparedShard {
  run(): void;
  outcome(): ShardOutcome;
  addTo(sum: MachineSum): ShardTotal;
}

/** The steps of simulateShard one by one, for those who time them or add up. Throws as it does. */
export function prepareShard(request: ShardRequest, options: SimulateOptions = {}): PreparedShard {
  const kernel = start(request, options.build ?? 'release', options.lockstep ?? false, false);
  const { scenario } = request;
  return {
    run: () => runShard(kernel, request, options.onProgress),
    outcome: () => {
      const outcome = unpack(kernel, scenario);
      keepMemory(scenario, kernel);
      return outcome;
    },
    addTo: (sum) => {
      const address = kernel.finish() >>> 0;
      const total = sum.addBlock(kernel.memory.buffer, address);
      keepMemory(scenario, kernel);
      return total;
    },
  };
}

/** A sum that shards of the scenario can be added to. */
export function emptySum({ machine, sources }: Scenario): MachineSum {
  return MachineSum.create(sources.length, machine.processors);
}

function runShard(
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

/**
 * The memory of the last machine, for the next shard of the same scenario: megabytes that would
 * otherwise wait for the garbage collector.
 */
let spare: { scenario: Scenario; memory: WebAssembly.Memory } | null = null;

function keepMemory(scenario: Scenario, kernel: Kernel): void {
  kernel.wipe();
  spare = { scenario, memory: kernel.memory };
}

function takeMemory(scenario: Scenario): WebAssembly.Memory | undefined {
  const memory = spare?.scenario === scenario ? spare.memory : undefined;
  spare = null;
  return memory;
}

/**
 * The same with the event log on: `onEvents` gets batches in order. Same outcome to the last bit.
 */
export function traceShard(
  request: ShardRequest,
  onEvents: (events: TraceEvent[]) => void,
): ShardOutcome {
  const kernel = start(request, 'debug', true, true);
  const endNs = BigInt(request.untilTimeNs ?? Number(abi.MAX_TIME_NS));
  for (;;) {
    const status = kernel.run(endNs, CHUNK_INTERRUPTS);
    checkRun(status);
    const count = kernel.takeLog();
    onEvents(readLog(kernel.memory.buffer, kernel.logAddress(), count, request.scenario));
    if (status === abi.RUN_DONE) return unpack(kernel, request.scenario);
  }
}

function start(
  request: ShardRequest,
  build: KernelBuild,
  lockstep: boolean,
  eventLog: boolean,
): Kernel {
  const kernel = instantiateKernel(build, eventLog ? undefined : takeMemory(request.scenario));
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

function checkRun(status: number): void {
  if (status !== abi.RUN_IPI_OVERFLOW) return;
  throw inputError(
    `more than ${abi.MAX_IPIS_IN_FLIGHT} IPIs were under way at once`,
    'use a shorter `machine.costs.ipiFlight`, or a policy with `suppress: true`',
  );
}

function progressOf(kernel: Kernel): { interrupts: number; timeNs: number } {
  return { interrupts: Number(kernel.arrivals()), timeNs: Number(kernel.now()) };
}

function unpack(kernel: Kernel, scenario: Scenario): ShardOutcome {
  const address = kernel.finish() >>> 0;
  return unpackResult(
    kernel.memory.buffer,
    address,
    scenario.sources.length,
    scenario.machine.processors,
  );
}

export { kernelIdentity } from './load.js';
