import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { planShards } from '../../src/run/plan-shards.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';

function scenario(
  until: object,
  arrivals: object = { poisson: 1000 },
  isr: unknown = 1000,
): Scenario {
  return resolveScenario({
    name: 'cut',
    machine: { processors: 1 },
    sources: [{ name: 'device', irql: 5, processor: 0, isr, arrivals }],
    policies: ['vista'],
    until,
  });
}

describe('planShards', () => {
  it('makes one shard for each 2,000 interrupts, twenty at most', () => {
    const shardsOf = (interrupts: number): number => planShards(scenario({ interrupts })).length;
    expect([1, 3_999, 4_000, 39_999, 40_000, 1e9].map(shardsOf)).toEqual([1, 1, 2, 19, 20, 20]);
  });

  it('makes none shorter than two settling times', () => {
    // 16 ticks are 250 ms, and a thousand interrupts a second too few to matter.
    const busy = { poisson: 100_000 };
    const shardsOf = (time: string): number => planShards(scenario({ time }, busy)).length;
    expect(['100ms', '999ms', '1s', '9999ms', '1h'].map(shardsOf)).toEqual([1, 1, 2, 19, 20]);
    expect(planShards(scenario({ interrupts: 99_999 }, busy))).toHaveLength(1);
    expect(planShards(scenario({ time: '100s' }, busy), null, 10e9)).toHaveLength(5);
    expect(planShards(scenario({ time: '1s' }, busy), 7)).toHaveLength(7);
  });

  it('makes more, rather than shards that histograms cannot count', () => {
    expect(planShards(scenario({ interrupts: 20e9 }))).toHaveLength(20);
    expect(planShards(scenario({ interrupts: 1e12 }))).toHaveLength(1000);
    expect(() => planShards(scenario({ interrupts: 3e9 }), 2)).toThrow(
      '3,000,000,000 interrupts in 2 shards: a shard counts to 1,000,000,000',
    );
    const constant = scenario({ interrupts: 2e9 }, { periodic: { period: '1us' } });
    expect(() => planShards(constant)).toThrow(/in 1 shard: a shard counts to 1,000,000,000/);
  });

  it('judges a run by the end that comes first', () => {
    const both = scenario({ time: '1s', interrupts: 50e9 }, { periodic: { period: '1us' } });
    expect(planShards(both)).toHaveLength(1);
    const long = scenario({ time: '100h' }, { poisson: 1e6 });
    expect(planShards(long)).toHaveLength(360);
    expect(() => planShards(long, 1)).toThrow(/360,000,000,000 interrupts in 1 shard/);
  });

  it('makes fewer of a large machine: 500 interrupts for each processor', () => {
    const one = scenario({ interrupts: 2_000_000 });
    const large: Scenario = { ...one, machine: { ...one.machine, processors: 1000 } };
    expect(planShards(large)).toHaveLength(4);
  });

  it('divides interrupts and time evenly, the remainder to the first', () => {
    expect(planShards(scenario({ interrupts: 11 }), 4)).toEqual([
      { index: 0, untilTimeNs: null, untilInterrupts: 3 },
      { index: 1, untilTimeNs: null, untilInterrupts: 3 },
      { index: 2, untilTimeNs: null, untilInterrupts: 3 },
      { index: 3, untilTimeNs: null, untilInterrupts: 2 },
    ]);
    const timesNs = planShards(scenario({ time: 10 }), 3).map((shard) => shard.untilTimeNs);
    expect(timesNs).toEqual([4, 3, 3]);
  });

  it('loses no interrupt, whatever their number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 1e9 }), fc.nat(99), (n, less) => {
        const count = less + 1;
        const plan = planShards(scenario({ interrupts: n }), count);
        const sizes = plan.map((shard) => shard.untilInterrupts!);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(n);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('cuts a run that is ended by time by the interrupts that are to be expected', () => {
    expect(planShards(scenario({ time: '1s' }))).toHaveLength(1);
    expect(planShards(scenario({ time: '20s' }))).toHaveLength(10);
    expect(planShards(scenario({ time: '1s' }), 8)).toHaveLength(8);
  });

  const STEADY = { periodic: { period: '1us' } };
  const drawn = { exponential: 1_000 };
  it.each<[string, object, object?]>([
    ['an ISR', { isr: drawn }],
    ['a routine', { dpc: { service: drawn } }],
    ['an item', { dpc: { service: 1_000, perItem: drawn } }],
    ['arrivals', { arrivals: { poisson: 1_000 } }],
    [
      'the jitter of arrivals',
      { arrivals: { periodic: { period: '1us', jitter: { exponential: 100 } } } },
    ],
    ['background', {}, { background: [{ busy: drawn, idle: 1_000 }] }],
    ['idle background', {}, { background: [{ busy: 1_000, idle: drawn }] }],
  ])('cuts a scenario of which only %s is random', (_, source, machine = {}) => {
    const only = (of: object, around: object): Scenario =>
      resolveScenario({
        name: 'only',
        machine: { processors: 1, ...around },
        sources: [{ name: 'device', irql: 5, processor: 0, isr: 1_000, arrivals: STEADY, ...of }],
        policies: ['vista'],
        until: { interrupts: 1e6 },
      });
    expect(planShards(only({}, {}))).toHaveLength(1);
    expect(planShards(only(source, machine)).length).toBeGreaterThan(1);
  });

  it('leaves a scenario without randomness whole', () => {
    const steady = scenario({ interrupts: 1e9 }, { periodic: { period: '1ms' } });
    expect(planShards(steady)).toHaveLength(1);
    expect(() => planShards(steady, 2)).toThrow(/nothing in it is random/);
    const periodic = { periodic: { period: '1ms' } };
    const noisy = scenario({ interrupts: 1e6 }, periodic, { exponential: 1000 });
    expect(planShards(noisy)).toHaveLength(20);
  });

  it('leaves a list of arrivals whole, since each shard would begin it anew', () => {
    const listed = scenario({ interrupts: 1e9 }, { at: [1, 2, 3] }, { exponential: 1000 });
    expect(planShards(listed)).toHaveLength(1);
    expect(() => planShards(listed, 2)).toThrow(/arrivals of "device" are a list/);
  });

  it.each([0, -1, 1.5, NaN, 10_001])('refuses %s shards', (count) => {
    expect(() => planShards(scenario({ interrupts: 1e6 }), count)).toThrow(InputError);
  });

  it('refuses more shards than interrupts', () => {
    expect(() => planShards(scenario({ interrupts: 3 }), 4)).toThrow(/only 3 to divide/);
  });
});
