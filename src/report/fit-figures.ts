import { PERCENTILE_LABELS, vectorLabel } from '../stats/fit-sentence.js';
import { FIT_PERCENTILES, type VectorFit } from '../stats/prediction.js';
import type { HistogramJson } from '../result/document.js';
import { formatCount, formatNs } from '../units.js';
import { bucketTops, countUpTo, percentileCurve } from './distribution.js';
import { formatPercentile, FEW_WORDS } from './format.js';
import type { FigureModel, LinesChart, TableModel } from './model.js';

/** The lines of every chart. */
export const FIT_LINES = ['recorded', 'predicted'] as const;

/** More buckets than this are thinned out for drawing: no screen has so many columns. */
const DRAWN_POINTS = 1000;
/** The chart ends where this share of both lies behind: single stragglers would squeeze it. */
const DRAWN_SHARE = 0.999;
/** The percentiles of the table beneath a chart, as x = 1 / (1 − p). */
const TABLE_AXIS = [10 / 9, 10 / 8, 10 / 7, 10 / 6, 2, 10 / 4, 10 / 3, 5, 10, 20, 100];

/** For each vector its two cumulative distributions, in the order of the fit. */
export function fitFigures(vectors: readonly VectorFit[], id: string): FigureModel[] {
  return vectors.map((vector, i) => {
    const { name, ksDistance } = vector;
    const distance = ksDistance === null ? 'unknown, without samples' : ksDistance.toFixed(3);
    return {
      id: `${id}-vector-${i + 1}`,
      title: `Latency of ${vectorLabel(name)}`,
      note:
        'Share of samples up to each latency, from raise to entry. The greatest distance ' +
        `between the lines (Kolmogorov–Smirnov) is ${distance}.`,
      views: [
        {
          latency: null,
          note: '',
          summary: summaryOf(vector),
          chart: cumulativeChart(FIT_LINES.map((line) => vector.distribution[line])),
          table: percentileTable(vector),
        },
      ],
    };
  });
}

function summaryOf({ name, ...vector }: VectorFit): string {
  const parts = FIT_LINES.map((line) => {
    const { count } = vector[line];
    const figures = FIT_PERCENTILES.map((key) => {
      const ns = vector[line][key];
      return `${PERCENTILE_LABELS[key]} ${ns === null ? FEW_WORDS : formatNs(ns)}`;
    });
    return `${line}: ${formatCount(count)} samples, ${figures.join(', ')}`;
  });
  return (
    `Cumulative distributions of the latency of ${vectorLabel(name)} on a logarithmic axis. ` +
    `${parts.join('; ')}.`
  );
}

/** Shares up to the top of each bucket that any of the histograms has, from none on. */
export function cumulativeChart(histograms: readonly HistogramJson[]): LinesChart {
  const { tops, foot } = bucketTops(histograms);
  const curves = histograms.map((histogram) => cumulate(histogram, tops));
  const end = tops.findIndex((_, i) =>
    curves.every((curve) => curve.length === 0 || curve[i] >= DRAWN_SHARE),
  );
  const kept = thinned(end + 1);
  const first = tops.length === 0 ? [] : [Math.max(1, foot / 1.05)].filter((ns) => ns < tops[0]);
  return {
    kind: 'lines',
    yScale: 'cumulative',
    x: [...first, ...kept.map((i) => Math.max(1, tops[i]))],
    values: curves.map((curve) =>
      curve.length === 0 ? [] : [...first.map(() => 0), ...kept.map((i) => curve[i])],
    ),
  };
}

function cumulate(histogram: HistogramJson, tops: readonly number[]): number[] {
  const total = histogram.counts.reduce((sum, count) => sum + count, 0);
  return total === 0 ? [] : countUpTo(histogram, tops).map((seen) => seen / total);
}

/** Indices below `length`, the last one included, evenly spread if there are too many. */
function thinned(length: number): number[] {
  const count = Math.min(length, DRAWN_POINTS);
  return Array.from({ length: count }, (_, i) =>
    count === length ? i : Math.round((i * (length - 1)) / (count - 1)),
  );
}

function percentileTable({ name, distribution, ...vector }: VectorFit): TableModel {
  return {
    caption: vectorLabel(name),
    columns: [
      { label: 'Percentile', unit: 'text', values: TABLE_AXIS.map(formatPercentile) },
      ...FIT_LINES.map((line) => ({
        label: line === 'recorded' ? 'Recorded' : 'Predicted',
        unit: 'ns' as const,
        values: percentileCurve(distribution[line], vector[line], TABLE_AXIS),
      })),
    ],
    note: '',
  };
}
