import type { Worker } from 'bullmq';
import { setTimeout } from 'node:timers/promises';
import { startThreads } from '../run/pool.js';
import { QueueWork, RETRY_MS, type WorkOptions } from './queue-work.js';
import { connect, loadBullmq, PREFIX, QUEUE, replyOf } from './redis-queue.js';

export interface WorkerOptions extends WorkOptions {
  /** Shards at once, each in a thread of its own. */
  workers: number;
  /** After so long without a sign a worker is taken for dead, and its shard given out again. */
  leaseMs: number;
}

/** A job is given out so often before it is given up: more than workers that die at once. */
const MOST_STALLS = 10;
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

/** Says what is new. */
export function sayOnce(say: (what: string) => void): (what: string) => void {
  let last = '';
  return (what) => {
    if (what !== last) say(what);
    last = what;
  };
}
