import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { Piscina } from 'piscina';
import { EXIT, InputError, inputError } from '../errors.js';
import type { Shard } from '../kernel/shard.js';
import { EndOfWaiting } from './end-of-waiting.js';
import { SharedState, shareRecordings, type WorkerSetup } from './shared-state.js';
import { type Execute, RunCancelled, type RunProgress, taskShare } from './tasks.js';
import type { WorkerAnswer } from './worker.js';
import { jobsOf } from './worker-jobs.js';

const PROGRESS_INTERVAL_MS = 100;
/** A thread that ends with a job so often ends whoever waits for it. */
const MOST_LOSSES = 3;

/** More gain nothing, and each takes addresses, memory and open files of the system. */
function mostThreads(): number {
  return Math.max(16, 4 * availableParallelism());
}

/**
 * Carries out the shards on a pool of worker threads, each of which adds up what it simulates.
 * Needs the package to be built (dist/worker.js).
 */
export const executeInPool: Execute = async (scenario, shards, onSum, options) => {
  const { census, intervals, kernel, lockstep, oneByOne, workers, onProgress, signal } = options;
  // Loaded here and not above: a small run starts without it.
  const { Piscina } = await import('piscina');
  const state = SharedState.create(shards.length);
  const setup: WorkerSetup = {
    scenario: shareRecordings(scenario),
    shards,
    state: state.buffer,
    kernel: kernel.identity,
    census,
    intervals,
    lockstep,
  };
  const threads = Math.max(1, Math.min(workers, shards.length, mostThreads()));
  const pool = new Piscina({
    filename: createRequire(import.meta.url).resolve('#worker'),
    workerData: setup,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    execArgv: [],
    // A worker makes little garbage; room for more would only be kept.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  });
  const broken = brokenBy(pool);
  const cancel = (): void => state.cancel();
  if (signal?.aborted === true) cancel();
  signal?.addEventListener('abort', cancel);
  const stopWatching = new AbortController();
  const progress = (): RunProgress => readProgress(state, shards);
  const watching = watch(() => onProgress?.(progress()), stopWatching.signal);
  try {
    const areAlone = lockstep === true || oneByOne === true;
    const running = jobsOf(shards, threads, areAlone).map(async (job) => {
      const giveBack = (): void => state.giveBack(job.number, shards.length);
      const answer = (await insist(() => pool.run(job), giveBack)) as WorkerAnswer;
      if (answer.kind === 'problems') throw new InputError(answer.problems, answer.exitCode);
      if (state.cancelled) return;
      if (answer.kind === 'sum') onSum(answer.sum);
    });
    // Cancelled or failed, the other shards end with their current chunk.
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

/** How jobs are shared out among threads. */
export interface JobControl<Job, Answer> {
  /** What a thread runs: a name that the package exports. */
  worker: string;
  threads: number;
  /** Aborted: the threads end at once, whatever they do. */
  signal?: AbortSignal;
  messageOf: (job: Job) => unknown;
  /** As each job ends, in any order. */
  onAnswer: (job: Job, answer: Answer) => void;
}

/** Carries out jobs that have nothing to do with each other, one at a time in each thread. */
export async function runJobs<Job, Answer>(
  jobs: Iterator<Job>,
  { worker, threads, signal, messageOf, onAnswer }: JobControl<Job, Answer>,
): Promise<void> {
  const { Piscina } = await import('piscina');
  const count = Math.min(threads, mostThreads());
  const pool = new Piscina({
    filename: createRequire(import.meta.url).resolve(worker),
    minThreads: 1,
    maxThreads: count,
    concurrentTasksPerWorker: 1,
    execArgv: [],
  });
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('aborted')));
  });
  aborted.catch(() => undefined);
  const lane = async (): Promise<void> => {
    for (let next = jobs.next(); next.done !== true; next = jobs.next()) {
      if (signal?.aborted === true) return;
      const message = messageOf(next.value);
      const answer = (await insist(() => pool.run(message))) as Answer;
      onAnswer(next.value, answer);
    }
  };
  const lanes = Array.from({ length: count }, lane);
  try {
    await Promise.race([Promise.all(lanes), brokenBy(pool), aborted]);
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    for (const one of lanes) one.catch(() => undefined);
    await pool.destroy();
  }
}

/** Threads for jobs that come one by one. */
export interface Threads {
  /** Aborted: the thread that does it ends at once, and a new one takes its place. */
  run(message: unknown, signal: AbortSignal): Promise<unknown>;
  end(): Promise<void>;
}

/** They stay: to start one for each job takes as long as a small shard. */
export async function startThreads(worker: string, count: number): Promise<Threads> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    filename: createRequire(import.meta.url).resolve(worker),
    minThreads: 1,
    maxThreads: Math.min(count, mostThreads()),
    idleTimeout: Infinity,
    concurrentTasksPerWorker: 1,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  });
  // The job that a thread dies with learns of it.
  pool.on('error', () => undefined);
  const waiting = new EndOfWaiting();
  emptied(pool).catch((error: Error) => waiting.end(error));
  return {
    run: (message, signal) =>
      waiting.for(insist(() => pool.run(message, { signal }) as Promise<unknown>)),
    end: () => pool.destroy(),
  };
}

/** The kernel's other engine, one event at a time. */
export const executeInLockstep: Execute = (scenario, shards, onSum, options) =>
  executeInPool(scenario, shards, onSum, { ...options, lockstep: true });

/** Rejects where a thread ends of which no job learns: one that the system does not start. */
function brokenBy(pool: Piscina): Promise<never> {
  const failed = new Promise<never>((_, reject) => pool.on('error', reject));
  return quiet(Promise.race([failed, emptied(pool)]));
}

/** Rejects when no thread is left: those that end before they are loaded are not started again. */
function emptied(pool: Piscina): Promise<never> {
  const none = new Promise<never>((_, reject) => {
    pool.on('workerDestroy', () => {
      // Once what takes its place is there.
      setImmediate(() => pool.threads.length === 0 && reject(lostThreads()));
    });
  });
  return quiet(none);
}

/** Nobody may wait for it. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** A thread may be ended from outside, in the midst of a job: a new one does that again. */
async function insist<T>(run: () => Promise<T>, onLoss?: () => void): Promise<T> {
  for (let losses = 0; ; losses++) {
    try {
      return await run();
    } catch (error) {
      if (!isLoss(error)) throw error;
      if (losses === MOST_LOSSES) throw lostThreads();
      onLoss?.();
    }
  }
}

/** Piscina has no other word for it. */
function isLoss(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('worker exited with code');
}

function lostThreads(): InputError {
  return inputError(
    'worker threads are ended from outside, or end before they have begun',
    'a run with --journal keeps what is done; fewer threads: --workers',
    EXIT.files,
  );
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

function readProgress(state: SharedState, shards: readonly Shard[]): RunProgress {
  const { tasksDone } = state;
  let interrupts = 0;
  let share = 0;
  shards.forEach((shard, index) => {
    const done = state.read(index);
    interrupts += done.interrupts;
    share += taskShare(shard, done.interrupts, done.timeNs) / shards.length;
  });
  if (tasksDone === shards.length) share = 1;
  return { interrupts, share, tasksDone, tasks: shards.length };
}
