import { Worker } from 'bullmq';
import { RedisServer } from '../../bench/redis-server.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import type { Shard } from '../../src/kernel/shard.js';
import type { PolicySumState } from '../../src/kernel/policy-sum.js';
import { encodeSum } from '../../src/kernel/sum-bytes.js';
import { executeByQueue } from '../../src/queue/queue-engine.js';
import {
  answeredKey,
  answerKey,
  connect,
  PREFIX,
  QUEUE,
  RedisQueue,
} from '../../src/queue/redis-queue.js';
import { type ShardJob, sumAnswer } from '../../src/queue/shard-job.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { keepShards, type ShardStore } from '../../src/run/kept-shards.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import type { Scenario } from '../../src/scenario/scenario.js';

/** Interrupts of each shard: enough for histograms as full as they get. */
const INTERRUPTS = 200_000;

/** One shard is known, and that is all that is wanted. */
class Enough extends Error {}

/** A scenario of one policy, so many shards of it, and the sum of the first. */
async function oneShard(
  name: string,
  shards: number,
): Promise<{ scenario: Scenario; template: PolicySumState }> {
  const { policies, ...rest } = loadScenario(name);
  const until = { timeNs: null, interrupts: shards * INTERRUPTS };
  const scenario = { ...rest, policies: policies.slice(0, 1), until };
  let template: PolicySumState | null = null;
  await runBenchmark(scenario, { shards, warmup: 'none' }, async (known, planned, onSum, how) => {
    const only = planned.slice(0, 1);
    await executeInProcess(known, only, (sum) => (template = structuredClone(sum)), how);
    onSum(template!);
    throw new Enough();
  }).catch((error: unknown) => {
    if (!(error instanceof Enough)) throw error;
  });
  return { scenario, template: template! };
}

/** The sum of one shard under the number of another. */
function sumAs(template: PolicySumState, shardIndex: number): Uint8Array {
  const [line] = template.lines;
  return encodeSum({ ...template, lines: [{ ...line, shardIndex, halves: null }] });
}

/**
 * What so many workers that answer at once cost whoever merges: all give the bytes of one shard,
 * under the number of another.
 */
export async function mergeMany(name: string, shards: number): Promise<void> {
  const { scenario, template } = await oneShard(name, shards);
  let [bytes, writingMs] = [0, 0];
  const workers: ShardStore = {
    path: 'the workers',
    get: (key) => {
      const started = performance.now();
      const { shardIndex } = JSON.parse(key.slice(key.indexOf('{'))) as Shard;
      const sum = sumAs(template, shardIndex);
      bytes += sum.length;
      writingMs += performance.now() - started;
      return sum;
    },
  };
  const started = performance.now();
  await runBenchmark(scenario, { shards, warmup: 'none' }, keepShards(executeInProcess, workers));
  const ms = (performance.now() - started - writingMs) / shards;
  console.log(
    `${name}: ${shards} shards of one policy, ${(bytes / shards / 1024).toFixed(0)} kB each, ` +
      `${ms.toFixed(1)} ms each to check and merge, ` +
      `${(writingMs / shards).toFixed(1)} ms to write`,
  );
}

/** What a queue on a server of its own and whoever merges bear, if workers answer at once. */
export async function queueMany(name: string, shards: number): Promise<void> {
  const { scenario, template } = await oneShard(name, shards);
  const server = await RedisServer.start();
  const queue = await RedisQueue.open(server.address);
  const { client } = await connect(server.address);
  const { client: waiting } = await connect(server.address);
  let [bytes, writingMs] = [0, 0];
  const worker = new Worker<ShardJob>(
    QUEUE,
    async ({ data: { index, run, shard } }) => {
      const started = performance.now();
      const answer = Buffer.from(sumAnswer(sumAs(template, shard.shardIndex)));
      bytes += answer.length;
      writingMs += performance.now() - started;
      await client.multi().set(answerKey(run, index), answer).rpush(answeredKey(run), index).exec();
    },
    { connection: waiting, prefix: PREFIX, concurrency: 20 },
  );
  const started = performance.now();
  await runBenchmark(scenario, { shards, warmup: 'none' }, executeByQueue(queue));
  const ms = (performance.now() - started - writingMs) / shards;
  const memory = /used_memory_peak_human:(\S+)/.exec(await client.info('memory'));
  console.log(
    `${name}: ${shards} jobs of one policy, answers of ${(bytes / shards / 1024).toFixed(0)} kB, ` +
      `${ms.toFixed(1)} ms each from queue to sum, ${memory?.[1]} in the server at most`,
  );
  await worker.close();
  queue.close();
  for (const each of [client, waiting]) each.disconnect();
  await server.end();
}
