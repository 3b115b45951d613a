import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { setTimeout } from 'node:timers/promises';
import { inflateRawSync } from 'node:zlib';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { inputError } from '../errors.js';
import type { Threads } from '../run/pool.js';
import type { JobMessage } from './job-worker.js';
import { aliveKey, answeredKey, answerKey, KEPT_S, replyOf, scenarioKey } from './redis-queue.js';
import { failureAnswer, jobDifference, readJob, type ShardJob } from './shard-job.js';

export interface WorkOptions {
  /** Aborted: what is under way is given back, and the worker ends. */
  signal: AbortSignal;
  onDone: (shards: number) => void;
  /** What is wrong with the queue, in words; said once until it is something else. */
  onTrouble: (what: string) => void;
}

/** What failed is tried again after so long. */
export const RETRY_MS = 1_000;
const MOST_SCENARIO_BYTES = 2 ** 26;

/** Where scenarios are, and answers go. */
type KeptAnswers = Pick<Redis, 'exists' | 'getBuffer' | 'multi'>;

/** What a worker does with the jobs that it is given. */
export class QueueWork {
  private done = 0;
  private readonly scenarios = new Map<string, Uint8Array>();

  constructor(
    private readonly client: KeptAnswers,
    private readonly threads: Threads,
    private readonly options: WorkOptions,
    private readonly end: (error: Error | null) => void,
    private readonly retryMs = RETRY_MS,
  ) {}

  /** False for a job that is to be given back. */
  async carryOut({ data }: Pick<Job, 'data'>): Promise<boolean> {
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
      await setTimeout(this.retryMs, undefined, { signal }).catch(() => undefined);
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
