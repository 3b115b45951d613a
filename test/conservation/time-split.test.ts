import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/kernel/simulate.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { BY_TIME, CASES, MACHINES, outcomeOf, scenarioOf, tracedOf, TIMERS } from './machines.js';

describe.each(CASES)('%s, %s', (name, _policy, index) => {
  it('splits the whole duration, and no part is negative', () => {
    const { endNs, startNs, processors } = outcomeOf(scenarioOf(name, TIMERS), index, BY_TIME);
    for (const { timeSplit } of processors) {
      const parts = Object.values(timeSplit);
      expect(parts.reduce((sum, ns) => sum + ns, 0)).toBe(endNs - startNs);
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('where processors are never idle', () => {
  it("finds no idle time: what is not counted elsewhere is a thread's, to the nanosecond", () => {
    const { sources } = MACHINES['threads and remote DPCs'];
    const scenario = resolveScenario({
      machine: { processors: 4, tick: '200us', background: [{ busy: '1000s', idle: 0 }] },
      sources: [...sources, ...TIMERS],
      policies: ['pre-vista', 'vista', 'nt52'],
      until: { time: '20ms' },
    });
    scenario.policies.forEach((_, index) => {
      const { processors } = outcomeOf(scenario, index, BY_TIME);
      for (const { timeSplit, counters } of processors) {
        expect(timeSplit.idleNs).toBe(0);
        expect(timeSplit.threadNs).toBe(counters.threadNs);
        // The hundredth tick is due at the end, and begins there.
        expect(timeSplit.clockNs).toBe(99 * 1000);
      }
    });
  });
});

describe('where every activity can be seen in the event log', () => {
  it('agrees with the log on ISR and drain times', () => {
    // Nothing nests: one source for each of two processors, and no tick, thread or IPI.
    const source = (processor: number): object => ({
      name: `s${processor}`,
      irql: 5,
      processor,
      isr: { uniform: [500, 3000] },
      arrivals: { periodic: { period: '100us', start: 5000 } },
      dpc: { service: { exponential: '5us' } },
    });
    const scenario = resolveScenario({
      machine: { processors: 2, tick: '1s', costs: { haltExit: 0 } },
      sources: [source(0), source(1)],
      policies: ['vista'],
      until: { time: '20ms' },
    });
    const { outcome, events } = tracedOf(scenario, 0, BY_TIME);
    outcome.processors.forEach(({ timeSplit }, p) => {
      const own = events.filter((event) => event.p === p);
      expect(timeSplit.isrNs).toBe(between(own, 'isr-start', 'isr-end'));
      expect(timeSplit.idleDrainNs).toBe(between(own, 'drain-start', 'drain-end'));
      expect(timeSplit.isrNs).toBeGreaterThan(200 * 1000);
    });
  });
});

function between(events: TraceEvent[], start: string, end: string): number {
  const sum = (name: string): number =>
    events.filter(({ e }) => e === name).reduce((total, { t }) => total + t, 0);
  return sum(end) - sum(start);
}
