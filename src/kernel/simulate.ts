import * as abi from '../../assembly/shared/abi.js';
import { LOG_DETAILS, LOG_EVENTS } from '../../assembly/shared/log-layout.js';
import type { ShardOutcome } from '../result/outcome.js';
import { LogBatch } from './read-log.js';
import { CHUNK_INTERRUPTS, checkRun } from './run-shard.js';
import type { CompiledKernel, Kernel } from './compiled-kernel.js';
import type { RunControl, ShardRequest, SimulateOptions, TraceEvent } from './shard.js';
import { ShardKernel } from './shard-kernel.js';
import { ShardSeries } from './shard-series.js';
import type { SpareMemory } from './spare-memory.js';
import { unpackResult } from './unpack.js';

/** Simulates one shard. Throws InputError for a scenario over a limit of the kernel. */
export function simulateShard(request: ShardRequest, options: SimulateOptions): ShardOutcome {
  const shard = prepareShard(request, options);
  shard.run();
  return shard.outcome();
}

/** The steps of simulateShard one by one, for those who time them. Throws as it does. */
export function prepareShard(
  request: ShardRequest,
  { onProgress, chunkInterrupts, chunkNs, ...options }: SimulateOptions,
): { run(): void; outcome(): ShardOutcome } {
  const series = new ShardSeries(request.scenario, request.policyIndex, options);
  const shard = series.prepare(request, { onProgress, chunkInterrupts, chunkNs });
  return {
    run: () => shard.run(),
    outcome: () => {
      shard.add();
      return series.finish().outcome();
    },
  };
}

export interface TraceOptions extends RunControl {
  kernel: CompiledKernel;
  /** Memory that other logs of the same scenario left. */
  spare?: SpareMemory;
}

/**
 * Simulates one shard with the event log on: `onEvents` gets batches in order. The outcome is that
 * of `simulateShard`, to the last bit. Only the debug build of the kernel can write a log.
 */
export function traceShard(
  request: ShardRequest,
  onEvents: (events: TraceEvent[]) => void,
  options: TraceOptions,
): ShardOutcome {
  const { scenario } = request;
  const batches = logBatches(request, options);
  for (;;) {
    const { done, value } = batches.next();
    if (done === true) return value;
    onEvents(value.events(scenario));
  }
}

export interface LogOptions extends TraceOptions {
  /** With what the events leave to be worked out: `LogBatch.detailedEvent`. */
  details?: boolean;
}

/**
 * As `traceShard`, batch by batch as the kernel wrote them: each is gone when the next is asked
 * for.
 * Whoever has seen enough asks for no more.
 */
export function* logBatches(
  request: ShardRequest,
  options: LogOptions,
): Generator<LogBatch, ShardOutcome, undefined> {
  const { scenario, policyIndex, warmupNs } = request;
  const { kernel: compiled, chunkInterrupts = CHUNK_INTERRUPTS, details, spare } = options;
  const eventLog = details === true ? LOG_DETAILS : LOG_EVENTS;
  const memory = spare?.take();
  const kernelOptions = { kernel: compiled, lockstep: true, eventLog, memory };
  const shardKernel = new ShardKernel(scenario, policyIndex, kernelOptions);
  shardKernel.start(request);
  const { kernel } = shardKernel;
  if (warmupNs > 0) {
    yield* runLogged(kernel, BigInt(warmupNs), chunkInterrupts);
    kernel.endWarmUp();
  }
  const endNs = BigInt(request.untilTimeNs ?? Number(abi.MAX_TIME_NS));
  yield* runLogged(kernel, endNs, chunkInterrupts);
  const address = kernel.endShard() >>> 0;
  kernel.collectSeries();
  const outcome = unpackResult(kernel.memory.buffer, address, scenario);
  kernel.wipeMemory();
  spare?.keep(kernel.memory);
  return outcome;
}

function* runLogged(
  kernel: Kernel,
  toNs: bigint,
  chunkInterrupts: number,
): Generator<LogBatch, void, undefined> {
  for (;;) {
    const status = kernel.runShard(toNs, chunkInterrupts);
    checkRun(status);
    const count = kernel.takeLog();
    yield new LogBatch(kernel.memory.buffer, kernel.logAddress() >>> 0, count);
    if (status === abi.RUN_DONE || (status === abi.RUN_MORE && kernel.now() >= toNs)) return;
  }
}

export type { OnProgress, ShardRequest, SimulateOptions, TraceEvent } from './shard.js';
