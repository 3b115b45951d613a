import { describe, expect, it } from 'vitest';
import { constantDraws } from '../model/draws.js';
import { runTwin } from '../model/twin.js';
import type { HistogramData, ScopeOutcome } from '../../src/result/outcome.js';
import type { TraceEvent } from '../../src/kernel/simulate.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { readVectors } from './read-vectors.js';
import type { Expectation, VectorSummary } from './read-vectors.js';

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

describe('the twin on the conformance vectors', () => {
  it('has vectors to be tested with', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(165);
  });

  describe.each(vectors)('$name', (vector) => {
    const scenario = resolveScenario(vector.scenario);
    it.each(scenario.policies.map((policy, index) => ({ name: policy.name, index })))(
      '$name',
      ({ name, index }) => {
        const expected = vector.expected[name];
        const events: TraceEvent[] = [];
        const outcome = runTwin(scenario, index, {
          draws: constantDraws,
          untilTimeNs: scenario.until.timeNs,
          untilInterrupts: scenario.until.interrupts,
          onEvent: (event) => events.push(event),
        });
        expect(events.map((event) => JSON.stringify(event))).toEqual(
          expected.events.map((event) => JSON.stringify(event)),
        );
        expect(countersOf(outcome.machine)).toEqual(expected.counters);
      },
    );
  });
});
