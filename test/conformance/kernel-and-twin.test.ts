import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededDraws } from '../model/seeded-draws.js';
import { runTwin } from '../model/twin.js';
import type { ShardOutcome } from '../../src/result/outcome.js';
import { simulateShard, traceShard } from '../simulate.js';
import type { ShardRequest } from '../../src/kernel/simulate.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { randomScenario } from './random-scenario.js';
import type { WrittenScenario } from './random-scenario.js';

const RUNS = Number(process.env['DPCBENCH_RANDOM_RUNS'] ?? 200);
const SEED = Number(process.env['DPCBENCH_RANDOM_SEED'] ?? 20_090_401);

/** Both models, with and without the event log: four times the same answer. */
function compare(written: WrittenScenario, seed: number): void {
  const scenario = resolveScenario(written);
  const { timeNs, interrupts } = scenario.until;
  scenario.policies.forEach((policy, policyIndex) => {
    const request: ShardRequest = {
      scenario, policyIndex, seed, shardIndex: 0, warmupNs: 0,
      untilTimeNs: timeNs, untilInterrupts: interrupts,
    };
    const expected: string[] = [];
    const twin = runTwin(scenario, policyIndex, {
      draws: seededDraws(scenario, seed, 0),
      untilTimeNs: timeNs,
      untilInterrupts: interrupts,
      onEvent: (event) => expected.push(JSON.stringify(event)),
    });
    const seen: string[] = [];
    const traced = traceShard(request, (batch) => {
      for (const event of batch) seen.push(JSON.stringify(event));
    });
    expect(seen, policy.name).toEqual(expected);
    expect(figures(traced), policy.name).toEqual(figures(twin));
    expect(figures(simulateShard(request)), policy.name).toEqual(figures(twin));
  });
}

/** An outcome as plain values that compare fast. */
function figures(outcome: ShardOutcome): unknown {
  return JSON.parse(JSON.stringify(outcome, (_key, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    return ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value;
  }));
}

describe('kernel and twin agree to the last event and figure', () => {
  it.each([
    { name: 'constant durations', isDrawn: false },
    { name: 'drawn durations', isDrawn: true },
  ])('on random scenarios with $name', { timeout: 600_000 }, ({ isDrawn }) => {
    fc.assert(
      fc.property(randomScenario({ isDrawn }), fc.nat(), (written, seed) => compare(written, seed)),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
