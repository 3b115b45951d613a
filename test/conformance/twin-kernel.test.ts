import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../bench/fingerprint.js';
import type { ShardRequest } from '../../src/kernel/simulate.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { standardWorkload } from '../../src/scenario/workloads.js';
import type { KernelChoice } from '../simulate.js';
import { randomScenario } from './random-scenario.js';
import {
  fingerprintsOf,
  KERNEL_PAIRS,
  KERNELS,
  requestsOf,
  simulateTwin,
} from './simulate-models.js';

const RUNS = Number(process.env['DPCBENCH_RANDOM_RUNS'] ?? 500);
const SEED = Number(process.env['DPCBENCH_RANDOM_SEED'] ?? 7_310);

type Shard = Omit<ShardRequest, 'scenario' | 'policyIndex' | 'warmupNs'>;

/** The fingerprints of the twin and of kernels, by name, under one policy. */
function fingerprints(
  scenario: Scenario,
  policyIndex: number,
  shard: Shard,
  kernels: readonly KernelChoice[] = KERNELS,
): Record<string, string> {
  const request = { scenario, policyIndex, warmupNs: 0, ...shard };
  return { twin: fingerprint(simulateTwin(request)), ...fingerprintsOf(request, kernels) };
}

function expectEqual(seen: Record<string, string>, what: string): void {
  const expected = Object.fromEntries(Object.keys(seen).map((name) => [name, seen.twin]));
  expect(seen, what).toEqual(expected);
}

describe('twin and kernel have the same fingerprint', () => {
  it.each([
    { processors: 1, interrupts: 20_000 },
    { processors: 8, interrupts: 25_000 },
    { processors: 64, interrupts: 15_000 },
  ])('on w$processors', ({ processors, interrupts }) => {
    const scenario = resolveScenario(standardWorkload(processors));
    scenario.policies.forEach((policy, index) => {
      const shard = { seed: 3, shardIndex: 1, untilTimeNs: null, untilInterrupts: interrupts };
      expectEqual(fingerprints(scenario, index, shard), policy.name);
    });
  });

  it('on w8 until an instant', () => {
    const scenario = resolveScenario(standardWorkload(8));
    const shard = { seed: 5, shardIndex: 0, untilTimeNs: 40_000_000, untilInterrupts: null };
    scenario.policies.forEach((policy, index) => {
      expectEqual(fingerprints(scenario, index, shard), policy.name);
    });
  });

  it('and another one with another seed or shard', () => {
    const scenario = resolveScenario(standardWorkload(8));
    const seen = [
      [1, 0],
      [1, 1],
      [2, 0],
    ].map(([seed, shardIndex]) => {
      const shard = { seed, shardIndex, untilTimeNs: null, untilInterrupts: 1_000 };
      return fingerprints(scenario, 0, shard).twin;
    });
    expect(new Set(seen).size).toBe(3);
  });

  it('on random scenarios with drawn durations', { timeout: 600_000 }, () => {
    const pair = fc.constantFrom(...KERNEL_PAIRS);
    const scenarios = randomScenario({ isDrawn: true });
    fc.assert(
      fc.property(scenarios, fc.nat(), fc.nat(9), pair, (written, seed, shardIndex, kernels) => {
        for (const request of requestsOf(written, { seed, shardIndex })) {
          const { scenario, policyIndex, ...shard } = request;
          const seen = fingerprints(scenario, policyIndex, shard, kernels);
          expectEqual(seen, scenario.policies[policyIndex].name);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
