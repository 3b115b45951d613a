import type { Queue } from 'bullmq';
import type { Redis, RedisOptions } from 'ioredis';
import { EXIT, inputError, type InputError } from '../errors.js';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { JobQueue } from './queue-engine.js';
import type { ShardJob } from './shard-job.js';

export const QUEUE = 'shards';
export const PREFIX = 'dpcbench';
/** What nobody takes away goes away by itself. */
export const KEPT_S = 24 * 60 * 60;
/** Whoever waits for a run says so that often; a run that nobody waits for is given up. */
const ALIVE_S = 60;
const PATIENCE_S = 1;
const MOST_BYTES = 2 ** 28;

export const scenarioKey = (hash: string): string => `${PREFIX}:scenario:${hash}`;
export const answerKey = (run: string, index: number): string => `${PREFIX}:answer:${run}:${index}`;
export const answeredKey = (run: string): string => `${PREFIX}:answered:${run}`;
export const aliveKey = (run: string): string => `${PREFIX}:alive:${run}`;
const jobId = (run: string, index: number): string => `${run}-${index}`;

/** @throws InputError with the way out where the packages are not installed. */
export async function loadBullmq(): Promise<{
  bullmq: typeof import('bullmq');
  Redis: typeof Redis;
}> {
  try {
    return { bullmq: await import('bullmq'), Redis: (await import('ioredis')).Redis };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw inputError(
      'a queue takes the packages bullmq and ioredis, which are not installed',
      'npm install bullmq ioredis',
    );
  }
}

/**
 * Where a queue is. Credentials stand in the environment: a command line is seen by everybody on
 * the host and stands in every result.
 *
 * @throws InputError for an address that is none, or holds credentials.
 */
export function readAddress(text: string, env: NodeJS.ProcessEnv): RedisOptions & { name: string } {
  const url = URL.canParse(text) ? new URL(text) : null;
  const database = url === null ? null : /^\/?([0-9]{0,3})$/.exec(url.pathname);
  if (url === null || database === null || !['redis:', 'rediss:'].includes(url.protocol)) {
    throw inputError('--engine: this is no address of a queue', 'such as redis://host:6379/0');
  }
  if (url.username !== '' || url.password !== '') {
    throw inputError(
      '--engine: credentials do not belong on a command line, which others see',
      'put them into DPCBENCH_REDIS_USERNAME and DPCBENCH_REDIS_PASSWORD',
    );
  }
  return {
    name: `${url.protocol}//${url.host}`,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 6379),
    db: Number(database[1]),
    username: env.DPCBENCH_REDIS_USERNAME,
    password: env.DPCBENCH_REDIS_PASSWORD,
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** A connection that outlives a server that is away for a while, once it was made. */
export async function connect(text: string): Promise<{ client: Redis; name: string }> {
  const { name, ...address } = readAddress(text, process.env);
  const packages = await loadBullmq();
  let isConnected = false;
  const client = new packages.Redis({
    ...address,
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isConnected ? Math.min(100 * times, 2_000) : null),
  });
  let last: Error | null = null;
  client.on('error', (error: Error) => (last = error));
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    client.disconnect();
    throw unreachable(name, last ?? error);
  }
  isConnected = true;
  return { client, name };
}

/** What a server says, in words. */
export function unreachable(name: string, error: unknown): InputError {
  const { message } = error as Error;
  return inputError(`${name}: the queue cannot be used: ${message}`, '', EXIT.files);
}

/** A queue on a server of Redis or Valkey, by BullMQ. */
export class RedisQueue implements JobQueue {
  private constructor(
    private readonly client: Redis,
    /** For what waits: a connection of its own. */
    private readonly waiting: Redis,
    private readonly queue: Queue,
  ) {}

  static async open(address: string): Promise<RedisQueue> {
    const { bullmq } = await loadBullmq();
    const { client } = await connect(address);
    const { client: waiting } = await connect(address);
    const queue = new bullmq.Queue(QUEUE, { connection: client, prefix: PREFIX });
    queue.on('error', () => undefined);
    return new RedisQueue(client, waiting, queue);
  }

  async keepScenario(hash: string, bytes: Uint8Array): Promise<void> {
    await this.client.set(scenarioKey(hash), deflateRawSync(bytes), 'EX', KEPT_S);
  }

  async add(jobs: readonly ShardJob[]): Promise<void> {
    await this.client.set(aliveKey(jobs[0].run), '1', 'EX', ALIVE_S);
    await this.queue.addBulk(
      jobs.map((job) => ({
        name: 'shard',
        data: job,
        opts: {
          jobId: jobId(job.run, job.index),
          removeOnComplete: true,
          removeOnFail: true,
        },
      })),
    );
  }

  async nextAnswered(run: string): Promise<number | null> {
    await this.client.set(aliveKey(run), '1', 'EX', ALIVE_S);
    const popped = await this.waiting.blpop(answeredKey(run), PATIENCE_S);
    const index = popped === null ? NaN : Number(popped[1]);
    return Number.isSafeInteger(index) ? index : null;
  }

  async answer(run: string, index: number): Promise<Uint8Array | null> {
    const packed = await this.client.getdelBuffer(answerKey(run, index));
    if (packed === null) return null;
    try {
      return inflateRawSync(packed, { maxOutputLength: MOST_BYTES });
    } catch {
      throw inputError('an answer of a worker is damaged');
    }
  }

  async answered(run: string, indexes: readonly number[]): Promise<number[]> {
    return this.existing(indexes, (index) => answerKey(run, index));
  }

  async lost(run: string, indexes: readonly number[]): Promise<number[]> {
    const queued = await this.existing(
      indexes,
      (index) => `${PREFIX}:${QUEUE}:${jobId(run, index)}`,
    );
    const left = new Set(indexes);
    for (const index of queued) left.delete(index);
    for (const index of await this.answered(run, [...left])) left.delete(index);
    return [...left];
  }

  private async existing(
    indexes: readonly number[],
    keyOf: (index: number) => string,
  ): Promise<number[]> {
    if (indexes.length === 0) return [];
    const pipeline = this.client.pipeline();
    for (const index of indexes) pipeline.exists(keyOf(index));
    const found = (await pipeline.exec()) ?? [];
    return indexes.filter((_, i) => found[i]?.[1] === 1);
  }

  async remove(run: string, indexes: readonly number[]): Promise<void> {
    await this.client.del(aliveKey(run), answeredKey(run));
    // One that a worker has begun stays: nobody waits for it, which the worker sees.
    await Promise.all(indexes.map((index) => this.queue.remove(jobId(run, index)).catch(() => 0)));
  }

  /** At once: nothing that was promised is still under way. */
  close(): void {
    this.waiting.disconnect();
    this.client.disconnect();
  }
}
