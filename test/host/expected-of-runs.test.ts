import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/disk/sha256.js';
import { describeScenario } from '../../src/run/describe-scenario.js';
import { expectedInterrupts, expectedTimeNs } from '../../src/run/expected-interrupts.js';
import { binFirstShards } from '../../src/run/plan-bins.js';
import { planTasks } from '../../src/run/tasks.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { smallScenario } from './small-scenario.js';

const scenario = smallScenario({ arrivals: { poisson: '20k/s' } });

describe('what is expected of a scenario', () => {
  it('has bins of a round width: 120 where there is enough to see, 30 where there is not', () => {
    const widths = (source: object, timeNs: number, warmupNs = 0): number => {
      const [shard] = planTasks(
        scenario,
        [{ index: 0, untilTimeNs: timeNs, untilInterrupts: null }],
        1,
        warmupNs,
      );
      const other = { ...shard, shardIndex: 1 };
      binFirstShards(smallScenario(source, { time: timeNs }), [shard, other]);
      expect(other.binNs).toBeUndefined();
      return shard.binNs!;
    };
    const rare = { arrivals: { poisson: 0.001 } };
    const round = (ns: number): number => widths(rare, 30 * ns);
    expect([1000, 1001, 1500, 1501, 2000, 2001, 3000, 3001, 4000, 4001].map(round)).toEqual([
      1000, 1500, 1500, 2000, 2000, 3000, 3000, 4000, 4000, 5000,
    ]);
    expect([5000, 5001, 6000, 6001, 8000, 8001, 10_000, 10_001].map(round)).toEqual([
      5000, 6000, 6000, 8000, 8000, 10_000, 10_000, 15_000,
    ]);
    expect([1, 2, 7].map(round)).toEqual([1, 2, 8]);
    expect(widths(rare, 3)).toBe(1);
    const often = { arrivals: { poisson: 1_000_000 } };
    // A hundred interrupts in each of 100 bins; then there are as many as are wanted.
    expect(widths(often, 10_000_000)).toBe(100_000);
    expect(widths(often, 12_000_000)).toBe(100_000);
    expect(widths(often, 120_000_000)).toBe(1_000_000);
    expect(widths(often, 110_000_000, 10_000_000)).toBe(1_000_000);
    const listed = { arrivals: { at: [5] } };
    expect(widths(listed, 3_000_000)).toBe(100_000);
  });

  it('are interrupts by their rates, lists as they stand, up to the end of the run', () => {
    const of = (arrivals: object, until: object): [number, number] => {
      const one = smallScenario({ arrivals }, until);
      return [expectedInterrupts(one), expectedTimeNs(one)].map((each) => Math.round(each)) as [
        number,
        number,
      ];
    };
    expect(of({ poisson: 1000 }, { time: '2s' })).toEqual([2000, 2e9]);
    expect(of({ poisson: 1000 }, { interrupts: 500 })).toEqual([500, 5e8]);
    expect(of({ poisson: 1000 }, { interrupts: 500, time: '100ms' })).toEqual([100, 1e8]);
    expect(of({ periodic: { period: '4ms' } }, { time: '2s' })[0]).toBe(500);
    const bursts = { on: '1ms', off: '3ms', gap: '10us' };
    expect(of({ bursts }, { time: '1s' })[0]).toBe(25_000);
    expect(of({ at: [5, 10, 3_000_000_000] }, { time: '4s' })).toEqual([3, 4e9]);
  });
});

it('a recording is described by what it holds, long times by what is over the guidelines', () => {
  const resolved = resolveScenario(
    {
      machine: { processors: 2 },
      sources: [{ name: 'r', irql: 3, isr: 0, arrivals: { recording: 'a.dpcrec' } }],
    },
    {
      resolveRecording: () => ({
        origin: 'a.dpcrec: irq/nic',
        atNs: Float64Array.of(10, 20, 30, 40),
        processor: Uint16Array.of(0, 1, 0, 1),
        isrNs: Uint32Array.of(25_000, 25_001, 5, 90_000),
        serviceNs: Uint32Array.of(100_000, 100_001, 3, 0),
      }),
    },
  );
  const [source] = describeScenario(resolved, sha256Hex).sources;
  expect(source).toMatchObject({
    arrivals: { recording: { arrivals: 4, longIsrs: 2, longServices: 1 } },
  });
});
