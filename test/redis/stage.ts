import { Redis } from 'ioredis';
import type { TestContext } from 'vitest';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { executeByQueue } from '../../src/queue/queue-engine.js';
import { workForQueue } from '../../src/queue/queue-worker.js';
import { RedisQueue } from '../../src/queue/redis-queue.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark, type RunOptions } from '../../src/run/run-benchmark.js';
import type { Execute, RunProgress } from '../../src/run/tasks.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { RedisServer } from '../../bench/redis-server.js';
import { Way } from './way.js';

const w8: Scenario = { ...loadScenario('w8'), until: { timeNs: null, interrupts: 120_000 } };
const SHARDS = 6;
export const TASKS = SHARDS * w8.policies.length;
/** A connection that is silent for so long is given up. */
const PATIENCE = { silentMs: 2_500 };

/** Everything that must not depend on who carried it out. */
export async function bytes(execute: Execute, options: RunOptions = {}): Promise<string> {
  const document = await runBenchmark(w8, { shards: SHARDS, ...options }, execute);
  const { host: _host, ...meta } = document.meta;
  return JSON.stringify({ ...document, meta });
}

/** What one process makes of the run. */
export const whole = bytes(executeInProcess);

/** A run during which something happens: once, as soon as so many shards are done. */
interface Plot extends RunOptions {
  at: number;
  when: () => unknown;
  refusedMs?: number;
}

interface StagedWorker {
  /** What it says of trouble. */
  said: string[];
  done: () => number;
  end: () => Promise<void>;
}

/** Servers, workers and runs of one test, all in this process, ended with it. */
export class Stage {
  private readonly ends: (() => unknown)[] = [];

  constructor({ onTestFinished }: TestContext) {
    onTestFinished(async () => {
      for (const end of this.ends.reverse()) await end();
    });
  }

  atEnd(end: () => unknown): void {
    this.ends.push(end);
  }

  async server(args?: readonly string[]): Promise<RedisServer> {
    const server = await RedisServer.start(args);
    this.atEnd(() => server.end());
    return server;
  }

  async way(server: RedisServer): Promise<Way> {
    const way = await Way.to(server);
    this.atEnd(() => way.close());
    return way;
  }

  worker(address: string): StagedWorker {
    const stop = new AbortController();
    const said: string[] = [];
    let done = 0;
    const ended = workForQueue(address, {
      workers: 1,
      leaseMs: 2_000,
      signal: stop.signal,
      onDone: (shards) => (done = shards),
      onTrouble: (what) => said.push(what),
    });
    const end = async (): Promise<void> => {
      stop.abort();
      await ended;
    };
    this.atEnd(end);
    return { said, done: () => done, end };
  }

  async run(
    address: string,
    { at, when, refusedMs, ...options }: Plot,
  ): Promise<{ text: string; seen: RunProgress[] }> {
    const queue = await RedisQueue.open(address, PATIENCE);
    const seen: RunProgress[] = [];
    let happening: unknown = null;
    const onProgress = (progress: RunProgress): void => {
      seen.push(progress);
      if (progress.tasksDone >= at) happening ??= Promise.resolve(when());
    };
    try {
      const text = await bytes(executeByQueue(queue, { refusedMs }), { ...options, onProgress });
      await happening;
      return { text, seen };
    } finally {
      queue.close();
    }
  }
}

/** Asks a server by a connection of its own. */
export async function ask(address: string, ...words: string[]): Promise<unknown> {
  const client = new Redis(address);
  try {
    return await client.call(words[0], ...words.slice(1));
  } finally {
    client.disconnect();
  }
}
