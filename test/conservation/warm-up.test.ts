import { describe, expect, it } from 'vitest';
import type { HistogramData, ScopeOutcome, ShardOutcome } from '../../src/result/outcome.js';
import { COUNTER_NAMES } from '../../src/result/outcome.js';
import { simulateShard } from '../simulate.js';
import { loadCatalogScenario } from '../../src/disk/catalog.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { standardWorkload } from '../../src/scenario/workloads.js';
import { scenarioOf } from './machines.js';

const WARM_UP_NS = 41_234_567;
const END_NS = 123_456_789;

function outcomeOf(
  scenario: Scenario,
  untilTimeNs: number,
  warmupNs: number,
  lockstep: boolean,
): ShardOutcome {
  const shard = { policyIndex: 1, seed: 5, shardIndex: 0, untilTimeNs, untilInterrupts: null };
  return simulateShard({ scenario, warmupNs, ...shard }, { lockstep });
}

function buckets({ buckets: indexes, counts }: HistogramData): Map<number, number> {
  return new Map(Array.from(indexes, (index, i) => [index, counts[i]]));
}

/** The whole is the warm-up and what came after it, added up. */
function expectParts(whole: ScopeOutcome, before: ScopeOutcome, after: ScopeOutcome): void {
  for (const name of COUNTER_NAMES) {
    const carried = name === 'stillQueued' ? 0 : (before.counters[name] ?? 0);
    expect((after.counters[name] ?? 0) + carried, name).toBe(whole.counters[name] ?? 0);
  }
  for (const latency of ['isrWait', 'dpcWait', 'interruptToDpc'] as const) {
    const sum = buckets(before[latency]);
    for (const [index, count] of buckets(after[latency])) {
      sum.set(index, (sum.get(index) ?? 0) + count);
    }
    expect([...sum].sort(([a], [b]) => a - b)).toEqual([...buckets(whole[latency])]);
    expect(before[latency].sumNs + after[latency].sumNs).toBe(whole[latency].sumNs);
  }
}

describe.each([
  { name: 'w8', scenario: resolveScenario(standardWorkload(8)) },
  { name: 'default', scenario: loadCatalogScenario('default') },
  {
    name: 'threaded DPCs',
    scenario: scenarioOf('threaded DPCs, held interrupts, watchdogs'),
  },
])('a warm-up cut off $name', ({ scenario }) => {
  it.each([{ lockstep: false }, { lockstep: true }])(
    'forgets what came before it and nothing else ($lockstep)',
    ({ lockstep }) => {
      const before = outcomeOf(scenario, WARM_UP_NS, 0, lockstep);
      const whole = outcomeOf(scenario, END_NS, 0, lockstep);
      const after = outcomeOf(scenario, END_NS, WARM_UP_NS, lockstep);
      expect([after.startNs, after.endNs]).toEqual([WARM_UP_NS, END_NS]);
      expectParts(whole.machine, before.machine, after.machine);
      whole.sources.forEach((source, i) => {
        expectParts(source, before.sources[i], after.sources[i]);
      });
      whole.processors.forEach((processor, i) => {
        const [head, tail] = [before.processors[i], after.processors[i]];
        expectParts(processor, head, tail);
        for (const [activity, ns] of Object.entries(processor.timeSplit)) {
          const key = activity as keyof typeof processor.timeSplit;
          expect(head.timeSplit[key]! + tail.timeSplit[key]!, activity).toBe(ns);
        }
        expect(head.queueDepth.areaNs + tail.queueDepth.areaNs).toBe(processor.queueDepth.areaNs);
      });
    },
  );
});
