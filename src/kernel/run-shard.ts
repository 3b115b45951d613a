import * as abi from '../../assembly/shared/abi.js';
import { inputError } from '../errors.js';
import type { Observation, ShardHalves } from '../result/observation.js';
import type { Kernel } from './compiled-kernel.js';
import type { RunControl, Shard, ShardProgress } from './shard.js';

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

function progressOf(kernel: Kernel): ShardProgress {
  return { interrupts: Number(kernel.arrivals()), timeNs: Math.max(Number(kernel.now()), 0) };
}

/**
 * Carries a machine to the end of its shard; its statistics begin after the warm-up. Answers how it
 * stood when they began, half-way and in the end; null when nobody asked, or when it ended before
 * its half.
 */
export function runShard(
  kernel: Kernel,
  shard: Shard,
  { onProgress, chunkInterrupts, chunkNs }: RunControl,
  looks: Looks = NO_LOOKS,
): ShardHalves | null {
  const sizes = chunkSizes(chunkInterrupts);
  const next = (): Chunk => ({ interrupts: sizes.next().value, ns: chunkNs });
  const steps = stepShard(kernel, shard, next(), looks);
  for (let step = steps.next(); ; step = steps.next(next())) {
    if (step.done === true) return step.value;
    if (onProgress?.(step.value) === false) return null;
  }
}

/** Instants after the warm-up at which somebody looks at a machine that is not over. */
export interface Looks {
  nextNs(): number;
  look(): void;
}

const NO_LOOKS: Looks = { nextNs: () => Infinity, look: () => undefined };

/** How much is simulated until the host may speak: whichever comes first. */
export interface Chunk {
  interrupts: number;
  /** Left out: as much as it takes. */
  ns?: number;
}

/**
 * `runShard` chunk by chunk, for a host that does something else in between: after each it is told
 * how far the shard has come and says how large the next one is. A shard that is over says no more.
 */
export function* stepShard(
  kernel: Kernel,
  { halfNs, shardIndex, untilTimeNs, warmupNs }: Shard,
  first: Chunk,
  looks: Looks = NO_LOOKS,
): Generator<ShardProgress, ShardHalves | null, Chunk> {
  const endNs = untilTimeNs ?? Number(abi.MAX_TIME_NS);
  let chunk = first;
  function* runTo(ns: number): Generator<ShardProgress, void, Chunk> {
    const toNs = BigInt(Math.min(ns, endNs));
    while (!advance(kernel, toNs, chunk)) chunk = yield progressOf(kernel);
  }
  function* lookUpTo(ns: number): Generator<ShardProgress, void, Chunk> {
    for (let next = looks.nextNs(); next < Math.min(ns, endNs); next = looks.nextNs()) {
      yield* runTo(next);
      if (kernel.now() < next) break;
      looks.look();
      // Looks lie closer than chunks end: without this the host would not be asked until the last.
      chunk = yield progressOf(kernel);
    }
    yield* runTo(ns);
  }
  if (warmupNs > 0) {
    yield* runTo(warmupNs);
    kernel.endWarmUp();
    chunk = yield progressOf(kernel);
  }
  if (halfNs === undefined || halfNs <= warmupNs) {
    yield* lookUpTo(endNs);
    return null;
  }
  const begin = readObservation(kernel);
  yield* lookUpTo(halfNs);
  if (kernel.now() < halfNs) return null;
  const half = readObservation(kernel);
  yield* lookUpTo(endNs);
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

/** Simulates a chunk; true when it reaches the instant, or the end of the machine. */
function advance(kernel: Kernel, toNs: bigint, { interrupts, ns }: Chunk): boolean {
  const pauseNs = ns === undefined ? toNs : kernel.now() + BigInt(Math.max(1, Math.floor(ns)));
  const status = kernel.runShard(pauseNs < toNs ? pauseNs : toNs, interrupts);
  checkRun(status);
  return status === abi.RUN_DONE || kernel.now() >= toNs;
}
