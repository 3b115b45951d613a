import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { InputError } from '../errors.js';
import type { ShardOutcome } from '../result/outcome.js';
import { SharedState, shareRecordings, type WorkerSetup } from './shared-state.js';
import {
  type Execute,
  RunCancelled,
  type RunProgress,
  type ShardTask,
  taskShare,
} from './tasks.js';
import type { WorkerAnswer, WorkerJob } from './worker.js';

const PROGRESS_INTERVAL_MS = 100;

/** More gain nothing, and each takes addresses, memory and open files of the system. */
function mostThreads(): number {
  return Math.max(16, 4 * availableParallelism());
}

/**
 * Carries out the tasks on a pool of worker threads. With `onPart` each worker adds up what it
 * simulates; else outcomes are handed on in the order of the tasks: one that is early waits for its
 * turn. Needs the package to be built (dist/worker.js).
 */
export const executeInPool: Execute = async (scenario, tasks, onOutcome, options) => {
  const { kernel, workers, onPart, onProgress, signal } = options;
  // Loaded here and not above: a small run starts without it.
  const { Piscina } = await import('piscina');
  const state = SharedState.create(tasks.length);
  const setup: WorkerSetup = {
    scenario: shareRecordings(scenario), tasks, state: state.buffer, kernel: kernel.identity,
  };
  const threads = Math.max(1, Math.min(workers, tasks.length, mostThreads()));
  const pool = new Piscina({
    filename: createRequire(import.meta.url).resolve('dpcbench/worker'),
    workerData: setup,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    execArgv: [],
    // A worker makes little garbage; room for more would only be kept.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  });
  // A thread that the system does not start: no job learns of it.
  const broken = new Promise<never>((_, reject) => pool.on('error', reject));
  broken.catch(() => undefined);
  const cancel = (): void => state.cancel();
  if (signal?.aborted === true) cancel();
  signal?.addEventListener('abort', cancel);
  const stopWatching = new AbortController();
  const turn = new TaskOrder(tasks, onOutcome);
  const progress = (): RunProgress => readProgress(state, tasks);
  const watching = watch(() => onProgress?.(progress()), stopWatching.signal);
  try {
    const jobs = onPart === undefined ? jobsOfOne(tasks) : jobsByPolicy(tasks, threads);
    const running = jobs.map(async (job) => {
      const answer = (await pool.run(job)) as WorkerAnswer;
      if (answer.kind === 'problems') throw new InputError(answer.problems, answer.exitCode);
      if (state.cancelled) return;
      if (answer.kind === 'part') onPart?.(answer.part);
      if (answer.kind === 'outcome') turn.take(job.first, answer.outcome);
    });
    // Cancelled or failed, the other tasks end with their current chunk.
    const ended = Promise.allSettled(running.map((job) => job.catch(stopAll(cancel))));
    const ends = await Promise.race([ended, broken]);
    const failure = ends.find((end) => end.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    if (state.cancelled) throw new RunCancelled(progress());
    onProgress?.(progress());
  } finally {
    signal?.removeEventListener('abort', cancel);
    stopWatching.abort();
    await watching;
    await pool.destroy();
  }
};

function jobsOfOne(tasks: readonly ShardTask[]): WorkerJob[] {
  return tasks.map((_, index) => ({ first: index, end: index + 1, addsUp: false }));
}

/** For each policy, whose tasks stand side by side, one job for every thread. */
function jobsByPolicy(tasks: readonly ShardTask[], threads: number): WorkerJob[] {
  const jobs: WorkerJob[] = [];
  for (let first = 0; first < tasks.length; ) {
    let end = first + 1;
    while (end < tasks.length && tasks[end].policyIndex === tasks[first].policyIndex) end++;
    const job = { first, end, addsUp: true };
    for (let i = 0; i < Math.min(threads, end - first); i++) jobs.push(job);
    first = end;
  }
  return jobs;
}

function stopAll(cancel: () => void): (error: unknown) => never {
  return (error) => {
    cancel();
    throw error;
  };
}

async function watch(look: () => void, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await setTimeout(PROGRESS_INTERVAL_MS, undefined, { signal: stop });
    } catch {
      return;
    }
    look();
  }
}

function readProgress(state: SharedState, tasks: readonly ShardTask[]): RunProgress {
  const { tasksDone } = state;
  let interrupts = 0;
  let share = 0;
  tasks.forEach((task, index) => {
    const done = state.read(index);
    interrupts += done.interrupts;
    share += taskShare(task, done.interrupts, done.timeNs) / tasks.length;
  });
  if (tasksDone === tasks.length) share = 1;
  return { interrupts, share, tasksDone, tasks: tasks.length };
}

/** Hands outcomes on in the order of their tasks. */
class TaskOrder {
  private next = 0;
  private readonly early = new Map<number, ShardOutcome>();

  constructor(
    private readonly tasks: readonly ShardTask[],
    private readonly onOutcome: (outcome: ShardOutcome, task: ShardTask) => void,
  ) {}

  take(index: number, outcome: ShardOutcome): void {
    this.early.set(index, outcome);
    for (;;) {
      const due = this.early.get(this.next);
      if (due === undefined) return;
      this.early.delete(this.next);
      this.onOutcome(due, this.tasks[this.next]);
      this.next++;
    }
  }
}
