import { loadScenario } from '../../src/disk/load-scenario.js';
import type { Shard } from '../../src/kernel/shard.js';
import type { PolicySumState } from '../../src/kernel/policy-sum.js';
import { encodeSum } from '../../src/kernel/sum-bytes.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { keepShards, type ShardStore } from '../../src/run/kept-shards.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';

/** Interrupts of each shard: enough for histograms as full as they get. */
const INTERRUPTS = 200_000;

/** One shard is known, and that is all that is wanted. */
class Enough extends Error {}

/**
 * What so many workers that answer at once cost whoever merges: all give the bytes of one shard,
 * under the number of another.
 */
export async function mergeMany(name: string, shards: number): Promise<void> {
  const { policies, ...scenario } = loadScenario(name);
  const until = { timeNs: null, interrupts: shards * INTERRUPTS };
  const one = { ...scenario, policies: policies.slice(0, 1), until };
  let template: PolicySumState | null = null;
  await runBenchmark(one, { shards, warmup: 'none' }, async (known, planned, onSum, options) => {
    const only = planned.slice(0, 1);
    await executeInProcess(known, only, (sum) => (template = structuredClone(sum)), options);
    onSum(template!);
    throw new Enough();
  }).catch((error: unknown) => {
    if (!(error instanceof Enough)) throw error;
  });
  const [line] = template!.lines;
  let [bytes, writingMs] = [0, 0];
  const workers: ShardStore = {
    path: 'the workers',
    get: (key) => {
      const started = performance.now();
      const { shardIndex } = JSON.parse(key.slice(key.indexOf('{'))) as Shard;
      const sum = encodeSum({ ...template!, lines: [{ ...line, shardIndex, halves: null }] });
      bytes += sum.length;
      writingMs += performance.now() - started;
      return sum;
    },
  };
  const started = performance.now();
  await runBenchmark(one, { shards, warmup: 'none' }, keepShards(executeInProcess, workers));
  const ms = (performance.now() - started - writingMs) / shards;
  console.log(
    `${name}: ${shards} shards of one policy, ${(bytes / shards / 1024).toFixed(0)} kB each, ` +
      `${ms.toFixed(1)} ms each to check and merge, ` +
      `${(writingMs / shards).toFixed(1)} ms to write`,
  );
}
