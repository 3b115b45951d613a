import type { Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { setTimeout } from 'node:timers/promises';
import { inflateRawSync } from 'node:zlib';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { inputError } from '../errors.js';
import { startThreads, type Threads } from '../run/pool.js';
import type { JobMessage } from './job-worker.js';
import {
  aliveKey,
  answeredKey,
  answerKey,
  connect,
  KEPT_S,
  loadBullmq,
  PREFIX,
  QUEUE,
  replyOf,
  scenarioKey,
} from './redis-queue.js';
import { failureAnswer, jobDifference, readJob, type ShardJob } from './shard-job.js';

export interface WorkerOptions {
  /** Shards at once, each in a thread of its own. */
  workers: number;
  /** After so long without a sign a worker is taken for dead, and its shard given out again. */
  leaseMs: number;
  /** Aborted: what is under way is given back, and the worker ends. */
  signal: AbortSignal;
  onDone: (shards: number) => void;
  /** What is wrong with the queue, in words; said once until it is something else. */
  onTrouble: (what: string) => void;
}

/** A job is given out so often before it is given up: more than workers that die at once. */
const MOST_STALLS = 10;
const MOST_SCENARIO_BYTES = 2 ** 26;
/** What failed is tried again after so long. */
const RETRY_MS = 1_000;
/** To give back what is under way, once the worker is told to end. */
const GIVING_BACK_MS = 3_000;

/**
 * Carries out shards of a queue until it is told to end.
 *
 * @throws InputError for a queue that cannot be reached, and for a job of another kernel or
 *   version, which is given back.
 */
export async function workForQueue(address: string, options: WorkerOptions): Promise<void> {
  const { bullmq } = await loadBullmq();
  const { client, name } = await connect(address);
  const { client: waiting } = await connect(address);
  const threads = await startThreads('#job-worker', options.workers);
  const trouble = sayOnce((what) => options.onTrouble(`${name}: ${what}`));
  let closing: () => Promise<void> = () => Promise.resolve();
  const end = new Promise<Error | null>((resolve) => {
    options.signal.addEventListener('abort', () => resolve(null));
    if (options.signal.aborted) resolve(null);
    const work = new QueueWork(client, threads, { ...options, onTrouble: trouble }, resolve);
    const worker: Worker = new bullmq.Worker(
      QUEUE,
      async (job, token) => {
        if (!(await work.carryOut(job))) {
          await job.moveToWait(token);
          throw new bullmq.WaitingError();
        }
      },
      {
        connection: waiting,
        prefix: PREFIX,
        concurrency: options.workers,
        lockDuration: options.leaseMs,
        stalledInterval: Math.max(1_000, options.leaseMs / 2),
        maxStalledCount: MOST_STALLS,
        runRetryDelay: RETRY_MS,
      },
    );
    // A server that is away comes back, or does not: whoever started this worker ends it.
    worker.on('error', (error) => trouble(replyOf(error)));
    closing = () => worker.close();
  });
  try {
    const error = await end;
    // A queue that is away takes nothing back: when the lease is over, another worker has it.
    await Promise.race([closing(), setTimeout(GIVING_BACK_MS, undefined, { ref: false })]);
    if (error !== null) throw error;
  } finally {
    client.disconnect();
    waiting.disconnect();
    await threads.end();
  }
}

function sayOnce(say: (what: string) => void): (what: string) => void {
  let last = '';
  return (what) => {
    if (what !== last) say(what);
    last = what;
  };
}

class QueueWork {
  private done = 0;
  private readonly scenarios = new Map<string, Uint8Array>();

  constructor(
    private readonly client: Redis,
    private readonly threads: Threads,
    private readonly options: WorkerOptions,
    private readonly end: (error: Error | null) => void,
  ) {}

  /** False for a job that is to be given back. */
  async carryOut({ data }: Job): Promise<boolean> {
    let job: ShardJob;
    try {
      job = readJob(data);
    } catch {
      // Whoever put it there is none of us: it goes away unanswered.
      return true;
    }
    const difference = jobDifference(job, shippedKernel().identity);
    if (difference !== '') {
      this.end(inputError(`this worker is none for the run: ${difference}`, 'update it'));
      return false;
    }
    const { run } = job;
    if ((await this.client.exists(aliveKey(run))) === 0) return true;
    const scenario = await this.scenarioOf(job);
    // Its run gives it out again, and keeps the scenario before.
    if (scenario === null) return true;
    const answer = await this.answerOf(job, scenario);
    if (answer === null) return false;
    return this.handIn(job, Buffer.from(answer));
  }

  /** A server that is full may have room again, and a connection that was cut be made again. */
  private async handIn({ index, run }: ShardJob, answer: Buffer): Promise<boolean> {
    const { onDone, onTrouble, signal } = this.options;
    while (!signal.aborted) {
      try {
        await this.client
          .multi()
          .set(answerKey(run, index), answer, 'EX', KEPT_S)
          .rpush(answeredKey(run), index)
          .expire(answeredKey(run), KEPT_S)
          .exec();
        onDone(++this.done);
        return true;
      } catch (error) {
        onTrouble(replyOf(error));
      }
      await setTimeout(RETRY_MS, undefined, { signal }).catch(() => undefined);
      // Nobody waits for it any more.
      if ((await this.client.exists(aliveKey(run))) === 0) return true;
    }
    return false;
  }

  /** Null if the worker was told to end before. */
  private async answerOf(job: ShardJob, scenario: Uint8Array): Promise<Uint8Array | null> {
    const { signal } = this.options;
    const message: JobMessage = { job, scenario };
    try {
      return (await this.threads.run(message, signal)) as Uint8Array;
    } catch (error) {
      return signal.aborted ? null : failureAnswer(error);
    }
  }

  private async scenarioOf({ scenario: hash }: ShardJob): Promise<Uint8Array | null> {
    const known = this.scenarios.get(hash);
    if (known !== undefined) return known;
    const packed = await this.client.getBuffer(scenarioKey(hash));
    if (packed === null) return null;
    let bytes: Uint8Array;
    try {
      bytes = inflateRawSync(packed, { maxOutputLength: MOST_SCENARIO_BYTES });
    } catch {
      return new Uint8Array();
    }
    this.scenarios.clear();
    this.scenarios.set(hash, bytes);
    return bytes;
  }
}
