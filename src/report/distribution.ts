import type { HistogramJson, LatencySummary } from '../result/document.js';
import type { LinesChart } from './model.js';

/** Percentiles that a summary names, as x = 1 / (1 − p). */
const SUMMARY_POINTS = [
  [2, 'p50Ns'],
  [10, 'p90Ns'],
  [100, 'p99Ns'],
  [1000, 'p999Ns'],
  [10000, 'p9999Ns'],
] as const;

/** A percentile is drawn only where this many samples or more lie beyond it. */
const SAMPLES_BEYOND = 10;
/** A line that falls by less than this from its start is flat there. */
const FLAT = 0.01;
/** Points of a line to a decade of latency: closer ones would fall into one pixel. */
const POINTS_PER_DECADE = 60;

/**
 * The latency in ns at each x = 1 / (1 − p), ascending; null where fewer than ten samples lie
 * beyond.
 *
 * At the percentiles that the summary names, its own figure stands, so that all tables agree.
 */
export function percentileCurve(
  histogram: HistogramJson,
  summary: LatencySummary,
  axis: readonly number[],
): (number | null)[] {
  const named = new Map<number, number | null>(SUMMARY_POINTS.map(([x, key]) => [x, summary[key]]));
  const { counts, highNs } = histogram;
  let index = 0;
  let covered = counts[0] ?? 0;
  return axis.map((x) => {
    if (summary.count < SAMPLES_BEYOND * x * (1 - 1e-12)) return null;
    const rank = summary.count * (1 - 1 / x) * (1 - 1e-12);
    while (covered < rank && index < counts.length - 1) covered += counts[++index];
    if (named.has(x)) return named.get(x) ?? null;
    return counts.length === 0 ? null : Math.min(highNs[index], summary.maxNs);
  });
}

/** The top of each bucket that any of the histograms has, ascending, and how far down it begins. */
export function bucketTops(histograms: readonly HistogramJson[]): { tops: number[]; foot: number } {
  const used = histograms.filter(({ counts }) => counts.length > 0);
  const tops = [...new Set(used.flatMap(({ highNs }) => highNs))].sort((a, b) => a - b);
  // A logarithmic axis has no 0: such a latency is drawn at its foot.
  return { tops, foot: Math.max(1, Math.min(...used.map((histogram) => histogram.lowNs[0]))) };
}

/** How many samples are not longer than each top. */
export function countUpTo({ highNs, counts }: HistogramJson, tops: readonly number[]): number[] {
  let at = 0;
  let seen = 0;
  return tops.map((top) => {
    while (at < counts.length && highNs[at] <= top) seen += counts[at++];
    return seen;
  });
}

/**
 * Complementary distributions: the share of samples that are longer than each latency. A line ends
 * where fewer than ten are.
 */
export function beyondChart(histograms: readonly HistogramJson[]): LinesChart {
  const { tops, foot } = bucketTops(histograms);
  if (tops.length === 0)
    return { kind: 'lines', yScale: 'beyond', x: [], values: histograms.map(() => []) };
  const totals = histograms.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  const seen = histograms.map((histogram) => countUpTo(histogram, tops));
  const isKnown = (i: number): boolean =>
    totals.some((total, line) => total - seen[line][i] >= SAMPLES_BEYOND);
  const end = tops.findLastIndex((_, i) => isKnown(i));
  const start = firstDrop(seen, totals);
  const kept = tops.map((_, i) => i).filter((i) => i >= start && i <= end && isPoint(tops, i));
  const first = [Math.max(1, (start === 0 ? foot : tops[start]) / 1.5)].filter(
    (ns) => kept.length > 0 && ns < tops[kept[0]],
  );
  return {
    kind: 'lines',
    yScale: 'beyond',
    x: [...first, ...kept.map((i) => Math.max(1, tops[i]))],
    values: histograms.map((_, line) => {
      const total = totals[line];
      if (total < SAMPLES_BEYOND) return [...first, ...kept].map(() => null);
      const shares = kept.map((i) => {
        const beyond = total - seen[line][i];
        return beyond < SAMPLES_BEYOND ? null : Number((beyond / total).toPrecision(4));
      });
      const before = start === 0 ? 0 : seen[line][start - 1];
      return [...first.map(() => Number((1 - before / total).toPrecision(4))), ...shares];
    }),
  };
}

/** The first top by which a line has fallen since the lowest: all before it is flat. */
function firstDrop(seen: readonly number[][], totals: readonly number[]): number {
  const hasFallen = (i: number): boolean =>
    seen.some((line, j) => line[i] - line[0] > totals[j] * FLAT);
  return Math.max(
    0,
    seen[0].findIndex((_, i) => hasFallen(i)),
  );
}

/** The last of those tops that would be drawn in one place. */
function isPoint(tops: readonly number[], i: number): boolean {
  const place = (at: number): number =>
    Math.floor(Math.log10(Math.max(1, tops[at])) * POINTS_PER_DECADE);
  return i === tops.length - 1 || place(i) !== place(i + 1);
}
