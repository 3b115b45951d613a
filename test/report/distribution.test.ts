import { describe, expect, it } from 'vitest';
import { beyondChart, percentileCurve } from '../../src/report/distribution.js';
import { cumulativeChart, fitFigures } from '../../src/report/fit-figures.js';
import type { HistogramJson, LatencySummary } from '../../src/result/document.js';
import { nonEmptyBuckets, summarize } from '../../src/result/histogram.js';
import { fitOf, histogramOf } from '../../src/stats/prediction.js';

/** Buckets of a value each. */
function bucketsOf(...counts: readonly (readonly [ns: number, count: number])[]): HistogramJson {
  const values = counts.map(([ns]) => ns);
  return { lowNs: values, highNs: [...values], counts: counts.map(([, count]) => count) };
}

const EMPTY = bucketsOf();

function summaryOf(count: number, maxNs: number): LatencySummary {
  const named = { p50Ns: 5_000, p90Ns: 9_000, p99Ns: 9_900, p999Ns: 9_990, p9999Ns: 9_999 };
  return { count, minNs: 0, sumNs: 0, meanNs: 0, maxNs, ...named };
}

describe('a curve of percentiles', () => {
  const histogram = bucketsOf([10, 500_000], [20, 400_000], [30, 90_000], [45, 9_999], [60, 1]);

  it('has the figures of the summary where it names them, and those of buckets elsewhere', () => {
    const axis = [1, 1.25, 2, 3, 10, 20, 100, 500, 1000, 5000, 10_000, 50_000];
    expect(percentileCurve(histogram, summaryOf(1_000_000, 50), axis)).toEqual([
      10, 10, 5_000, 20, 9_000, 30, 9_900, 45, 9_990, 45, 9_999, 45,
    ]);
    // No latency is above the longest.
    expect(percentileCurve(histogram, summaryOf(1_000_000, 40), [5_000])).toEqual([40]);
    expect(percentileCurve(histogram, summaryOf(1_000_000, 50), [3, 11, 101])).toEqual([
      20, 30, 45,
    ]);
  });

  it('ends where fewer than ten samples lie beyond, and is unknown without a figure', () => {
    const few = { ...summaryOf(40, 50), p90Ns: null };
    expect(percentileCurve(bucketsOf([7, 40]), few, [1, 4, 4.001])).toEqual([7, 7, null]);
    expect(percentileCurve(bucketsOf([7, 100]), { ...few, count: 100 }, [9, 10])).toEqual([
      7,
      null,
    ]);
    expect(percentileCurve(EMPTY, summaryOf(0, 0), [1, 2])).toEqual([null, null]);
    expect(percentileCurve(EMPTY, summaryOf(100, 0), [1, 2, 3])).toEqual([null, 5_000, null]);
  });
});

describe('the chart of what lies beyond', () => {
  it('begins where a line falls, and ends where fewer than ten are left', () => {
    const chart = bucketsOf([10, 50], [100, 40], [1000, 1], [5000, 9]);
    expect(beyondChart([chart])).toEqual({
      kind: 'lines',
      yScale: 'beyond',
      x: [100 / 1.5, 100],
      values: [[0.5, 0.1]],
    });
  });

  it('has the lines of all, and none of what has fewer than ten samples', () => {
    const chart = beyondChart([
      bucketsOf([0, 100], [40, 100], [90, 10]),
      bucketsOf([40, 9]),
      EMPTY,
      bucketsOf([40, 10], [60, 10]),
    ]);
    expect(chart).toEqual({
      kind: 'lines',
      yScale: 'beyond',
      x: [40 / 1.5, 40, 60],
      values: [
        [0.5238, 0.04762, 0.04762],
        [null, null, null],
        [null, null, null],
        [1, 0.5, null],
      ],
    });
  });

  it('leaves out its flat beginning, which is less than a hundredth', () => {
    const chart = (more: number) =>
      beyondChart([bucketsOf([10, 1], [20, more], [30, 900], [40, 99 - more])]).x;
    expect([9, 10, 11].map(chart)).toEqual([
      [20, 30],
      [20, 30],
      [20 / 1.5, 20, 30],
    ]);
  });

  it('has sixty points to a decade', () => {
    const values = Array.from({ length: 300 }, (_, i): [number, number] => [1000 + i, 100]);
    const { x } = beyondChart([bucketsOf(...values)]);
    expect(x).toEqual([1004 / 1.5, 1039, 1079, 1122, 1165, 1211, 1258]);
  });
});

describe('the cumulative chart of a fit', () => {
  it('runs from none to nearly all of each, and from the foot on', () => {
    expect(cumulativeChart([bucketsOf([100, 1], [200, 1]), EMPTY, bucketsOf([200, 4])])).toEqual({
      kind: 'lines',
      yScale: 'cumulative',
      x: [100 / 1.05, 100, 200],
      values: [[0, 0.5, 1], [], [0, 0, 1]],
    });
    expect(cumulativeChart([bucketsOf([0, 1], [1, 1])])).toEqual({
      kind: 'lines',
      yScale: 'cumulative',
      x: [1, 1],
      values: [[0.5, 1]],
    });
    expect(cumulativeChart([EMPTY])).toMatchObject({ x: [], values: [[]] });
  });

  it('leaves out what is beyond 99.9 % of both', () => {
    const x = (last: number): readonly number[] =>
      cumulativeChart([bucketsOf([10, 1_000_000 - last], [20, last]), bucketsOf([10, 1])]).x;
    expect([999, 1_000, 1_001].map((last) => x(last).length)).toEqual([2, 2, 3]);
  });

  it('has so many points that no screen shows more', () => {
    const points = (count: number): readonly number[] => {
      const values = Array.from({ length: count }, (_, i): [number, number] => [i + 1, 1]);
      return cumulativeChart([bucketsOf(...values)]).x;
    };
    // The last of a thousand lie beyond what is drawn.
    const lengths = [1000, 1001, 1002, 1500].map((count) => points(count).length);
    expect(lengths).toEqual([999, 1000, 1000, 1000]);
    const all = points(2000);
    expect([all.slice(0, 4), all.slice(-3)]).toEqual([
      [1, 3, 5, 7],
      [1994, 1996, 1998],
    ]);
  });

  it('is told in words, with a table of tenths', () => {
    const data = histogramOf(Array.from({ length: 4000 }, (_, i) => 1000 + i));
    const none = histogramOf([]);
    const figures = fitFigures(
      [
        fitOf('NET_RX', { before: data, recorded: data, predicted: none }, 1),
        fitOf('TIMER', { before: data, recorded: data, predicted: data }, 1),
      ],
      'fit',
    );
    expect(summarize(data).p99Ns).toBe(4959);
    expect(nonEmptyBuckets(none).counts).toEqual([]);
    const [first, second] = figures.map(({ id, note, views: [{ summary, table }] }) => {
      return { id, note, summary, table };
    });
    expect(first.note).toMatch(/ is unknown, without samples\.$/);
    expect([first.id, second.id]).toEqual(['fit-vector-1', 'fit-vector-2']);
    expect(second.note).toMatch(/ is 0\.000\.$/);
    expect(second.summary).toBe(
      'Cumulative distributions of the latency of TIMER on a logarithmic axis. recorded: ' +
        '4,000 samples, p50 3.00 µs, p90 4.60 µs, p99 4.96 µs; predicted: 4,000 samples, ' +
        'p50 3.00 µs, p90 4.60 µs, p99 4.96 µs.',
    );
    expect(first.table.columns).toEqual([
      {
        label: 'Percentile',
        unit: 'text',
        values: ['10', '20', '30', '40', '50', '60', '70', '80', '90', '95', '99'].map(
          (tenth) => `p${tenth}`,
        ),
      },
      {
        label: 'Recorded',
        unit: 'ns',
        values: [1399, 1799, 2199, 2599, 2999, 3399, 3799, 4199, 4599, 4799, 4959],
      },
      { label: 'Predicted', unit: 'ns', values: Array<null>(11).fill(null) },
    ]);
  });
});
