import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HistogramTable } from '../../src/kernel/histogram-table.js';
import type { HistogramData } from '../../src/kernel/outcome.js';
import {
  addHistograms, bucketIndex, emptyHistogram, sparseHistogram,
} from '../../src/stats/histogram.js';

const HISTOGRAMS = 3;

/** Samples of one histogram as a kernel counts them: 32-bit counts from the first bucket on. */
interface Counted {
  index: number;
  first: number;
  counts: Uint32Array;
  data: HistogramData;
}

const counted: fc.Arbitrary<Counted> = fc
  .tuple(
    fc.nat(HISTOGRAMS - 1),
    fc.array(fc.oneof(fc.nat(3_000), fc.nat(2 ** 36)), { maxLength: 40 }),
  )
  .map(([index, samples]) => {
    if (samples.length === 0) {
      return { index, first: 0, counts: new Uint32Array(), data: emptyHistogram() };
    }
    const minNs = Math.min(...samples);
    const maxNs = Math.max(...samples);
    const first = bucketIndex(minNs);
    const counts = new Uint32Array(bucketIndex(maxNs) - first + 1);
    for (const sample of samples) counts[bucketIndex(sample) - first]++;
    const sumNs = BigInt(samples.reduce((sum, sample) => sum + sample, 0));
    return { index, first, counts, data: sparseHistogram({ sumNs, minNs, maxNs }, first, counts) };
  });
const list = fc.array(counted, { maxLength: 8 });

function addAsCounts(table: HistogramTable, { counts, data, first, index }: Counted): void {
  if (data.count === 0) return;
  const before = 5;
  const memory = new Uint32Array(counts.length + 2 * before).fill(99);
  memory.set(counts, before);
  table.addTotals(index, data.sumNs, data.minNs, data.maxNs);
  table.addCounts(index, first, memory, before, counts.length);
}

function tableOf(parts: readonly Counted[]): HistogramTable {
  const table = HistogramTable.create(HISTOGRAMS);
  for (const part of parts) addAsCounts(table, part);
  return table;
}

function histograms(table: HistogramTable): HistogramData[] {
  return Array.from({ length: HISTOGRAMS }, (_, i) => table.histogram(i));
}

/** The model: sparse histograms, added two by two. */
function expected(parts: readonly Counted[]): HistogramData[] {
  return Array.from({ length: HISTOGRAMS }, (_, i) => {
    const sum = parts
      .filter(({ index }) => index === i)
      .map(({ data }) => data)
      .reduce(addHistograms, emptyHistogram());
    return { ...sum, counts: Float64Array.from(sum.counts) };
  });
}

describe('HistogramTable', () => {
  it('adds counts in place as addHistograms adds histograms', () => {
    fc.assert(fc.property(list, (parts) => {
      expect(histograms(tableOf(parts))).toEqual(expected(parts));
    }));
  });

  it('adds sparse histograms to the same sums', () => {
    fc.assert(fc.property(list, (parts) => {
      const table = HistogramTable.create(HISTOGRAMS);
      for (const { data, index } of parts) table.addHistogram(index, data);
      expect(histograms(table)).toEqual(expected(parts));
    }));
  });

  it('adds tables, also one that was used before and one that crossed a boundary', () => {
    fc.assert(fc.property(list, list, (a, b) => {
      const table = tableOf(b);
      table.clear();
      expect(histograms(table)).toEqual(expected([]));
      for (const part of a) addAsCounts(table, part);
      table.add(new HistogramTable(structuredClone(tableOf(b).state)));
      expect(histograms(table)).toEqual(expected([...a, ...b]));
    }));
  });

  it('draws memory for the pages that hold samples, and for no other', () => {
    const counts = new Uint32Array(28_672);
    counts[0] = 1;
    counts[28_671] = 2 ** 32 - 1;
    const table = HistogramTable.create(1);
    for (let i = 0; i < 4; i++) {
      table.addTotals(0, 1n, 0, 2 ** 37 - 1);
      table.addCounts(0, 0, counts, 0, counts.length);
    }
    expect(table.state.placesUsed).toBe(1 + 2);
    expect(table.state.blocks).toHaveLength(1);
    expect(table.histogram(0)).toMatchObject({
      count: 4 * 2 ** 32,
      buckets: Uint16Array.of(0, 28_671),
      counts: Float64Array.of(4, 4 * (2 ** 32 - 1)),
    });
  });
});
