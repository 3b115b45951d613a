import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistogramData } from '../../src/result/outcome.js';
import {
  addHistograms,
  bucketHigh,
  bucketIndex,
  bucketLow,
  emptyHistogram,
  nonEmptyBuckets,
  percentile,
  sparseHistogram,
  summarize,
} from '../../src/result/histogram.js';

const value = fc.oneof(
  fc.integer({ min: 0, max: 5_000 }),
  fc.maxSafeInteger().map((v) => Math.abs(v)),
  fc
    .tuple(fc.integer({ min: 11, max: 52 }), fc.integer({ min: -1, max: 1 }))
    .map(([power, beside]) => 2 ** power + beside),
);

/** The naive model: a histogram out of a list of samples, counted one by one. */
function histogramOf(samples: number[]): HistogramData {
  if (samples.length === 0) return emptyHistogram();
  const indexes = samples.map(bucketIndex);
  const firstIndex = Math.min(...indexes);
  const counts = new Float64Array(Math.max(...indexes) - firstIndex + 1);
  for (const index of indexes) counts[index - firstIndex]++;
  const totals = {
    sumNs: samples.reduce((sum, v) => sum + BigInt(v), 0n),
    minNs: Math.min(...samples),
    maxNs: Math.max(...samples),
  };
  return sparseHistogram(totals, firstIndex, counts);
}

describe('buckets', () => {
  it('gives every value below 2,048 a bucket of its own', () => {
    for (let v = 0; v < 2048; v++) {
      expect([bucketIndex(v), bucketLow(v), bucketHigh(v)]).toEqual([v, v, v]);
    }
  });

  it('joins the octaves without a gap', () => {
    expect([2047, 2048, 2049, 2050, 4095, 4096, 4099, 4100].map(bucketIndex)).toEqual([
      2047, 2048, 2048, 2049, 3071, 3072, 3072, 3073,
    ]);
    for (let index = 0; index < 50_000; index++) {
      expect(bucketLow(index + 1)).toBe(bucketHigh(index) + 1);
    }
  });

  it('holds each value between its edges, no further apart than 1/1,024', () => {
    fc.assert(
      fc.property(value, (v) => {
        const index = bucketIndex(v);
        const low = bucketLow(index);
        const high = bucketHigh(index);
        expect(low).toBeLessThanOrEqual(v);
        expect(high).toBeGreaterThanOrEqual(v);
        expect(high - low).toBeLessThanOrEqual(v / 1024);
        expect(bucketIndex(low)).toBe(index);
      }),
    );
  });
});

describe('addHistograms', () => {
  it('equals the histogram of all samples, in either order', () => {
    const samples = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const both = histogramOf([...a, ...b]);
        expect(addHistograms(histogramOf(a), histogramOf(b))).toEqual(both);
        expect(addHistograms(histogramOf(b), histogramOf(a))).toEqual(both);
      }),
    );
  });

  it('keeps sums exact beyond 2^53', () => {
    const big = { ...histogramOf([1]), sumNs: 2n ** 53n };
    expect(addHistograms(big, histogramOf([1])).sumNs).toBe(2n ** 53n + 1n);
  });
});

describe('percentile', () => {
  it('is the sample of rank ceil(n p) to three digits, within the maximum', () => {
    const samples = fc.array(fc.integer({ min: 0, max: 10_000_000 }), {
      minLength: 20,
      maxLength: 300,
    });
    fc.assert(
      fc.property(samples, (list) => {
        const sorted = [...list].sort((a, b) => a - b);
        const truth = sorted[Math.ceil(list.length / 2) - 1];
        const got = percentile(histogramOf(list), 5_000);
        expect(got).not.toBeNull();
        expect(got!).toBeGreaterThanOrEqual(truth);
        expect(got!).toBeLessThanOrEqual(Math.min(truth + truth / 1024, sorted.at(-1)!));
      }),
    );
  });

  it("is the maximum where the kernel's last bucket holds it", () => {
    const last = { ...emptyHistogram(), count: 100, minNs: 1, maxNs: 2 ** 40 };
    const buckets = Uint16Array.of(1, 28_671);
    const histogram = { ...last, buckets, counts: Float64Array.of(60, 40) };
    expect(percentile(histogram, 5_000)).toBe(1);
    expect(percentile(histogram, 9_000)).toBe(2 ** 40);
    expect(nonEmptyBuckets(histogram).highNs).toEqual([1, 2 ** 40]);
  });

  it('is withheld until ten samples are expected beyond it', () => {
    const ones = (n: number): HistogramData => histogramOf(Array.from({ length: n }, () => 1));
    expect(percentile(ones(19), 5_000)).toBeNull();
    expect(percentile(ones(20), 5_000)).toBe(1);
    expect(percentile(ones(99), 9_000)).toBeNull();
    expect(percentile(ones(100), 9_000)).toBe(1);
    expect(summarize(ones(9_999))).toMatchObject({ p99Ns: 1, p999Ns: null, p9999Ns: null });
    expect(summarize(ones(10_000))).toMatchObject({ p999Ns: 1, p9999Ns: null });
    const many = { ...ones(1), count: 100_000, counts: new Float64Array([100_000]) };
    expect(summarize(many)).toMatchObject({ p9999Ns: 1 });
  });
});

describe('summarize', () => {
  it('shows nothing but zeros and withheld percentiles without samples', () => {
    expect(summarize(emptyHistogram())).toEqual({
      count: 0,
      minNs: 0,
      maxNs: 0,
      sumNs: 0,
      meanNs: 0,
      p50Ns: null,
      p90Ns: null,
      p99Ns: null,
      p999Ns: null,
      p9999Ns: null,
    });
  });
});

describe('nonEmptyBuckets', () => {
  it('lists what holds samples, ascending', () => {
    expect(nonEmptyBuckets(histogramOf([5, 4096, 5, 4097]))).toEqual({
      lowNs: [5, 4096],
      highNs: [5, 4099],
      counts: [2, 2],
    });
  });
});
