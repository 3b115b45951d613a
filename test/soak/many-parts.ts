import { loadScenario } from '../../src/disk/load-scenario.js';
import type { PolicySumState } from '../../src/kernel/policy-sum.js';
import { decodeSum, encodeSum } from '../../src/kernel/sum-bytes.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { keepShards } from '../../src/run/kept-shards.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import type { Execute } from '../../src/run/tasks.js';

/** Interrupts of each shard: enough for histograms as full as they get. */
const INTERRUPTS = 200_000;

/**
 * What so many workers that answer at once cost whoever merges: all give the bytes of one shard,
 * under the number of another.
 */
export async function mergeMany(name: string, shards: number): Promise<number> {
  const { policies, ...scenario } = loadScenario(name);
  const until = { timeNs: null, interrupts: shards * INTERRUPTS };
  const one = { ...scenario, policies: policies.slice(0, 1), until };
  let template: PolicySumState | null = null;
  let [bytes, waitedMs] = [0, 0];
  const answerAtOnce: Execute = async (known, planned, onSum, options) => {
    const started = performance.now();
    await executeInProcess(known, planned.slice(0, 1), (sum) => (template = sum), options);
    waitedMs += performance.now() - started;
    for (const { shardIndex } of planned) {
      onSum({ ...template!, lines: [{ ...template!.lines[0], shardIndex, halves: null }] });
    }
  };
  const store = {
    path: 'nowhere',
    get: () => undefined,
    add: (_: string, sum: Uint8Array) => {
      bytes += sum.length;
      // Whoever merges reads what workers wrote.
      decodeSum(sum, one, 'here');
    },
  };
  const started = performance.now();
  await runBenchmark(one, { shards, warmup: 'none' }, keepShards(answerAtOnce, store));
  const ms = (performance.now() - started - waitedMs) / shards;
  console.log(
    `${name}: ${shards} shards of one policy, ${(bytes / shards / 1024).toFixed(0)} kB each, ` +
      `${ms.toFixed(1)} ms each to write, read and merge`,
  );
  return encodeSum(template!).length > 0 ? 0 : 1;
}
