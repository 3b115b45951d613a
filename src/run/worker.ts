import { workerData } from 'node:worker_threads';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { InputError, inputError, type ExitCode, type Problem } from '../errors.js';
import { type CompiledKernel, kernelDifference } from '../kernel/compiled-kernel.js';
import type { Allocate, OnProgress } from '../kernel/shard.js';
import type { PolicySumState } from '../kernel/policy-sum.js';
import { ShardSeries } from '../kernel/shard-series.js';
import { SpareMemory } from '../kernel/spare-memory.js';
import { failedShard } from './failed-shard.js';
import { SharedState, type WorkerSetup } from './shared-state.js';

/**
 * Shards of one policy, by index among all of the run. Several workers get the same job: each takes
 * what is left, shard by shard, and answers what it has added up.
 */
export interface WorkerJob {
  /** From 1. */
  number: number;
  first: number;
  end: number;
}

/** An InputError does not survive the way between threads; its problems do. */
export type WorkerAnswer =
  | { kind: 'sum'; sum: PolicySumState }
  /** Nothing was left to do, or the run is cancelled. */
  | { kind: 'nothing' }
  | { kind: 'problems'; problems: readonly Problem[]; exitCode: ExitCode };

const { scenario, shards, census, intervals, lockstep, ...setup } = workerData as WorkerSetup;
const state = SharedState.attach(setup.state);
const spare = new SpareMemory();
/** Sums go to the main thread without being copied. */
const allocate: Allocate = (bytes) => new SharedArrayBuffer(bytes);

/** Built to dist/worker.js; one thread of the pool. */
export default function runJob(job: WorkerJob): WorkerAnswer {
  try {
    return addUp(job);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: 'problems', problems: error.problems, exitCode: error.exitCode };
  }
}

function addUp({ number, first, end }: WorkerJob): WorkerAnswer {
  let series: ShardSeries | null = null;
  for (let index = first; index < end && !state.cancelled; index++) {
    if (!state.take(index, number)) continue;
    series ??= new ShardSeries(scenario, shards[index].policyIndex, {
      kernel: sameKernel(),
      allocate,
      census,
      intervals,
      lockstep,
      spare,
    });
    simulate(series, index);
    if (!state.cancelled) state.finish(index, number);
  }
  if (series === null || state.cancelled) return { kind: 'nothing' };
  return { kind: 'sum', sum: series.finish().state };
}

function simulate(series: ShardSeries, index: number): void {
  try {
    const { counters, endNs } = series.simulate(shards[index], { onProgress: reportOf(index) });
    state.report(index, counters.arrivals, endNs);
  } catch (error) {
    throw failedShard(error, scenario, shards, index);
  }
}

/**
 * This thread's kernel, if it is the one that the run is simulated by.
 *
 * @throws InputError with both identities if it is another.
 */
function sameKernel(): CompiledKernel {
  const kernel = shippedKernel();
  const difference = kernelDifference(setup.kernel, kernel.identity);
  if (difference !== '') {
    throw inputError(
      `a worker's kernel is not that of the run: ${difference}`,
      '`npm run build` while nothing runs makes them agree',
    );
  }
  return kernel;
}

function reportOf(index: number): OnProgress {
  return ({ interrupts, timeNs }) => {
    state.report(index, interrupts, timeNs);
    return !state.cancelled;
  };
}
