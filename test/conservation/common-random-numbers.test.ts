import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/kernel/simulate.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { BY_TIME, MACHINES, scenarioOf, tracedOf } from './machines.js';

/** By source: when its arrivals came and to which processor. */
function arrivalsOf(scenario: Scenario, policyIndex: number): Record<string, string[]> {
  const { events } = tracedOf(scenario, policyIndex, BY_TIME);
  const bySource: Record<string, string[]> = {};
  for (const event of events) {
    if (event.e !== 'arrival') continue;
    (bySource[event.source as string] ??= []).push(`${event.t} p${event.p}`);
  }
  return bySource;
}

/** How long each ISR of a source ran; nothing may nest above it. */
function isrLengthsOf(events: TraceEvent[], source: string): number[] {
  const times = (e: string): number[] =>
    events.filter((event) => event.e === e && event.source === source).map(({ t }) => t);
  const starts = times('isr-start');
  return times('isr-end').map((end, i) => end - starts[i]);
}

describe.each(Object.keys(MACHINES))('%s', (name) => {
  const scenario = scenarioOf(name);
  const expected = arrivalsOf(scenario, 0);

  it('has many arrivals of every source', () => {
    expect(Object.keys(expected).sort()).toEqual(
      scenario.sources.map((source) => source.name).sort(),
    );
    for (const times of Object.values(expected)) {
      expect(times.length).toBeGreaterThan(100);
      expect(new Set(times).size).toBeGreaterThan(0.9 * times.length);
    }
  });

  it('brings the same arrivals under every policy', () => {
    for (let index = 1; index < scenario.policies.length; index++) {
      expect(arrivalsOf(scenario, index), scenario.policies[index].name).toEqual(expected);
    }
  });

  it('brings the same arrivals whatever other sources do, and in whatever order they stand', () => {
    const noisy = scenarioOf(name, [
      { name: 'noise', irql: 12, isr: '10us', arrivals: { poisson: '20000/s' } },
    ]);
    const { noise, ...others } = arrivalsOf(noisy, 0);
    expect(noise.length).toBeGreaterThan(300);
    expect(others).toEqual(expected);
    const reversed = { ...scenario, sources: [...scenario.sources].reverse() };
    expect(arrivalsOf(reversed, 0)).toEqual(expected);
  });

  it('brings other arrivals with another seed, another shard and another name', () => {
    const times = (change: object, rename?: string): string[] => {
      const { sources } = MACHINES[name];
      const [first] = sources as { name: string }[];
      const changed = resolveScenario({
        machine: MACHINES[name].machine,
        sources: [{ ...first, name: rename ?? first.name }],
        policies: ['vista'],
        until: { time: '20ms' },
      });
      const { events } = tracedOf(changed, 0, { ...BY_TIME, ...change });
      return events.filter(({ e }) => e === 'arrival').map(({ t }) => String(t));
    };
    const same = times({});
    expect(times({})).toEqual(same);
    expect(times({ seed: 12 })).not.toEqual(same);
    expect(times({ shardIndex: 1 })).not.toEqual(same);
    expect(times({}, 'renamed')).not.toEqual(same);
  });
});

describe('the k-th ISR of a source', () => {
  it('takes the same time under every policy and at every load of the others', () => {
    const lengths = (policy: string, load: string): number[] => {
      const scenario = resolveScenario({
        machine: {
          processors: 2,
          tick: '1s',
          costs: { ipiSend: 0 },
          background: [{ busy: '1000s', idle: 0 }],
        },
        sources: [
          {
            name: 'seen',
            irql: 12,
            isr: { exponential: '3us' },
            arrivals: { periodic: { period: '200us' } },
            dpc: { importance: 'high', target: 1, service: '1us' },
          },
          { name: 'other', irql: 3, processor: 1, isr: '1us', arrivals: { poisson: load } },
        ],
        policies: [policy],
        until: { time: '20ms' },
      });
      return isrLengthsOf(tracedOf(scenario, 0, BY_TIME).events, 'seen');
    };
    const expected = lengths('pre-vista', '100/s');
    expect(expected.length).toBeGreaterThan(95);
    expect(new Set(expected).size).toBeGreaterThan(90);
    expect(lengths('vista', '100/s')).toEqual(expected);
    expect(lengths('nt4-table', '200000/s')).toEqual(expected);
  });
});
