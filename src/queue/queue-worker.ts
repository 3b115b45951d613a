import type { Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { inputError } from '../errors.js';
import { executeInPool } from '../run/pool.js';
import { RunCancelled } from '../run/tasks.js';
import { carryOutJob } from './carry-out-job.js';
import {
  aliveKey,
  answeredKey,
  answerKey,
  connect,
  KEPT_S,
  loadBullmq,
  PREFIX,
  QUEUE,
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
}

/** A job is given out so often before it is given up: more than workers that die at once. */
const MOST_STALLS = 10;
const MOST_SCENARIO_BYTES = 2 ** 26;

/**
 * Carries out shards of a queue until it is told to end.
 *
 * @throws InputError for a queue that cannot be reached, and for a job of another kernel or
 *   version, which is given back.
 */
export async function workForQueue(address: string, options: WorkerOptions): Promise<void> {
  const { bullmq } = await loadBullmq();
  const { client } = await connect(address);
  const { client: waiting } = await connect(address);
  let closing: () => Promise<void> = () => Promise.resolve();
  const end = new Promise<Error | null>((resolve) => {
    options.signal.addEventListener('abort', () => resolve(null));
    if (options.signal.aborted) resolve(null);
    const work = new QueueWork(client, options, resolve);
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
      },
    );
    // A server that is away comes back, or does not: whoever started this worker ends it.
    worker.on('error', () => undefined);
    closing = () => worker.close();
  });
  try {
    const error = await end;
    await closing();
    if (error !== null) throw error;
  } finally {
    client.disconnect();
    waiting.disconnect();
  }
}

class QueueWork {
  private done = 0;
  private readonly scenarios = new Map<string, Uint8Array>();

  constructor(
    private readonly client: Redis,
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
    const { index, run } = job;
    if ((await this.client.exists(aliveKey(run))) === 0) return true;
    const scenario = await this.scenarioOf(job);
    // Its run gives it out again, and keeps the scenario before.
    if (scenario === null) return true;
    const answer = await this.answerOf(job, scenario);
    if (answer === null) return false;
    await this.client
      .multi()
      .set(answerKey(run, index), deflateRawSync(answer, { level: 1 }), 'EX', KEPT_S)
      .rpush(answeredKey(run), index)
      .expire(answeredKey(run), KEPT_S)
      .exec();
    this.options.onDone(++this.done);
    return true;
  }

  private async answerOf(job: ShardJob, scenario: Uint8Array): Promise<Uint8Array | null> {
    try {
      return await carryOutJob(job, scenario, executeInPool, this.options.signal);
    } catch (error) {
      if (error instanceof RunCancelled) return null;
      return failureAnswer(error);
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
