import * as abi from '../../assembly/shared/abi.js';
import type { Scenario } from '../scenario/scenario.js';
import type { KernelBuild } from './load.js';
import type { ShardOutcome } from './outcome.js';
import { readLog } from './read-log.js';
import { CHUNK_INTERRUPTS, checkRun } from './run-shard.js';
import { ShardKernel } from './shard-kernel.js';
import { ShardSeries } from './shard-series.js';
import type { SpareMemory } from './spare-memory.js';
import { unpackResult } from './unpack.js';

/** One shard of a scenario and policy. */
export interface ShardSpan {
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

/** One shard: a whole simulated machine under one policy. */
export interface ShardRequest extends ShardSpan {
  scenario: Scenario;
  /** Index into `scenario.policies`. */
  policyIndex: number;
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

/** How a shard is carried out; its result does not depend on it. */
export interface RunControl {
  onProgress?: OnProgress;
  /** Arrivals after which the kernel lets the host speak; for tests. */
  chunkInterrupts?: number;
}

/** `build` and `lockstep` (one event at a time where processors could run ahead) are for tests. */
export interface SimulateOptions extends RunControl {
  build?: KernelBuild;
  lockstep?: boolean;
  /** Of other shards of the same scenario. */
  spare?: SpareMemory;
}

/** Simulates one shard. Throws InputError for a scenario over a limit of the kernel. */
export function simulateShard(request: ShardRequest, options: SimulateOptions = {}): ShardOutcome {
  const shard = prepareShard(request, options);
  shard.run();
  return shard.outcome();
}

/** The steps of simulateShard one by one, for those who time them. Throws as it does. */
export function prepareShard(
  request: ShardRequest,
  { onProgress, chunkInterrupts, ...options }: SimulateOptions = {},
): { run(): void; outcome(): ShardOutcome } {
  const series = new ShardSeries(request.scenario, request.policyIndex, options);
  const shard = series.prepare(request, { onProgress, chunkInterrupts });
  return {
    run: () => shard.run(),
    outcome: () => {
      const total = shard.add();
      return series.finish().outcome(total);
    },
  };
}

/**
 * The same with the event log on: `onEvents` gets batches in order. Same outcome to the last bit.
 */
export function traceShard(
  request: ShardRequest,
  onEvents: (events: TraceEvent[]) => void,
  { chunkInterrupts = CHUNK_INTERRUPTS }: RunControl = {},
): ShardOutcome {
  const { scenario, policyIndex } = request;
  const options = { build: 'debug', lockstep: true, eventLog: true } as const;
  const shardKernel = new ShardKernel(scenario, policyIndex, options);
  shardKernel.start({ ...request, warmupNs: 0 });
  const { kernel } = shardKernel;
  const endNs = BigInt(request.untilTimeNs ?? Number(abi.MAX_TIME_NS));
  for (;;) {
    const status = kernel.run(endNs, chunkInterrupts);
    checkRun(status);
    const count = kernel.takeLog();
    onEvents(readLog(kernel.memory.buffer, kernel.logAddress() >>> 0, count, request.scenario));
    if (status === abi.RUN_DONE) break;
  }
  const address = kernel.finish() >>> 0;
  kernel.collect();
  return unpackResult(kernel.memory.buffer, address, request.scenario);
}

export { kernelIdentity } from './load.js';
