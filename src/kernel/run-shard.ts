import * as abi from '../../assembly/shared/abi.js';
import { inputError } from '../errors.js';
import type { Observation, ShardHalves } from '../result/observation.js';
import type { Kernel } from './compiled-kernel.js';
import type { OnProgress, RunControl, Shard } from './shard.js';

/**
 * The first calls are short, so that the engine's optimising compiler takes over before the long
 * ones: a call that has begun in the baseline compiler stays there to its end.
 */
const FIRST_CHUNKS = [5_000, 20_000, 50_000];
export const CHUNK_INTERRUPTS = 1_000_000;

/** Throws what stops a run for good. */
export function checkRun(status: number): void {
  if (status !== abi.RUN_IPI_OVERFLOW) return;
  throw inputError(
    `more than ${abi.MAX_IPIS_IN_FLIGHT} IPIs were under way at once`,
    'use a shorter `machine.costs.ipiFlight`, or a policy with `suppress: true`',
  );
}

function progressOf(kernel: Kernel): { interrupts: number; timeNs: number } {
  return { interrupts: Number(kernel.arrivals()), timeNs: Math.max(Number(kernel.now()), 0) };
}

/**
 * Carries a machine to the end of its shard; its statistics begin after the warm-up. Answers how it
 * stood when they began, half-way and in the end; null when nobody asked, or when it ended before
 * its half.
 */
export function runShard(
  kernel: Kernel,
  { halfNs, shardIndex, untilTimeNs, warmupNs }: Shard,
  { onProgress, chunkInterrupts, chunkNs = Number(abi.MAX_TIME_NS) }: RunControl,
): ShardHalves | null {
  const endNs = BigInt(untilTimeNs ?? Number(abi.MAX_TIME_NS));
  const chunks = chunkSizes(chunkInterrupts);
  const host = { onProgress, chunkNs: BigInt(Math.max(1, Math.floor(chunkNs))) };
  const runTo = (ns: number): boolean =>
    advance(kernel, BigInt(Math.min(ns, Number(endNs))), chunks, host);
  if (warmupNs > 0) {
    if (!runTo(warmupNs)) return null;
    kernel.endWarmUp();
  }
  if (halfNs === undefined || halfNs <= warmupNs) {
    advance(kernel, endNs, chunks, host);
    return null;
  }
  const begin = readObservation(kernel);
  if (!runTo(halfNs) || kernel.now() < halfNs) return null;
  const half = readObservation(kernel);
  advance(kernel, endNs, chunks, host);
  return { shardIndex, begin, half, end: readObservation(kernel) };
}

function readObservation(kernel: Kernel): Observation {
  const address = kernel.observe() >>> 0;
  const slots = new BigInt64Array(kernel.memory.buffer, address, abi.OBSERVED_SLOTS);
  return {
    nowNs: Number(slots[abi.OBSERVED_NOW_NS]),
    arrivals: Number(slots[abi.OBSERVED_ARRIVALS]),
    ipis: Number(slots[abi.OBSERVED_IPIS]),
    dpcs: Number(slots[abi.OBSERVED_DPCS]),
    dpcWaitNs: Number(slots[abi.OBSERVED_DPC_WAIT_NS]),
    interruptToDpcNs: Number(slots[abi.OBSERVED_INTERRUPT_TO_DPC_NS]),
    maximumDepths: Number(slots[abi.OBSERVED_MAXIMUM_DEPTHS]),
    rates: Number(slots[abi.OBSERVED_RATES]),
    depths: Number(slots[abi.OBSERVED_DEPTHS]),
  };
}

function* chunkSizes(chunkInterrupts?: number): Generator<number, never, void> {
  if (chunkInterrupts === undefined) yield* FIRST_CHUNKS;
  for (;;) yield chunkInterrupts ?? CHUNK_INTERRUPTS;
}

/** Simulates chunk by chunk until an instant or the end; false when `onProgress` said stop. */
function advance(
  kernel: Kernel,
  toNs: bigint,
  chunks: Generator<number, never, void>,
  { onProgress, chunkNs }: { onProgress: OnProgress | undefined; chunkNs: bigint },
): boolean {
  for (;;) {
    const pauseNs = kernel.now() + chunkNs;
    const status = kernel.runShard(pauseNs < toNs ? pauseNs : toNs, chunks.next().value);
    checkRun(status);
    if (status === abi.RUN_DONE || kernel.now() >= toNs) return true;
    if (onProgress?.(progressOf(kernel)) === false) return false;
  }
}
