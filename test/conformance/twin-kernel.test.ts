import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../bench/fingerprint.js';
import { seededDraws } from '../model/seeded-draws.js';
import { runTwin } from '../model/twin.js';
import type { KernelBuild } from '../simulate.js';
import { simulateShard } from '../simulate.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { standardWorkload } from '../../src/scenario/workloads.js';
import { randomScenario } from './random-scenario.js';

const RUNS = Number(process.env['DPCBENCH_RANDOM_RUNS'] ?? 300);
const SEED = Number(process.env['DPCBENCH_RANDOM_SEED'] ?? 7_310);

/**
 * Both builds of the kernel, each running ahead where the scenario allows it and one event at a
 * time.
 */
const KERNELS: { build: KernelBuild; lockstep: boolean }[] = [
  { build: 'release', lockstep: false },
  { build: 'release', lockstep: true },
  { build: 'debug', lockstep: false },
  { build: 'debug', lockstep: true },
];

interface Shard {
  seed: number;
  shardIndex: number;
  untilTimeNs: number | null;
  untilInterrupts: number | null;
}

/** The fingerprints of the twin and of every kernel, by name, under one policy. */
function fingerprints(
  scenario: Scenario,
  policyIndex: number,
  shard: Shard,
): Record<string, string> {
  const { seed, shardIndex, untilTimeNs, untilInterrupts } = shard;
  const draws = seededDraws(scenario, seed, shardIndex);
  const twin = runTwin(scenario, policyIndex, { draws, untilTimeNs, untilInterrupts });
  const seen: Record<string, string> = { twin: fingerprint(twin) };
  for (const { build, lockstep } of KERNELS) {
    const request = { scenario, policyIndex, warmupNs: 0, ...shard };
    const outcome = simulateShard(request, { build, lockstep });
    seen[`${build} ${lockstep ? 'in step' : 'ahead'}`] = fingerprint(outcome);
  }
  return seen;
}

function expectEqual(seen: Record<string, string>, what: string): void {
  const expected = Object.fromEntries(Object.keys(seen).map((name) => [name, seen.twin]));
  expect(seen, what).toEqual(expected);
}

describe('twin and kernel have the same fingerprint', () => {
  it.each([
    { processors: 1, interrupts: 50_000 },
    { processors: 8, interrupts: 60_000 },
    { processors: 64, interrupts: 40_000 },
  ])('on w$processors', ({ processors, interrupts }) => {
    const scenario = resolveScenario(standardWorkload(processors));
    scenario.policies.forEach((policy, index) => {
      const shard = { seed: 3, shardIndex: 1, untilTimeNs: null, untilInterrupts: interrupts };
      expectEqual(fingerprints(scenario, index, shard), policy.name);
    });
  });

  it('on w8 until an instant', () => {
    const scenario = resolveScenario(standardWorkload(8));
    const shard = { seed: 5, shardIndex: 0, untilTimeNs: 80_000_000, untilInterrupts: null };
    scenario.policies.forEach((policy, index) => {
      expectEqual(fingerprints(scenario, index, shard), policy.name);
    });
  });

  it('and another one with another seed or shard', () => {
    const scenario = resolveScenario(standardWorkload(8));
    const seen = [[1, 0], [1, 1], [2, 0]].map(([seed, shardIndex]) => {
      const shard = { seed, shardIndex, untilTimeNs: null, untilInterrupts: 1_000 };
      return fingerprints(scenario, 0, shard).twin;
    });
    expect(new Set(seen).size).toBe(3);
  });

  it('on random scenarios with drawn durations', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(randomScenario({ isDrawn: true }), fc.nat(), fc.nat(9), (written, seed, at) => {
        const scenario = resolveScenario(written);
        const { timeNs, interrupts } = scenario.until;
        scenario.policies.forEach((policy, index) => {
          expectEqual(fingerprints(scenario, index, {
            seed, shardIndex: at, untilTimeNs: timeNs, untilInterrupts: interrupts,
          }), policy.name);
        });
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
