import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { chooseWarmup } from '../../src/run/warmup-pilot.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { SeededStream } from '../../src/stats/seeded-stream.js';
import { findWarmup } from '../../src/stats/warmup.js';

const TICK_NS = 1_000_000;
const busy = resolveScenario({
  name: 'busy',
  machine: { processors: 1, tick: TICK_NS },
  sources: [
    {
      name: 'disk',
      irql: 5,
      processor: 0,
      isr: '1us',
      arrivals: { poisson: 50_000 },
      dpc: { service: { exponential: '5us' } },
    },
  ],
  policies: ['vista', 'pre-vista'],
  until: { interrupts: 10_000 },
});

describe('the pilot', () => {
  const choose = (interrupts: number): ReturnType<typeof chooseWarmup> =>
    chooseWarmup(busy, {
      seed: 1,
      shards: [{ index: 0, untilTimeNs: null, untilInterrupts: interrupts }],
      warmup: 'auto',
      debugKernel: () => shippedKernel('debug'),
    });

  it('cuts eight ticks at least, and the same for the same seed', () => {
    const warmup = choose(10_000);
    expect(warmup).toMatchObject({ kind: 'auto', found: true });
    expect(warmup.ns).toBeGreaterThanOrEqual(8 * TICK_NS);
    expect(warmup.ns).toBeLessThan(100 * TICK_NS);
    expect(warmup.method).toContain('MSER-5');
    expect(choose(10_000)).toEqual(warmup);
  });

  it('says so when a shard is too short for it, and leaves half of it', () => {
    const warmup = choose(200);
    expect(warmup.found).toBe(false);
    expect(warmup.ns).toBeLessThan(4 * TICK_NS);
  });
});

/** Steady noise, with `extra(i)` on top of it. */
function series(length: number, extra: (i: number) => number, seed = 1): number[] {
  const stream = new SeededStream([seed]);
  return Array.from({ length }, (_, i) => stream.below(1000) / 1000 + extra(i));
}

/** The definition, without running sums. */
function slowMser5(values: readonly number[]): number {
  const batches = Array.from(
    { length: Math.floor(values.length / 5) },
    (_, i) => values.slice(5 * i, 5 * i + 5).reduce((sum, v) => sum + v, 0) / 5,
  );
  let best = { d: 0, statistic: Infinity };
  for (let d = batches.length - 5; d >= 0; d--) {
    const rest = batches.slice(d);
    const mean = rest.reduce((sum, v) => sum + v, 0) / rest.length;
    const statistic = rest.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rest.length ** 2;
    if (statistic <= best.statistic) best = { d, statistic };
  }
  return best.d * 5;
}

describe('MSER-5', () => {
  it('finds a step', () => {
    const { observations, found } = findWarmup(series(5000, (i) => (i < 1000 ? 10 : 0)));
    expect([observations, found]).toEqual([1000, true]);
  });

  it('cuts most of a decay and little of a steady series', () => {
    const decay = findWarmup(series(10_000, (i) => 20 * Math.exp(-i / 300)));
    expect(decay.found).toBe(true);
    expect(decay.observations).toBeGreaterThan(600);
    expect(decay.observations).toBeLessThan(3000);
    expect(findWarmup(series(10_000, () => 0)).observations).toBeLessThan(2000);
  });

  it('says when the series is too short to tell', () => {
    expect(findWarmup(series(5000, (i) => i / 100)).found).toBe(false);
    expect(findWarmup([])).toEqual({ observations: 0, found: false });
    expect(findWarmup(series(99, () => 0)).found).toBe(false);
  });

  it('is what its definition says', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 100, max: 400 }), (seed, length) => {
        const values = series(length, (i) => (i < length / 4 ? 3 : 0), seed);
        expect(findWarmup(values).observations).toBe(slowMser5(values));
      }),
      { numRuns: 30 },
    );
  });
});
