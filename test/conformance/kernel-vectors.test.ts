import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../bench/fingerprint.js';
import type { HistogramData, ScopeOutcome } from '../../src/result/outcome.js';
import type { ShardRequest } from '../../src/kernel/simulate.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { readVectors, type Expectation, type VectorSummary } from './read-vectors.js';
import { fingerprintsOf, KERNELS, traceKernel } from './simulate-models.js';

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

  describe.each(vectors)('$name', (vector) => {
    const scenario = resolveScenario(vector.scenario);
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
        const expected = vector.expected[name];
        const { events, outcome } = traceKernel(request);
        expect(events.map((event) => JSON.stringify(event))).toEqual(
          expected.events.map((event) => JSON.stringify(event)),
        );
        expect(countersOf(outcome.machine)).toEqual(expected.counters);
        const prints = fingerprintsOf(request, KERNELS);
        expect(
          new Set([...Object.values(prints), fingerprint(outcome)]).size,
          JSON.stringify(prints),
        ).toBe(1);
      },
    );
  });
});
