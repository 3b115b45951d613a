import type { HistogramJson, LatencySummary } from '../result/document.js';

/** Percentiles that a summary names, as x = 1 / (1 − p). */
const SUMMARY_POINTS = [
  [2, 'p50Ns'],
  [10, 'p90Ns'],
  [100, 'p99Ns'],
  [1000, 'p999Ns'],
  [10000, 'p9999Ns'],
] as const;

const POINTS_PER_DECADE = 16;
const BINS_PER_DECADE = 10;
/** From under 1 ns to 1,000 s: more decades than the histogram has. */
const BIN_LIMIT = 12 * BINS_PER_DECADE + 1;
/** A percentile is drawn only where this many samples or more lie beyond it. */
const SAMPLES_BEYOND = 10;

/** x = 1 / (1 − p) from the median to p99.99, evenly spaced in its logarithm, decades exact. */
export function percentileAxis(): number[] {
  const x = [2];
  for (let i = POINTS_PER_DECADE / 2; i <= 4 * POINTS_PER_DECADE; i++) {
    const point = 10 ** (i / POINTS_PER_DECADE);
    x.push(i % POINTS_PER_DECADE === 0 ? Math.round(point) : point);
  }
  return x;
}

/**
 * The latency in ns at each x of `percentileAxis`, null where fewer than ten samples lie beyond.
 *
 * At the percentiles that the summary names, its own figure stands, so that chart and table agree.
 */
export function percentileCurve(
  histogram: HistogramJson,
  summary: LatencySummary,
  axis: readonly number[],
): (number | null)[] {
  const named = new Map<number, number | null>(SUMMARY_POINTS.map(([x, key]) => [x, summary[key]]));
  const { counts, highNs } = histogram;
  let index = 0;
  let covered = counts.length > 0 ? counts[0] : 0;
  return axis.map((x) => {
    if (summary.count < SAMPLES_BEYOND * x * (1 - 1e-12)) return null;
    const rank = summary.count * (1 - 1 / x) * (1 - 1e-12);
    while (covered < rank && index < counts.length - 1) covered += counts[++index];
    if (named.has(x)) return named.get(x) ?? null;
    return counts.length === 0 ? null : Math.min(highNs[index], summary.maxNs);
  });
}

/** Histograms on common logarithmic bins, ten a decade, for drawing. */
export interface DrawnBins {
  /** Lower edges in ns, ascending, and the last bin's upper edge; empty without samples. */
  edgesNs: number[];
  /** `[histogram][bin]`: share of the histogram's samples, one value fewer than edges. */
  shares: number[][];
  /** `[histogram]`: share of samples of 0 ns, which a logarithmic axis cannot show. */
  zeroShares: number[];
}

/** Spreads each bucket's count evenly over the drawn bins that it overlaps. */
export function binForDrawing(histograms: readonly HistogramJson[]): DrawnBins {
  const range = binRange(histograms);
  const length = range === null ? 0 : range.last - range.first + 1;
  const first = range?.first ?? 0;
  const shares: number[][] = [];
  const zeroShares: number[] = [];
  for (const { lowNs, highNs, counts } of histograms) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const bins = new Array<number>(length).fill(0);
    let zeros = 0;
    for (let i = 0; i < counts.length; i++) {
      if (lowNs[i] < 1) zeros += counts[i];
      else spread(bins, first, lowNs[i], highNs[i] + 1, counts[i] / total);
    }
    shares.push(bins);
    zeroShares.push(total === 0 ? 0 : zeros / total);
  }
  const edgesNs = length === 0 ? [] : Array.from({ length: length + 1 }, (_, i) => edge(first + i));
  return { edgesNs, shares, zeroShares };
}

/** A bucket's values are whole: one that holds 5 alone covers [5, 6). */
function spread(bins: number[], first: number, lowNs: number, endNs: number, share: number): void {
  const from = binOf(lowNs);
  const to = binOf(endNs);
  for (let bin = from; bin <= to; bin++) {
    const overlap = Math.min(endNs, edge(bin + 1)) - Math.max(lowNs, edge(bin));
    const part = from === to ? 1 : Math.max(0, overlap) / (endNs - lowNs);
    bins[bin - first] += share * part;
  }
}

function binRange(histograms: readonly HistogramJson[]): { first: number; last: number } | null {
  let first = Infinity;
  let last = -Infinity;
  for (const { lowNs, highNs } of histograms) {
    for (let i = 0; i < lowNs.length; i++) {
      if (lowNs[i] < 1) continue;
      first = Math.min(first, binOf(lowNs[i]));
      last = Math.max(last, binOf(highNs[i] + 1));
    }
  }
  return first > last ? null : { first, last };
}

function binOf(ns: number): number {
  let bin = Math.floor(Math.log10(ns) * BINS_PER_DECADE);
  // The logarithm of an edge may fall just below it.
  if (edge(bin + 1) <= ns) bin++;
  return Math.min(Math.max(bin, 0), BIN_LIMIT);
}

function edge(bin: number): number {
  const whole = bin % BINS_PER_DECADE === 0;
  const ns = 10 ** (bin / BINS_PER_DECADE);
  return whole ? Math.round(ns) : ns;
}
