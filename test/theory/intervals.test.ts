import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bca, groupShards, PairedBootstrap } from '../../src/stats/bootstrap.js';
import {
  deviation,
  meanInterval,
  ratioInterval,
  ratioOfSums,
  spreadInterval,
} from '../../src/stats/interval.js';
import { SeededStream } from '../../src/stats/seeded-stream.js';

const positive = fc.double({ min: 0.1, max: 100, noNaN: true });
const columns = (length: number): fc.Arbitrary<number[]> =>
  fc.array(positive, { minLength: length, maxLength: length });

describe("Student's interval", () => {
  it('is the one worked out by hand', () => {
    // 1…5: mean 3, s = √2.5, t(0.975, 4) = 2.7764451: 3 ± 2.7764451 × √(2.5 / 5).
    const half = 2.7764451051977987 * Math.sqrt(0.5);
    const interval = meanInterval([1, 2, 3, 4, 5])!;
    expect(interval.low).toBeCloseTo(3 - half, 9);
    expect(interval.high).toBeCloseTo(3 + half, 9);
    expect(spreadInterval(10, [1, 2, 3, 4, 5])!.low).toBeCloseTo(10 - half, 9);
    expect(deviation([1, 2, 3, 4, 5])).toBeCloseTo(Math.sqrt(2.5), 12);
  });

  it('does not exist for a single value', () => {
    expect(meanInterval([1])).toBeNull();
    expect(spreadInterval(1, [1])).toBeNull();
    expect(ratioInterval([1], [1])).toBeNull();
  });
});

describe('the jackknife of a ratio', () => {
  it("is the mean's own interval when all denominators are equal", () => {
    fc.assert(
      fc.property(columns(6), (values) => {
        const [a, b] = [
          meanInterval(values)!,
          ratioInterval(
            values,
            values.map(() => 1),
          )!,
        ];
        expect(b.low).toBeCloseTo(a.low, 8);
        expect(b.high).toBeCloseTo(a.high, 8);
      }),
    );
  });

  it('weighs shards by their size', () => {
    expect(ratioOfSums([1, 100], [1, 50])).toBeCloseTo(101 / 51, 12);
  });

  it('has no width where every shard has the same ratio, whatever its size', () => {
    fc.assert(
      fc.property(columns(7), (sizes) => {
        const { low, high } = ratioInterval(
          sizes.map((size) => size * 3),
          sizes,
        )!;
        expect(low).toBeCloseTo(3, 9);
        expect(high).toBeCloseTo(3, 9);
      }),
    );
  });

  it('is null when one shard has all of the denominator', () => {
    expect(ratioInterval([1, 2], [0, 5])).toBeNull();
  });
});

describe('the bootstrap', () => {
  const few = { min: 5, max: 12 };
  const pair = fc
    .integer(few)
    .chain((n) => fc.tuple(columns(n), columns(n), columns(n), columns(n)));
  const intervalsOf = ([a, b, c, d]: number[][]) =>
    new PairedBootstrap(a.length, a).intervals({
      firstNumerator: a,
      firstDenominator: b,
      otherNumerator: c,
      otherDenominator: d,
    });

  it('gives the same intervals for the same data', () => {
    fc.assert(
      fc.property(pair, (data) => {
        expect(intervalsOf(data)).toEqual(intervalsOf(data.map((column) => [...column])));
      }),
      { numRuns: 10 },
    );
  });

  it('says exactly 1 and 0 of a policy compared with itself, however much shards differ', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const { ratio, difference } = intervalsOf([a, b, a, b]);
        expect(ratio).toEqual({ low: 1, high: 1 });
        expect(difference).toEqual({ low: 0, high: 0 });
      }),
      { numRuns: 10 },
    );
  });

  it('has low below high, and follows a change of unit', () => {
    fc.assert(
      fc.property(pair, ([a, b, c, d]) => {
        const plain = intervalsOf([a, b, c, d]);
        expect(plain.ratio!.low).toBeLessThanOrEqual(plain.ratio!.high);
        // The drawings are seeded by the first column: only the others may change.
        const scaled = intervalsOf([a, b, c.map((v) => v * 8), d]);
        expect(scaled.ratio!.low).toBeCloseTo(plain.ratio!.low * 8, 6);
        expect(scaled.ratio!.high).toBeCloseTo(plain.ratio!.high * 8, 6);
      }),
      { numRuns: 10 },
    );
  });

  it('has no ratio to nothing, but a difference', () => {
    const ones = [1, 1, 1, 1, 1];
    const { ratio, difference } = intervalsOf([[0, 0, 0, 0, 0], ones, [1, 2, 3, 4, 5], ones]);
    expect(ratio).toBeNull();
    expect(difference!.low).toBeGreaterThan(0);
  });

  it('takes pairs: noise that both policies share does not widen the interval', () => {
    const noise = Array.from({ length: 20 }, (_, i) => 10 + 5 * Math.sin(i * 7));
    const ones = noise.map(() => 1);
    const { difference } = intervalsOf([noise, ones, noise.map((v) => v + 1), ones]);
    expect(difference!.low).toBeCloseTo(1, 9);
    expect(difference!.high).toBeCloseTo(1, 9);
  });

  it('corrects for bias and skewness: a symmetric case gives the percentiles', () => {
    const drawn = Float64Array.from({ length: 1999 }, (_, i) => i - 999);
    // No skewness, no bias: levels Φ(∓√(n/(n−1)) t), for n large Φ(∓1.96).
    const without = Float64Array.from({ length: 2001 }, (_, i) => Math.sin((i - 1000) / 300));
    const { low, high } = bca({ all: 0, drawn, without })!;
    expect(low).toBeCloseTo(-high, 6);
    expect(high).toBeGreaterThan(948);
    expect(high).toBeLessThan(952);
  });

  it('groups many shards without losing any', () => {
    const shards = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 450 });
    fc.assert(
      fc.property(shards, (column) => {
        const groups = groupShards(column);
        const sum = (values: number[]): number => values.reduce((total, v) => total + v, 0);
        expect(groups.length).toBeLessThanOrEqual(100);
        expect(sum(groups)).toBe(sum(column));
      }),
    );
  });
});

describe('the seeded stream', () => {
  it('depends on the data and is even', () => {
    const first = (values: number[]): number => new SeededStream(values).next();
    expect(first([1, 2])).toBe(first([1, 2]));
    expect(first([1, 2])).not.toBe(first([2, 1]));
    const stream = new SeededStream([42]);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[stream.below(10)]++;
    // χ² with nine degrees of freedom: 27.9 is the 99.9 % point.
    const chi = counts.reduce((total, n) => total + (n - 10_000) ** 2 / 10_000, 0);
    expect(chi).toBeLessThan(27.9);
  });
});
