import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../bench/fingerprint.js';
import type { KernelBuild } from '../simulate.js';
import type { HistogramData, ScopeOutcome } from '../../src/result/outcome.js';
import { simulateShard, traceShard } from '../simulate.js';
import type { ShardRequest, TraceEvent } from '../../src/kernel/simulate.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { readVectors, type Expectation, type VectorSummary } from './read-vectors.js';

const vectors = readVectors();

function summaryOf({ count, minNs, maxNs, sumNs }: HistogramData): VectorSummary {
  return { count, min: minNs, max: maxNs, sum: Number(sumNs) };
}

function countersOf(machine: ScopeOutcome): Expectation['counters'] {
  return {
    ...machine.counters,
    isrWait: summaryOf(machine.isrWait),
    dpcWait: summaryOf(machine.dpcWait),
    interruptToDpc: summaryOf(machine.interruptToDpc),
  };
}

describe('the kernel on the conformance vectors', () => {
  it('has vectors to be tested with', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(165);
  });

  describe.each(vectors)('$name', ({ scenario: written, expected }) => {
    const scenario = resolveScenario(written);
    it.each(scenario.policies.map((policy, index) => ({ name: policy.name, index })))(
      '$name',
      ({ name, index }) => {
        const request: ShardRequest = {
          scenario,
          policyIndex: index,
          seed: 0,
          shardIndex: 0,
          untilTimeNs: scenario.until.timeNs,
          untilInterrupts: scenario.until.interrupts,
          warmupNs: 0,
        };
        const events: TraceEvent[] = [];
        const traced = traceShard(request, (batch) => events.push(...batch));
        expect(events.map((event) => JSON.stringify(event))).toEqual(
          expected[name].events.map((event) => JSON.stringify(event)),
        );
        expect(countersOf(traced.machine)).toEqual(expected[name].counters);
        for (const build of ['release', 'debug'] satisfies KernelBuild[]) {
          for (const lockstep of [false, true]) {
            expect(fingerprint(simulateShard(request, { build, lockstep }))).toBe(
              fingerprint(traced),
            );
          }
        }
      },
    );
  });
});
