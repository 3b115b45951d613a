import * as abi from '../../assembly/shared/abi.js';
import type { ShardOutcome } from '../result/outcome.js';
import { readLog } from './read-log.js';
import { CHUNK_INTERRUPTS, checkRun } from './run-shard.js';
import type { CompiledKernel } from './compiled-kernel.js';
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
  { kernel: compiled, chunkInterrupts = CHUNK_INTERRUPTS, spare }: TraceOptions,
): ShardOutcome {
  const { scenario, policyIndex } = request;
  const options = { kernel: compiled, lockstep: true, eventLog: true, memory: spare?.take() };
  const shardKernel = new ShardKernel(scenario, policyIndex, options);
  shardKernel.start({ ...request, warmupNs: 0 });
  const { kernel } = shardKernel;
  const endNs = BigInt(request.untilTimeNs ?? Number(abi.MAX_TIME_NS));
  for (;;) {
    const status = kernel.runShard(endNs, chunkInterrupts);
    checkRun(status);
    const count = kernel.takeLog();
    onEvents(readLog(kernel.memory.buffer, kernel.logAddress() >>> 0, count, request.scenario));
    if (status === abi.RUN_DONE) break;
  }
  const address = kernel.endShard() >>> 0;
  kernel.collectSeries();
  const outcome = unpackResult(kernel.memory.buffer, address, request.scenario);
  kernel.wipeMemory();
  spare?.keep(kernel.memory);
  return outcome;
}

export type { OnProgress, ShardRequest, SimulateOptions, TraceEvent } from './shard.js';
