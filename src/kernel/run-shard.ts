import * as abi from '../../assembly/shared/abi.js';
import { inputError } from '../errors.js';
import type { Kernel } from './compiled-kernel.js';
import type { OnProgress, RunControl, ShardSpan } from './shard.js';

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

/** Carries a machine to the end of its shard; its statistics begin after the warm-up. */
export function runShard(
  kernel: Kernel,
  { untilTimeNs, warmupNs }: ShardSpan,
  { onProgress, chunkInterrupts, chunkNs = Number(abi.MAX_TIME_NS) }: RunControl,
): void {
  const endNs = BigInt(untilTimeNs ?? Number(abi.MAX_TIME_NS));
  const chunks = chunkSizes(chunkInterrupts);
  const host = { onProgress, chunkNs: BigInt(Math.max(1, Math.floor(chunkNs))) };
  if (warmupNs > 0) {
    const forgetNs = BigInt(Math.min(warmupNs, Number(endNs)));
    if (!advance(kernel, forgetNs, chunks, host)) return;
    kernel.forget();
  }
  advance(kernel, endNs, chunks, host);
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
    const status = kernel.run(pauseNs < toNs ? pauseNs : toNs, chunks.next().value);
    checkRun(status);
    if (status === abi.RUN_DONE || kernel.now() >= toNs) return true;
    if (onProgress?.(progressOf(kernel)) === false) return false;
  }
}
