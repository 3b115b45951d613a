import { describe, expect, it } from 'vitest';
import { HISTOGRAM_HALF_BITS, DECISION_BUCKET_BITS } from '../../assembly/shared/abi.js';
import { simulateShard } from '../simulate.js';
import { decisionsOf } from '../../src/result/decisions.js';
import type { CensusCell } from '../../src/result/census.js';
import type { ShardOutcome } from '../../src/result/outcome.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { BY_INTERRUPTS, BY_TIME, CASES, outcomeOf, scenarioOf, TIMERS } from './machines.js';

type Counted = ShardOutcome & { census: CensusCell[] };

/** With its decisions, which are counted unless somebody says otherwise. */
function countedOf(outcome: ShardOutcome): Counted {
  const { census } = outcome;
  if (census === null) throw new Error('decisions were not counted');
  return { ...outcome, census };
}

/** Buckets of the latency's histogram, put together as the census has them. */
function coarse({ machine: { dpcWait } }: ShardOutcome): Map<number, number> {
  const coarser = HISTOGRAM_HALF_BITS - DECISION_BUCKET_BITS;
  const sums = new Map<number, number>();
  dpcWait.buckets.forEach((bucket, i) => {
    const at = bucket >> coarser;
    sums.set(at, (sums.get(at) ?? 0) + dpcWait.counts[i]);
  });
  return sums;
}

function summed({ census }: Counted): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { buckets, counts } of census) {
    buckets.forEach((bucket, i) => sums.set(bucket, (sums.get(bucket) ?? 0) + counts[i]));
  }
  return new Map([...sums].sort(([a], [b]) => a - b));
}

/** Every insert is in one cell, and so is every wait. */
function expectConserved(outcome: Counted, scenario: Scenario, policyIndex: number): void {
  const { counters, dpcWait } = outcome.machine;
  const decisions = decisionsOf(outcome.census, scenario.policies[policyIndex]);
  const inserts = (request: string): number =>
    decisions.reduce(
      (sum, decision) =>
        sum + (request === '' || decision.request === request ? decision.inserts : 0),
      0,
    );
  expect({
    inserts: inserts(''),
    localRequests: inserts('local'),
    ipis: inserts('ipi'),
    suppressed: inserts('suppressed'),
    declined: inserts('none'),
  }).toEqual({
    inserts: counters.inserts,
    localRequests: counters.localRequests,
    ipis: counters.ipis,
    suppressed: counters.suppressed,
    declined: counters.declined,
  });
  expect(summed(outcome)).toEqual(coarse(outcome));
  expect(outcome.census.reduce((sum, { sumNs }) => sum + sumNs, 0n)).toBe(dpcWait.sumNs);
  expect(Math.max(...outcome.census.map(({ maxNs }) => maxNs))).toBe(dpcWait.maxNs);
}

describe.each(CASES)('%s, %s: the census of decisions', (name, _policy, index) => {
  const scenario = scenarioOf(name, TIMERS);
  const afterWarmUp = {
    scenario,
    policyIndex: index,
    seed: 11,
    shardIndex: 0,
    ...BY_TIME,
    warmupNs: 7_654_321,
  };

  it.each([BY_TIME, BY_INTERRUPTS])('adds up to the counters and waits', (ending) => {
    expectConserved(countedOf(outcomeOf(scenario, index, ending)), scenario, index);
  });

  it.each([true, false])('after a warm-up too (lockstep: %s)', (lockstep) => {
    const outcome = simulateShard(afterWarmUp, { lockstep });
    expect(outcome.startNs).toBe(7_654_321);
    expectConserved(countedOf(outcome), scenario, index);
  });

  it('changes nothing else when it is left out (after a warm-up, in both engines)', () => {
    for (const lockstep of [true, false]) {
      const counted = simulateShard(afterWarmUp, { lockstep });
      const { census, ...others } = simulateShard(afterWarmUp, { census: false, lockstep });
      expect(census).toBeNull();
      expect({ ...others, census: counted.census }).toEqual(counted);
    }
  });

  it('says of every cell what its facts allow', () => {
    const { census } = countedOf(outcomeOf(scenario, index, BY_TIME));
    const decisions = decisionsOf(census, scenario.policies[index]);
    expect(decisions.length).toBeGreaterThan(2);
    for (const { facts, request, target } of decisions) {
      expect(facts.includes('polling') || facts.includes('deep')).toBe(
        facts.includes('idle') && (facts.includes('polling') || scenario.machine.dynamicTick),
      );
      expect(request).not.toBe(target === 'current' ? 'ipi' : 'local');
    }
  });
});
