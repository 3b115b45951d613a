import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulateShard } from '../simulate.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { PolicyTotal } from '../../src/run/merge.js';
import { PolicySum, type PolicySumState } from '../../src/kernel/policy-sum.js';
import { ShardSeries } from '../../src/kernel/shard-series.js';
import { planTasks } from '../../src/run/tasks.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { SpareMemory } from '../../src/kernel/spare-memory.js';
import type { IntervalScope } from '../../src/result/shard-line.js';
import { randomScenario } from '../conformance/random-scenario.js';
import { lineOf, sumOf } from '../sum-of.js';

const kernel = shippedKernel();

const POLICY = 1;
const SHARDS = 6;
const scenario = loadScenario('default');
const shards = Array.from({ length: SHARDS }, (_, index) => ({
  index,
  untilTimeNs: null,
  untilInterrupts: 3_000 + 100 * index,
}));
const tasks = planTasks(scenario, shards, 7, 200_000).filter(
  ({ policyIndex }) => policyIndex === POLICY,
);

/** What threads would hand on that had simulated the shards so. */
function partOf(indexes: readonly number[]): PolicySumState {
  const series = new ShardSeries(scenario, POLICY, { kernel });
  for (const index of indexes) series.simulate(tasks[index], { onProgress: () => true });
  return structuredClone(series.finish().state);
}

function resultOf(groups: readonly (readonly number[])[]): string {
  const total = new PolicyTotal(scenario, POLICY);
  for (const group of groups) total.add(partOf(group));
  return JSON.stringify([total.result(), total.simulated()]);
}

describe('shards added up where they were simulated', () => {
  const one = new PolicyTotal(scenario, POLICY);
  for (const task of tasks) {
    const outcome = simulateShard({ scenario, ...task });
    one.add(sumOf(scenario, POLICY, lineOf(scenario, task.shardIndex, outcome), outcome));
  }
  const oneByOne = JSON.stringify([one.result(), one.simulated()]);

  it('give the bytes of their outcomes added one by one', () => {
    expect(JSON.parse(oneByOne)).toMatchObject([{ intervals: { perThousand: {} } }, {}]);
    expect(resultOf([[0, 1, 2, 3, 4, 5]])).toBe(oneByOne);
  });

  it('give the same bytes in whatever groups and order', () => {
    expect(resultOf([[0], [1], [2], [3], [4], [5]])).toBe(oneByOne);
    expect(resultOf([[5, 2], [4], [3, 0, 1]])).toBe(oneByOne);
  });

  it('give the same figures where parts are so large that they are put together at once', () => {
    const small = PolicySum.adopt(partOf([0, 1]));
    const large = PolicySum.adopt(partOf([0, 1]));
    for (let i = 2; i < SHARDS; i++) {
      small.add(PolicySum.adopt(partOf([i])));
      const part = partOf([i]);
      // As large as those of a machine with 1,024 processors; the bytes behind are nobody's.
      const [packed] = part.latencies;
      const bytes = new Uint8Array(2 ** 25);
      bytes.set(packed.bytes);
      packed.bytes = bytes;
      large.add(PolicySum.adopt(part));
      expect(large.state.latencies.length).toBe(i < 4 ? i : 1 + (i - 4));
    }
    expect(small.state.latencies.length).toBe(SHARDS - 1);
    expect([large.machine(), large.processor(2)]).toEqual([small.machine(), small.processor(2)]);
  });

  it('keep nothing of a shard that its part has handed on already', () => {
    const total = new PolicyTotal(scenario, POLICY);
    total.add(partOf([0, 1, 2]));
    total.result();
    total.add(partOf([3, 4, 5]));
    expect(JSON.stringify([total.result(), total.simulated()])).toBe(oneByOne);
  });
});

/** Two sums, of shards in another order, against one outcome after another, of any scenario. */
describe('any scenario', () => {
  it('has the same bytes whether shards are added up in a kernel or one by one', () => {
    const warmup = fc.constantFrom(0, 1_000, 300_000);
    const scope = fc.constantFrom<IntervalScope>('machine', 'all');
    const each = fc.tuple(randomScenario({ isDrawn: true }), fc.nat(1_000), warmup, scope);
    fc.assert(
      fc.property(each, ([written, seed, warmupNs, intervals]) => {
        const random = resolveScenario(written);
        const all = [0, 1, 2, 3, 4].map((shardIndex) => ({
          policyIndex: 0,
          seed,
          shardIndex,
          warmupNs,
          untilTimeNs: 1_000_000 + 500_000 * shardIndex,
          untilInterrupts: null,
        }));
        const one = new PolicyTotal(random, 0);
        for (const task of all) {
          const outcome = simulateShard({ scenario: random, ...task });
          one.add(sumOf(random, 0, lineOf(random, task.shardIndex, outcome, intervals), outcome));
        }
        const spare = new SpareMemory();
        const parts = new PolicyTotal(random, 0);
        for (const indexes of [
          [0, 2],
          [4, 1, 3],
        ]) {
          const series = new ShardSeries(random, 0, { kernel, spare, intervals });
          for (const index of indexes) series.simulate(all[index], { onProgress: () => true });
          parts.add(structuredClone(series.finish().state));
        }
        expect(JSON.stringify(parts.result())).toBe(JSON.stringify(one.result()));
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});
