import { workerData } from 'node:worker_threads';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { InputError, inputError, type ExitCode, type Problem } from '../errors.js';
import { type CompiledKernel, kernelDifference } from '../kernel/compiled-kernel.js';
import type { Allocate } from '../kernel/shard.js';
import type { ShardOutcome } from '../result/outcome.js';
import { simulateShard, type OnProgress } from '../kernel/simulate.js';
import { SpareMemory } from '../kernel/spare-memory.js';
import { PartBuilder } from './policy-part.js';
import { SharedState, type WorkerSetup } from './shared-state.js';
import type { PolicyPart } from './tasks.js';

/**
 * Tasks of one policy, by index among all of the run. With `addsUp` several workers get the same
 * job: each takes what is left, task by task, and answers what it has added up. Without, it is a
 * single task, and the answer is its outcome.
 */
export interface WorkerJob {
  first: number;
  end: number;
  addsUp: boolean;
}

/** An InputError does not survive the way between threads; its problems do. */
export type WorkerAnswer =
  | { kind: 'outcome'; outcome: ShardOutcome }
  | { kind: 'part'; part: PolicyPart }
  /** Nothing was left to do, or the run is cancelled. */
  | { kind: 'nothing' }
  | { kind: 'problems'; problems: readonly Problem[]; exitCode: ExitCode };

const { scenario, tasks, ...setup } = workerData as WorkerSetup;
const state = SharedState.attach(setup.state);
const spare = new SpareMemory();
/** Sums go to the main thread without being copied. */
const allocate: Allocate = (bytes) => new SharedArrayBuffer(bytes);

/** Built to dist/worker.js; one thread of the pool. */
export default function runJob(job: WorkerJob): WorkerAnswer {
  try {
    return job.addsUp ? addUp(job) : carryOut(job.first);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: 'problems', problems: error.problems, exitCode: error.exitCode };
  }
}

function addUp({ first, end }: WorkerJob): WorkerAnswer {
  let builder: PartBuilder | null = null;
  for (let index = first; index < end && !state.cancelled; index++) {
    if (!state.take(index)) continue;
    builder ??= new PartBuilder(scenario, tasks[index].policyIndex, {
      kernel: sameKernel(), allocate, spare,
    });
    const { counters, endNs } = builder.simulate(tasks[index], reportOf(index));
    state.report(index, counters.arrivals, endNs);
    if (!state.cancelled) state.finish();
  }
  if (builder === null || state.cancelled) return { kind: 'nothing' };
  return { kind: 'part', part: builder.part() };
}

function carryOut(index: number): WorkerAnswer {
  const outcome = simulateShard(
    { scenario, ...tasks[index] },
    { kernel: sameKernel(), allocate, onProgress: reportOf(index), spare },
  );
  state.report(index, outcome.machine.counters.arrivals, outcome.endNs);
  if (state.cancelled) return { kind: 'nothing' };
  state.finish();
  return { kind: 'outcome', outcome };
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
    throw inputError(`a worker's kernel is not that of the run: ${difference}`,
      '`npm run build` while nothing runs makes them agree');
  }
  return kernel;
}

function reportOf(index: number): OnProgress {
  return ({ interrupts, timeNs }) => {
    state.report(index, interrupts, timeNs);
    return !state.cancelled;
  };
}
