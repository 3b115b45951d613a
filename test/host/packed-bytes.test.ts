import { describe, expect, it } from 'vitest';
import { packedProblem } from '../../src/result/check-packed.js';
import {
  addHistograms,
  bucketIndex,
  isBucket,
  sparseHistogram,
} from '../../src/result/histogram.js';
import { blockOf, HistogramPacker, sumWidth } from '../../src/result/histogram-packer.js';
import type { HistogramData } from '../../src/result/outcome.js';
import { summarizePacked, unpackHistogram } from '../../src/result/packed-histograms.js';

/** So many samples in each of some buckets, all of which are as wide as 1 ns. */
function histogram(samples: Record<number, number>): HistogramData {
  const buckets = Object.keys(samples).map(Number);
  const counts = new Float64Array(Math.max(...buckets) + 1);
  for (const bucket of buckets) counts[bucket] = samples[bucket];
  const sumNs = buckets.reduce((sum, ns) => sum + BigInt(ns) * BigInt(samples[ns]), 0n);
  return sparseHistogram(
    { sumNs, minNs: Math.min(...buckets), maxNs: Math.max(...buckets) },
    0,
    counts,
  );
}

function packed(...histograms: HistogramData[]) {
  const packer = new HistogramPacker(histograms.length);
  for (const one of histograms) packer.addHistogram(one);
  return packer.finish();
}

const bytesOf = (samples: Record<number, number>): number[] => [
  ...packed(histogram(samples)).bytes,
];
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
const little = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);

describe('a block of counts is packed', () => {
  it('as half a byte for each sample where there are fewer than 16', () => {
    expect(bytesOf({ 3: 1 })).toEqual([17, 3]);
    expect(bytesOf({ 3: 2 })).toEqual([18, 0x33]);
    expect(bytesOf({ 0: 1, 15: 2 })).toEqual([19, 0xf0, 15]);
    expect(bytesOf({ 5: 15 })).toEqual([31, ...Array.from({ length: 7 }, () => 0x55), 5]);
  });

  it.each([
    [1, 16],
    [1, 255],
    [2, 256],
    [2, 65_535],
    [4, 65_536],
    [4, 2 ** 32 - 1],
  ])('with counts of %i bytes, and a sum of four, up to %i', (width, samples) => {
    expect(bytesOf({ 2: samples })).toEqual([
      width,
      ...little(samples, 4),
      ...zeros(2 * width),
      ...little(samples, width),
      ...zeros(13 * width),
    ]);
  });

  it('with counts and a sum of eight where four do not hold the sum', () => {
    const bytes = packed(histogram({ 0: 2 ** 31, 1: 2 ** 31 })).bytes;
    const view = new DataView(bytes.buffer);
    expect([bytes.length, bytes[0]]).toEqual([1 + 8 + 8 * 16, 8]);
    expect([1, 9, 17, 25].map((at) => view.getFloat64(at, true))).toEqual([
      2 ** 32,
      2 ** 31,
      2 ** 31,
      0,
    ]);
    expect([1, 2, 4, 8].map(sumWidth)).toEqual([4, 4, 4, 8]);
  });

  it('as a byte where it is empty between others, and not at all before them', () => {
    expect(bytesOf({ 16: 1, 63: 1 })).toEqual([17, 0, 0, 17, 15]);
    expect([0, 15, 16, 31, 32].map(blockOf)).toEqual([0, 0, 1, 1, 2]);
  });
});

describe('packed histograms', () => {
  const many = Array.from({ length: 400 }, (_, i) => histogram({ [i]: 70_000 + i, [i + 900]: 3 }));
  const nothing = sparseHistogram({ sumNs: 0n, minNs: 0, maxNs: 0 }, 0, new Float64Array());

  it('grow as they must, and come back as they were', () => {
    const all = packed(...many, nothing);
    expect(all.starts).toHaveLength(402);
    expect(all.bytes.length).toBe(all.starts[401]);
    for (const i of [0, 1, 17, 399]) expect(unpackHistogram([all], i)).toEqual(many[i]);
    expect(unpackHistogram([all], 400)).toEqual(nothing);
    expect(packedProblem(all, 401)).toBe('');
  });

  it('add up, with the summary of their sum', () => {
    const parts = [
      [histogram({ 3: 15, 17: 20 }), histogram({ 5: 1 }), nothing],
      [histogram({ 4: 300, 40: 70_000 }), nothing, nothing],
      [histogram({ 3: 1, 4: 1, 33: 17 }), histogram({ 5: 2 ** 32, 900: 1 }), nothing],
    ].map((histograms) => packed(...histograms));
    const sum = (a: Record<number, number>): HistogramData => histogram(a);
    expect(unpackHistogram(parts, 0)).toEqual(sum({ 3: 16, 4: 301, 17: 20, 33: 17, 40: 70_000 }));
    expect(unpackHistogram(parts, 1)).toEqual(sum({ 5: 2 ** 32 + 1, 900: 1 }));
    expect(unpackHistogram(parts, 2)).toEqual(nothing);
    const whole = addHistograms(
      addHistograms(unpackHistogram([parts[0]], 0), unpackHistogram([parts[1]], 0)),
      unpackHistogram([parts[2]], 0),
    );
    expect(unpackHistogram(parts, 0)).toEqual(whole);
    expect(summarizePacked(parts, 0)).toMatchObject({
      count: 70_354,
      minNs: 3,
      maxNs: 40,
      p50Ns: 40,
      p99Ns: 40,
    });
    expect(summarizePacked(parts, 1)).toMatchObject({ count: 2 ** 32 + 2, p9999Ns: 5, maxNs: 900 });
    expect(summarizePacked(parts, 2)).toMatchObject({ count: 0, minNs: 0, meanNs: 0, p50Ns: null });
  });
});

describe('bytes of histograms from a file', () => {
  const contradicts = 'histogram 0 contradicts itself';
  /** What is wrong with the bytes of a single histogram, or "". */
  const problem = (bytes: number[], count: number, minNs: number, maxNs: number, sumNs = 1n) =>
    packedProblem(
      {
        bytes: Uint8Array.from(bytes),
        starts: Float64Array.of(0, bytes.length),
        count: Float64Array.of(count),
        minNs: Float64Array.of(minNs),
        maxNs: Float64Array.of(maxNs),
        sumNs: [sumNs],
      },
      1,
    );

  it('are whole blocks that hold what is said of them', () => {
    expect(problem([19, 0xf0, 15], 3, 0, 15)).toBe('');
    expect(problem([18, 0x30], 2, 0, 3)).toBe('');
    expect(problem([17, 3, 0, 17, 2], 2, 3, 34)).toBe('');
    expect(problem([], 0, 0, 0, 0n)).toBe('');
    const many = [1, 20, 0, 0, 0, 9, ...zeros(14), 11];
    expect(problem(many, 20, 0, 15)).toBe('');
    const last = 28_671;
    expect(problem([17, last % 16], 1, 2 ** 40, 2 ** 41)).toBe('');
  });

  it.each<[string, Parameters<typeof problem>]>([
    ['out of order', [[18, 0x03], 2, 0, 3]],
    ['out of order behind others', [[19, 0x31, 2], 3, 1, 3]],
    ['of a width that none has', [[32, ...zeros(8)], 16, 0, 0]],
    ['of another width that none has', [[3, ...zeros(52)], 0, 0, 0]],
    ['cut off', [[19, 0xf0], 3, 0, 15]],
    ['with samples before the least', [[18, 0x31], 2, 3, 3]],
    ['with samples behind the greatest', [[18, 0x31], 2, 1, 2]],
    ['with less than the least', [[17, 3], 1, 2, 3]],
    ['with blocks behind the last', [[17, 3, 0], 1, 3, 3]],
    ['with more samples than are said', [[18, 0x33], 1, 3, 3]],
    ['empty, of no samples', [[0], 0, 0, 0, 0n]],
    ['of no samples, with a sum', [[], 0, 0, 0, 1n]],
    ['of a least above the greatest', [[17, 3], 1, 3, 2]],
    ['with a wrong sum', [[1, 21, 0, 0, 0, 9, ...zeros(14), 11], 20, 0, 15]],
  ])('are refused where they are %s', (_, args) => {
    expect(problem(...args)).toBe(contradicts);
  });

  it('are refused where counts of eight bytes are none', () => {
    const of = (...counts: number[]): string => {
      const bytes = new Uint8Array(1 + 8 + 128);
      const view = new DataView(bytes.buffer);
      view.setUint8(0, 8);
      const sum = counts.reduce((all, count) => all + count, 0);
      view.setFloat64(1, sum, true);
      counts.forEach((count, i) => view.setFloat64(9 + 8 * i, count, true));
      return problem([...bytes], sum, 0, counts.length - 1);
    };
    expect(of(2 ** 40, 1)).toBe('');
    expect([of(5, -1, 1), of(0.5, 0.5), of(Infinity)]).toEqual([
      contradicts,
      contradicts,
      contradicts,
    ]);
  });

  it('are refused where histograms end before they begin, before any byte is read', () => {
    const zero = Float64Array.of(0, 0);
    const of = (...starts: number[]): string =>
      packedProblem(
        {
          bytes: new Uint8Array(2),
          starts: Float64Array.from(starts),
          count: zero,
          minNs: zero,
          maxNs: Float64Array.of(2 ** 40, 0),
          sumNs: [0n, 0n],
        },
        2,
      );
    expect(of(0, 5, 2)).toBe('histogram 1 ends before it begins');
    expect(of(0, -1, 2)).toBe('histogram 0 ends before it begins');
    expect([of(1, 1, 2), of(0, 1, 1)]).toEqual(['they have other bytes', 'they have other bytes']);
    expect(of(0, 2)).toBe('they are not 2');
  });
});

it('a bucket is known by its ends, and the last one ends anywhere', () => {
  const last = 28_671;
  const lowNs = 2 ** 37 - 2 ** 26;
  expect(bucketIndex(lowNs)).toBe(last);
  expect(
    [
      [0, 0],
      [1023, 1023],
      [2047, 2047],
      [2048, 2049],
      [lowNs, lowNs],
      [lowNs, 2 ** 50],
    ].map(([low, high]) => isBucket(low, high)),
  ).toEqual([true, true, true, true, true, true]);
  expect(
    [
      [-1, -1],
      [0.5, 0.5],
      [NaN, 1],
      [0, 1],
      [2048, 2048],
      [2049, 2049],
      [2049, 2050],
      [lowNs, lowNs - 1],
      [lowNs + 2 ** 26, 2 ** 50],
      [2 ** 53, 2 ** 54],
    ].map(([low, high]) => isBucket(low, high)),
  ).toEqual(zeros(10).map(() => false));
});
