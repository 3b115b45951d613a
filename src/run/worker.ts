import { workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { InputError, type ExitCode, type Problem } from '../errors.js';
import type { ScopeOutcome, ShardOutcome } from '../kernel/outcome.js';
import { simulateShard } from '../kernel/simulate.js';
import { SharedState, type WorkerSetup } from './shared-state.js';
import type { ShardTask } from './tasks.js';

export interface WorkerTask {
  /** Index among all tasks of the run, where progress is reported. */
  index: number;
  task: ShardTask;
}

/** An InputError does not survive the way between threads; its problems do. */
export type WorkerAnswer =
  | { kind: 'outcome'; outcome: ShardOutcome }
  | { kind: 'problems'; problems: readonly Problem[]; exitCode: ExitCode };

const setup = workerData as WorkerSetup;
const state = SharedState.attach(setup.state);

/** Built to dist/worker.js; one thread of the pool. */
export default function runTask(task: WorkerTask): unknown {
  const answer = carryOut(task);
  if (answer.kind === 'problems') return answer;
  // Handed over instead of copied: megabytes for each shard that no garbage collector sees.
  const { machine, sources, processors } = answer.outcome;
  const buffers = [machine, ...sources, ...processors].flatMap(buffersOf);
  return move({ [transferableSymbol]: buffers, [valueSymbol]: answer });
}

function buffersOf({ isrWait, dpcWait, interruptToDpc }: ScopeOutcome): ArrayBuffer[] {
  return [isrWait, dpcWait, interruptToDpc].flatMap(({ buckets, counts }) => [
    buckets.buffer as ArrayBuffer,
    counts.buffer as ArrayBuffer,
  ]);
}

function carryOut({ index, task }: WorkerTask): WorkerAnswer {
  try {
    const outcome = simulateShard(
      { scenario: setup.scenario, ...task },
      {
        onProgress: ({ interrupts, timeNs }) => {
          state.report(index, interrupts, timeNs);
          return !state.cancelled;
        },
      },
    );
    state.report(index, outcome.machine.counters.arrivals, outcome.endNs);
    return { kind: 'outcome', outcome };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: 'problems', problems: error.problems, exitCode: error.exitCode };
  }
}
