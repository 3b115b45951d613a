import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { sha256Hex } from '../disk/sha256.js';
import { inputError } from '../errors.js';
import type { PolicySumState } from '../kernel/policy-sum.js';
import { decodeSum } from '../kernel/sum-bytes.js';
import { describeScenario, hashScenario } from '../run/describe-scenario.js';
import { type Execute, RunCancelled, type RunProgress } from '../run/tasks.js';
import { canonicalJson } from '../scenario/canonical.js';
import { recordedSource } from '../scenario/recorded-source.js';
import type { Scenario } from '../scenario/scenario.js';
import { JOB_VERSION, readAnswer, type ShardJob } from './shard-job.js';

/** Jobs for workers of other hosts, and their answers, by run and index. Nothing in it is sure. */
export interface JobQueue {
  keepScenario(hash: string, bytes: Uint8Array): Promise<void>;
  /** One that is there already stays. */
  add(jobs: readonly ShardJob[]): Promise<void>;
  /** The index of a job that was answered, once or more often; null when none was for a while. */
  nextAnswered(run: string): Promise<number | null>;
  /** The bytes of an answer, once. */
  answer(run: string, index: number): Promise<Uint8Array | null>;
  /** Which of them have neither a job nor an answer. */
  lost(run: string, indexes: readonly number[]): Promise<number[]>;
  answered(run: string, indexes: readonly number[]): Promise<number[]>;
  /** Takes away what is left of a run. */
  remove(run: string, indexes: readonly number[]): Promise<void>;
}

/** To take away what is left of a run that ends before its time. */
const REMOVAL_MS = 2_000;
/** A shard that is lost so often ends whoever carries it out. */
const MOST_LOSSES = 10;

/** Carries out shards on other hosts, one job each. A job that is lost is given out again. */
export function executeByQueue(queue: JobQueue): Execute {
  return async (scenario, shards, onSum, options) => {
    const { census = true, intervals = 'machine', kernel, signal } = options;
    refuseRecording(scenario);
    const described = describeScenario(scenario, sha256Hex);
    const hash = hashScenario(described, sha256Hex);
    const run = randomBytes(8).toString('hex');
    const jobs = shards.map(({ halfNs = null, ...shard }, index): ShardJob => ({
      version: JOB_VERSION,
      kernel: kernel.identity,
      run,
      index,
      scenario: hash,
      focus: scenario.focus ?? null,
      intervals,
      census,
      shard: { ...shard, halfNs },
    }));
    const state = new QueuedRun(scenario, jobs, onSum, options.onProgress);
    const aborted = whenAborted(signal, state);
    try {
      const scenarioBytes = new TextEncoder().encode(canonicalJson(described));
      await aborted(queue.keepScenario(hash, scenarioBytes));
      await aborted(queue.add(jobs));
      while (state.pending.size > 0) await aborted(step(queue, run, state, scenarioBytes));
    } finally {
      // A queue that is away cannot be told: what is left in it goes away by itself.
      const removed = queue.remove(run, [...state.pending.keys()]).catch(() => undefined);
      await Promise.race([removed, setTimeout(REMOVAL_MS, undefined, { ref: false })]);
    }
  };
}

async function step(
  queue: JobQueue,
  run: string,
  state: QueuedRun,
  scenarioBytes: Uint8Array,
): Promise<void> {
  const index = await queue.nextAnswered(run);
  if (index !== null) {
    await take(queue, run, state, index);
    return;
  }
  const pending = [...state.pending.keys()];
  for (const answered of await queue.answered(run, pending)) {
    await take(queue, run, state, answered);
  }
  const lost = await queue.lost(run, [...state.pending.keys()]);
  const jobs = lost.flatMap((one) => state.loseJob(one));
  if (jobs.length === 0) return;
  await queue.keepScenario(jobs[0].scenario, scenarioBytes);
  await queue.add(jobs);
}

async function take(queue: JobQueue, run: string, state: QueuedRun, index: number): Promise<void> {
  if (!state.pending.has(index)) return;
  const answer = await queue.answer(run, index);
  if (answer !== null) state.finish(index, readAnswer(answer));
}

/** What of a run is to come. */
class QueuedRun {
  readonly pending: Map<number, ShardJob>;
  private readonly losses = new Map<number, number>();
  private interrupts = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly jobs: readonly ShardJob[],
    private readonly onSum: (sum: PolicySumState) => void,
    private readonly onProgress?: (progress: RunProgress) => void,
  ) {
    this.pending = new Map(jobs.map((job) => [job.index, job]));
  }

  /** A sum that another host answered, which may be anything. */
  finish(index: number, bytes: Uint8Array): void {
    const { shard } = this.pending.get(index)!;
    const sum = decodeSum(bytes, this.scenario, 'an answer of a worker');
    const [line, ...more] = sum.lines;
    const isIt = sum.policyIndex === shard.policyIndex && line.shardIndex === shard.shardIndex;
    if (!isIt || more.length > 0) throw inputError('an answer of a worker is of another shard');
    this.pending.delete(index);
    this.interrupts += line.counters.arrivals;
    this.onSum(sum);
    this.onProgress?.(this.progress());
  }

  loseJob(index: number): ShardJob[] {
    const losses = (this.losses.get(index) ?? 0) + 1;
    this.losses.set(index, losses);
    const job = this.pending.get(index);
    if (losses <= MOST_LOSSES) return job === undefined ? [] : [job];
    throw inputError(
      `shard ${job?.shard.shardIndex} was given out ${losses} times and never answered`,
      'look at what the workers say: it may take more memory than they have',
    );
  }

  progress(): RunProgress {
    const tasks = this.jobs.length;
    const tasksDone = tasks - this.pending.size;
    return { interrupts: this.interrupts, share: tasksDone / tasks, tasksDone, tasks };
  }
}

/** Waits for a step or for the signal: a queue that is gone answers nothing. */
function whenAborted(
  signal: AbortSignal | undefined,
  state: QueuedRun,
): <T>(step: Promise<T>) => Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    const cancel = (): void => reject(new RunCancelled(state.progress()));
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel);
  });
  aborted.catch(() => undefined);
  return (step) => Promise.race([step, aborted]);
}

function refuseRecording(scenario: Scenario): void {
  const recorded = recordedSource(scenario);
  if (recorded === undefined) return;
  throw inputError(
    `--engine: "${recorded.name}" replays a recording, which stays on this host`,
    'leave --engine out',
  );
}
