import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulateShard } from '../simulate.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { PolicyTotal } from '../../src/run/merge.js';
import { PartBuilder } from '../../src/run/policy-part.js';
import type { PolicyPart } from '../../src/run/tasks.js';
import { planTasks } from '../../src/run/tasks.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { SpareMemory } from '../../src/kernel/spare-memory.js';
import { randomScenario } from '../conformance/random-scenario.js';

const kernel = shippedKernel();

const POLICY = 1;
const SHARDS = 6;
const scenario = loadScenario('default');
const shards = Array.from({ length: SHARDS }, (_, index) => (
  { index, untilTimeNs: null, untilInterrupts: 3_000 + 100 * index }));
const tasks = planTasks(scenario, shards, 7, 200_000)
  .filter(({ policyIndex }) => policyIndex === POLICY);

/** What threads would hand on that had simulated the shards so. */
function partOf(indexes: readonly number[]): PolicyPart {
  const builder = new PartBuilder(scenario, POLICY, { kernel });
  for (const index of indexes) builder.simulate(tasks[index], () => true);
  return structuredClone(builder.part());
}

function resultOf(groups: readonly (readonly number[])[]): string {
  const total = new PolicyTotal(scenario, POLICY);
  for (const group of groups) total.addPart(partOf(group));
  return JSON.stringify([total.result(), total.simulated()]);
}

describe('shards added up where they were simulated', () => {
  const one = new PolicyTotal(scenario, POLICY);
  for (const task of tasks) one.add(simulateShard({ scenario, ...task }));
  const oneByOne = JSON.stringify([one.result(), one.simulated()]);

  it('give the bytes of their outcomes added one by one', () => {
    expect(JSON.parse(oneByOne)).toMatchObject([{ intervals: { perThousand: {} } }, {}]);
    expect(resultOf([[0, 1, 2, 3, 4, 5]])).toBe(oneByOne);
  });

  it('give the same bytes in whatever groups and order', () => {
    expect(resultOf([[0], [1], [2], [3], [4], [5]])).toBe(oneByOne);
    expect(resultOf([[5, 2], [4], [3, 0, 1]])).toBe(oneByOne);
  });

  it('keep nothing of a shard that its part has handed on already', () => {
    const total = new PolicyTotal(scenario, POLICY);
    total.addPart(partOf([0, 1, 2]));
    total.result();
    total.addPart(partOf([3, 4, 5]));
    expect(JSON.stringify([total.result(), total.simulated()])).toBe(oneByOne);
  });
});

/** Two parts, shards 0 and 2 and shard 1, against one outcome after another, of any scenario. */
describe('any scenario', () => {
  it('has the same bytes whether shards are added up in a kernel or one by one', () => {
    const warmup = fc.constantFrom(0, 1_000, 300_000);
    const each = fc.tuple(randomScenario({ isDrawn: true }), fc.nat(1_000), warmup);
    fc.assert(fc.property(each, ([written, seed, warmupNs]) => {
      const random = resolveScenario(written);
      const all = [0, 1, 2].map((shardIndex) => ({
        policyIndex: 0, seed, shardIndex, warmupNs,
        untilTimeNs: 2_000_000 + 500_000 * shardIndex, untilInterrupts: null,
      }));
      const one = new PolicyTotal(random, 0);
      for (const task of all) one.add(simulateShard({ scenario: random, ...task }));
      const spare = new SpareMemory();
      const parts = new PolicyTotal(random, 0);
      for (const indexes of [[0, 2], [1]]) {
        const builder = new PartBuilder(random, 0, { kernel, spare });
        for (const index of indexes) builder.simulate(all[index], () => true);
        parts.addPart(structuredClone(builder.part()));
      }
      expect(JSON.stringify(parts.result())).toBe(JSON.stringify(one.result()));
    }), { numRuns: 60, seed: 4 });
  });
});
