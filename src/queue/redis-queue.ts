import type { Queue } from 'bullmq';
import type { Redis, RedisOptions } from 'ioredis';
import { deflateRawSync } from 'node:zlib';
import { EXIT, InputError, inputError, type Problem } from '../errors.js';
import { setTimeout } from 'node:timers/promises';
import { type JobQueue, QueueAway, QueueRefused } from './queue-engine.js';
import type { ShardJob } from './shard-job.js';

export const QUEUE = 'shards';
export const PREFIX = 'dpcbench';
/** What nobody takes away goes away by itself. */
export const KEPT_S = 24 * 60 * 60;
/** Whoever waits for a run says so that often; a run that nobody waits for is given up. */
const ALIVE_S = 60;
const PATIENCE_S = 1;
/** A server that is there says its first word by then. */
const FIRST_ANSWER_MS = 10_000;
/** A connection without an answer for so long is given up for another: its host may be gone. */
const SILENT_MS = 20_000;

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

/** How long a server is waited for, in ms. */
export interface Patience {
  firstAnswerMs?: number;
  silentMs?: number;
}

/** A connection that outlives a server that is away for a while, once it was made. */
export async function connect(
  text: string,
  { firstAnswerMs = FIRST_ANSWER_MS, silentMs = SILENT_MS }: Patience = {},
): Promise<{ client: Redis; name: string }> {
  const { name, ...address } = readAddress(text, process.env);
  const packages = await loadBullmq();
  let isConnected = false;
  const client = new packages.Redis({
    ...address,
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: firstAnswerMs,
    retryStrategy: (times) => (isConnected ? Math.min(100 * times, 2_000) : null),
  });
  let last: Error | null = null;
  client.on('error', (error: Error) => (last = error));
  const stop = new AbortController();
  try {
    const late = setTimeout(firstAnswerMs, undefined, stop).then(() => {
      throw new Error(`it has not answered for ${firstAnswerMs / 1000} s`);
    });
    const greeted = client.connect().then(() => client.ping());
    await Promise.race([greeted, late]);
  } catch (error) {
    client.disconnect();
    throw unreachable(name, last ?? error);
  } finally {
    stop.abort();
  }
  isConnected = true;
  renewWhenSilent(client, silentMs);
  return { client, name };
}

/** A host that is gone, or a network that forgot, ends no connection: nothing is heard of it. */
function renewWhenSilent(client: Redis, silentMs: number): void {
  let askedMs: number | null = null;
  const hear = (): void => void (askedMs = null);
  const listening = setInterval(() => {
    // Between two connections nothing is expected; at the beginning of one its greeting is.
    if (client.status !== 'ready' && client.status !== 'connect') hear();
    else if (askedMs === null) {
      askedMs = performance.now();
      client.ping().then(hear, hear);
    } else if (performance.now() - askedMs >= silentMs) {
      hear();
      client.disconnect(true);
    }
  }, silentMs / 4).unref();
  client.on('end', () => clearInterval(listening));
}

const NO_AUTHORITY = 'name the authority that signed it by NODE_EXTRA_CA_CERTS=FILE';

/** The way out of what a server refuses, by the first word of its reply, or the error's code. */
const WAYS_OUT: Record<string, string> = {
  NOAUTH: 'its password belongs into DPCBENCH_REDIS_PASSWORD',
  WRONGPASS: 'DPCBENCH_REDIS_USERNAME and DPCBENCH_REDIS_PASSWORD hold others',
  OOM: 'give the server more memory; what --journal keeps is not lost',
  MISCONF: 'its disk is full, or may not be written; what --journal keeps is not lost',
  READONLY: 'it is a replica: give the address of its primary',
  SELF_SIGNED_CERT_IN_CHAIN: NO_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: NO_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NO_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NO_AUTHORITY,
};

/** What a server says, in words. */
export function unreachable(name: string, error: unknown): InputError {
  return new InputError([complaint(name, error)], EXIT.files);
}

function complaint(name: string, error: unknown): Problem {
  const said = replyOf(error);
  const { code = '' } = error as NodeJS.ErrnoException;
  const hint = WAYS_OUT[said.split(' ', 1)[0]] ?? WAYS_OUT[code] ?? '';
  const message = `${name}: the queue cannot be used: ${said}`;
  return { file: null, line: null, column: null, path: '', message, hint };
}

/** What was said of a transaction is said of the command in it. */
export function replyOf(error: unknown): string {
  const { message, previousErrors: [first] = [] } = error as Error & { previousErrors?: Error[] };
  return (first ?? { message }).message;
}

/** Is it what a server answers? */
function isReply(error: unknown): boolean {
  return (error as Error).name === 'ReplyError';
}

/** What was asked while a connection broke, or of one that has ended. */
function isCut(error: unknown): boolean {
  const { code, message, name } = error as NodeJS.ErrnoException;
  return (
    ['AbortError', 'ConnectionClosedError'].includes(name) ||
    /^Connection is closed/.test(message) ||
    /^E[A-Z]+$/.test(String(code))
  );
}

/** A queue on a server of Redis or Valkey, by BullMQ. */
export class RedisQueue implements JobQueue {
  constructor(
    private readonly name: string,
    private readonly client: Pick<
      Redis,
      'del' | 'disconnect' | 'expire' | 'getdelBuffer' | 'pipeline' | 'set'
    >,
    /** For what waits: a connection of its own. */
    private readonly waiting: Pick<Redis, 'blpop' | 'disconnect'>,
    private readonly queue: Pick<Queue, 'addBulk' | 'getWorkersCount' | 'remove'>,
  ) {}

  static async open(address: string, patience?: Patience): Promise<RedisQueue> {
    const { bullmq } = await loadBullmq();
    const { client, name } = await connect(address, patience);
    const { client: waiting } = await connect(address, patience);
    const queue = new bullmq.Queue(QUEUE, { connection: client, prefix: PREFIX });
    queue.on('error', () => undefined);
    return new RedisQueue(name, client, waiting, queue);
  }

  async keepScenario(hash: string, bytes: Uint8Array): Promise<void> {
    await this.ask(() => this.client.set(scenarioKey(hash), deflateRawSync(bytes), 'EX', KEPT_S));
  }

  async add(jobs: readonly ShardJob[]): Promise<void> {
    await this.ask(() => this.client.set(aliveKey(jobs[0].run), '1', 'EX', ALIVE_S));
    await this.ask(() =>
      this.queue.addBulk(
        jobs.map((job) => ({
          name: 'shard',
          data: job,
          opts: {
            jobId: jobId(job.run, job.index),
            removeOnComplete: true,
            removeOnFail: true,
          },
        })),
      ),
    );
  }

  async nextAnswered(run: string): Promise<number | null> {
    // A server that is full takes this, and gives answers away: then it has room again.
    await this.ask(() => this.client.expire(aliveKey(run), ALIVE_S));
    const popped = await this.ask(() => this.waiting.blpop(answeredKey(run), PATIENCE_S));
    if (popped !== null) {
      const index = Number(popped[1]);
      return Number.isSafeInteger(index) ? index : null;
    }
    // One that takes nothing from workers either does not take this.
    await this.ask(() => this.client.set(aliveKey(run), '1', 'EX', ALIVE_S));
    return null;
  }

  async answer(run: string, index: number): Promise<Uint8Array | null> {
    return this.ask(() => this.client.getdelBuffer(answerKey(run, index)));
  }

  async answered(run: string, indexes: readonly number[]): Promise<number[]> {
    return this.existing(indexes, (index) => answerKey(run, index));
  }

  async workers(): Promise<number | null> {
    return this.ask(() => this.queue.getWorkersCount());
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
    const found = await this.ask(async () => {
      const pipeline = this.client.pipeline();
      for (const index of indexes) pipeline.exists(keyOf(index));
      const answers = (await pipeline.exec()) ?? [];
      return answers.map(([error, count]) => {
        if (error !== null) throw error;
        return count === 1;
      });
    });
    return indexes.filter((_, i) => found[i]);
  }

  async remove(run: string, indexes: readonly number[]): Promise<void> {
    await this.client.del(aliveKey(run), answeredKey(run));
    // One that a worker has begun stays: nobody waits for it, which the worker sees.
    await Promise.all(indexes.map((index) => this.queue.remove(jobId(run, index)).catch(() => 0)));
  }

  /** Tells what the server refuses from a connection that was cut. */
  private async ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (isReply(error)) throw new QueueRefused([complaint(this.name, error)], EXIT.files);
      throw isCut(error) ? new QueueAway(replyOf(error), { cause: error }) : error;
    }
  }

  /** At once: nothing that was promised is still under way. */
  close(): void {
    this.waiting.disconnect();
    this.client.disconnect();
  }
}
