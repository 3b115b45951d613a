import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { sha256Hex } from '../disk/sha256.js';
import { inputError, InputError } from '../errors.js';
import type { PolicySumState } from '../kernel/policy-sum.js';
import { decodeSum } from '../kernel/sum-bytes.js';
import { describeScenario, hashScenario } from '../run/describe-scenario.js';
import { EndOfWaiting } from '../run/end-of-waiting.js';
import { failedShard } from '../run/failed-shard.js';
import { type Execute, RunCancelled, type RunProgress } from '../run/tasks.js';
import { canonicalJson } from '../scenario/canonical.js';
import { recordedSource } from '../scenario/recorded-source.js';
import type { Scenario } from '../scenario/scenario.js';
import { JOB_VERSION, readAnswer, type ShardJob } from './shard-job.js';

/** The queue was not to be reached just then: what was asked may have been done, or not. */
export class QueueAway extends Error {
  override readonly name = 'QueueAway';
}

/** The queue refuses what it is asked, as for its memory or its disk: that may pass. */
export class QueueRefused extends InputError {}

/**
 * Jobs for workers of other hosts, and their answers, by run and index. Nothing in it is sure.
 * Anything throws QueueAway and QueueRefused, and may be asked again.
 */
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
  /** How many take jobs just now; null where that is not known. Waits for a queue that is away. */
  workers(): Promise<number | null>;
  /** Takes away what is left of a run. */
  remove(run: string, indexes: readonly number[]): Promise<void>;
}

/** To take away what is left of a run that ends before its time. */
const REMOVAL_MS = 2_000;
const REFUSED_MS = 10_000;
const PAUSE_MS = 500;
const LOOK_MS = 1_000;
const ANSWER_MS = 2_000;
/** A shard that is lost so often ends whoever carries it out. */
const MOST_LOSSES = 10;

/** How long a queue is waited for once a run is under way, in ms. */
export interface QueuePatience {
  /** What it refuses is asked again for so long. */
  refusedMs?: number;
  /** How often workers are counted. */
  lookMs?: number;
  /** How soon it answers that: else it is away. */
  answerMs?: number;
}

/** Carries out shards on other hosts, one job each. A job that is lost is given out again. */
export function executeByQueue(queue: JobQueue, patience: QueuePatience = {}): Execute {
  const { refusedMs = REFUSED_MS } = patience;
  return async (scenario, shards, onSum, options) => {
    const { census = true, intervals = 'machine', kernel, signal } = options;
    refuseRecording(scenario);
    const described = describeScenario(scenario, sha256Hex);
    const hash = hashScenario(described, sha256Hex);
    const run = randomBytes(8).toString('hex');
    const jobs = shards.map(({ halfNs = null, binNs = null, ...shard }, index): ShardJob => ({
      version: JOB_VERSION,
      kernel: kernel.identity,
      run,
      index,
      scenario: hash,
      focus: scenario.focus ?? null,
      intervals,
      census,
      shard: { ...shard, halfNs, binNs },
    }));
    const state = new QueuedRun(scenario, jobs, onSum, options.onProgress);
    const waiting = untilAborted(signal, state);
    const stopWatching = new AbortController();
    if (options.onProgress !== undefined) {
      void watch(queue, state, stopWatching.signal, patience);
    }
    try {
      const scenarioBytes = new TextEncoder().encode(canonicalJson(described));
      await waiting.for(insist(() => queue.keepScenario(hash, scenarioBytes), 0, signal));
      await waiting.for(insist(() => queue.add(jobs), 0, signal));
      while (state.pending.size > 0) {
        const once = (): Promise<void> => step(queue, run, state, scenarioBytes);
        await waiting.for(insist(once, refusedMs, signal));
      }
    } finally {
      stopWatching.abort();
      // A queue that is away cannot be told: what is left in it goes away by itself.
      const removed = queue.remove(run, [...state.pending.keys()]).catch(() => undefined);
      await Promise.race([removed, setTimeout(REMOVAL_MS, undefined, { ref: false })]);
    }
  };
}

/** Asks until it is done: a queue that is away comes back, one that refuses has so much time. */
async function insist(
  ask: () => Promise<void>,
  refusedMs: number,
  signal?: AbortSignal,
): Promise<void> {
  let refusedSince = Infinity;
  while (signal?.aborted !== true) {
    try {
      await ask();
      return;
    } catch (error) {
      if (error instanceof QueueRefused) {
        refusedSince = Math.min(refusedSince, performance.now());
        if (performance.now() - refusedSince >= refusedMs) throw error;
      } else if (!(error instanceof QueueAway)) throw error;
    }
    await setTimeout(PAUSE_MS);
  }
}

/** Counts workers now and then, and tells of a queue that does not answer. */
async function watch(
  queue: JobQueue,
  state: QueuedRun,
  stop: AbortSignal,
  { lookMs = LOOK_MS, answerMs = ANSWER_MS }: QueuePatience,
): Promise<void> {
  let asked: Promise<void> | null = null;
  while (!stop.aborted) {
    asked ??= queue
      .workers()
      .then((workers) => void (state.workers = workers))
      .catch(() => undefined)
      .finally(() => (asked = null));
    await Promise.race([asked, setTimeout(answerMs, undefined, { ref: false })]);
    state.isAway = asked !== null;
    if (stop.aborted) return;
    state.show();
    await setTimeout(lookMs, undefined, { ref: false });
  }
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
  if (answer !== null) state.finish(index, state.sumIn(answer, index));
}

/** What of a run is to come. */
class QueuedRun {
  readonly pending: Map<number, ShardJob>;
  private readonly losses = new Map<number, number>();
  private interrupts = 0;
  /** Who takes its jobs, as last counted. */
  workers: number | null = null;
  isAway = false;

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
    this.show();
  }

  show(): void {
    this.onProgress?.(this.progress());
  }

  /** @throws what the shard threw, with all that it takes to see it again. */
  sumIn(answer: Uint8Array, index: number): Uint8Array {
    try {
      return readAnswer(answer);
    } catch (error) {
      const shards = this.jobs.map(({ shard }) => shard);
      throw failedShard(error, this.scenario, shards, index);
    }
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
    const queue = this.isAway ? 'away' : (this.workers ?? 'there');
    return { interrupts: this.interrupts, share: tasksDone / tasks, tasksDone, tasks, queue };
  }
}

/** Waiting that ends with the signal: a queue that is gone answers nothing. */
function untilAborted(signal: AbortSignal | undefined, state: QueuedRun): EndOfWaiting {
  const waiting = new EndOfWaiting();
  const cancel = (): void => waiting.end(new RunCancelled(state.progress()));
  if (signal?.aborted === true) cancel();
  signal?.addEventListener('abort', cancel);
  return waiting;
}

function refuseRecording(scenario: Scenario): void {
  const recorded = recordedSource(scenario);
  if (recorded === undefined) return;
  throw inputError(
    `--engine: "${recorded.name}" replays a recording, which stays on this host`,
    'leave --engine out',
  );
}
