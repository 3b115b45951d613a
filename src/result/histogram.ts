import { HISTOGRAM_BUCKETS, HISTOGRAM_HALF_BITS } from '../../assembly/shared/abi.js';
import type { HistogramData } from './outcome.js';
import type { HistogramJson, LatencySummary } from './document.js';
import { addCounts, sparseCounts } from './sparse-counts.js';

/**
 * The arithmetic of the log-linear histogram that the kernel fills: which whole numbers share a
 * bucket, how buckets add up, and what a percentile of them is.
 *
 * Octave 0 holds the values 0 to 2,047, one bucket each. Octave k (from 1) holds 2^(k+10) up to
 * 2^(k+11) in 1,024 buckets of width 2^k, so a bucket is never wider than 1/1,024 of the values in
 * it: three significant digits. Octaves join without a gap, hence one running index:
 *
 *     index(v) = v                              for v < 2048
 *     index(v) = k × 1024 + floor(v / 2^k)      with k = floor(log2 v) − 10, for v >= 2048
 *
 * because floor(v / 2^k) runs from 1,024 to 2,047. This is HdrHistogram's formula for three
 * significant digits and a lowest discernible value of 1 (G. Tene, HdrHistogram, 2012).
 */
const BUCKETS_PER_OCTAVE = 2 ** HISTOGRAM_HALF_BITS;
const LINEAR_VALUES = 2 * BUCKETS_PER_OCTAVE;
/** The kernel's last bucket holds all of 2^37 ns (137 s) and above. */
const LAST_BUCKET = HISTOGRAM_BUCKETS - 1;
/** The width of a bucket as a part of its values, at most: latencies closer are the same. */
export const RESOLUTION = 1 / BUCKETS_PER_OCTAVE;

/** What is known of all samples of a histogram besides their buckets. */
export type HistogramTotals = Pick<HistogramData, 'sumNs' | 'minNs' | 'maxNs'>;

/** Index of the bucket that holds `value`, a whole number from 0 to 2^53 − 1. */
export function bucketIndex(value: number): number {
  if (value < LINEAR_VALUES) return value;
  const octave = floorLog2(value) - HISTOGRAM_HALF_BITS;
  return octave * BUCKETS_PER_OCTAVE + Math.floor(value / 2 ** octave);
}

/** How wide a bucket is, by octave; powers would take longer than all else here. */
const WIDTHS = Float64Array.from({ length: 53 }, (_, octave) => 2 ** octave);

/** Least value in the bucket. */
export function bucketLow(index: number): number {
  if (index < LINEAR_VALUES) return index;
  const octave = Math.floor(index / BUCKETS_PER_OCTAVE) - 1;
  return (index - octave * BUCKETS_PER_OCTAVE) * WIDTHS[octave];
}

/** Greatest whole value in the bucket. */
export function bucketHigh(index: number): number {
  return bucketLow(index + 1) - 1;
}

/** floor(log2 v) of a whole number from 1 to 2^53 − 1; Math.log2 errs just below powers of two. */
function floorLog2(value: number): number {
  const high = Math.floor(value / 2 ** 32);
  return high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(value);
}

/** A histogram without samples. */
export function emptyHistogram(): HistogramData {
  return sparseHistogram({ sumNs: 0n, minNs: 0, maxNs: 0 }, 0, new Float64Array());
}

/**
 * A histogram out of consecutive buckets, of which many may be empty: `counts[i]` samples in bucket
 * `firstIndex + i`.
 */
export function sparseHistogram(
  { sumNs, minNs, maxNs }: HistogramTotals,
  firstIndex: number,
  counts: Uint32Array | Float64Array,
): HistogramData {
  let count = 0;
  for (let i = 0; i < counts.length; i++) count += counts[i];
  return { count, sumNs, minNs, maxNs, ...sparseCounts(firstIndex, counts) };
}

/**
 * The histogram of both sets of samples. Every field is a whole number (counts below 2^53), so the
 * sum does not depend on the order in which histograms are added.
 */
export function addHistograms(a: HistogramData, b: HistogramData): HistogramData {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  return {
    count: a.count + b.count,
    sumNs: a.sumNs + b.sumNs,
    minNs: Math.min(a.minNs, b.minNs),
    maxNs: Math.max(a.maxNs, b.maxNs),
    ...addCounts(a, b),
  };
}

/** The percentiles that results carry, in parts of 10,000, which keeps the ranks whole numbers. */
const PERCENTILES = [5_000, 9_000, 9_900, 9_990, 9_999] as const;
const WHOLE = 10_000;
/** Samples that must lie beyond a percentile before it is said. */
const SAMPLES_BEYOND = 10;

/**
 * The value that `parts` of 10,000 samples do not exceed, in ns: the top of the bucket that holds
 * the sample of rank ceil(n × p), never above the maximum, which is exact. Null when fewer than ten
 * samples are expected beyond it, n × (1 − p) < 10: a handful of samples would decide it.
 */
export function percentile(histogram: HistogramData, parts: number): number | null {
  return percentiles(histogram, upwards(histogram), [parts])[0];
}

/** A percentile, as above, of buckets whose greatest values are given, ascending. */
export function percentileOf(
  totals: { count: number; maxNs: number },
  highNs: readonly number[],
  counts: readonly number[],
  parts: number,
): number | null {
  const bucketOfRank = upwards({ buckets: Uint16Array.from(counts.keys()), counts });
  return percentiles(totals, bucketOfRank, [parts], (bucket) => highNs[bucket])[0];
}

/** The index of the bucket that holds the sample of a rank, counted from 1. */
type BucketOfRank = (rank: number) => number;

/** Several percentiles at once, asked for in ascending order. */
function percentiles(
  { count, maxNs }: { count: number; maxNs: number },
  bucketOfRank: BucketOfRank,
  allParts: readonly number[],
  highOf = (bucket: number): number => topOf(bucket, maxNs),
): (number | null)[] {
  return allParts.map((parts) => {
    if (count * (WHOLE - parts) < SAMPLES_BEYOND * WHOLE) return null;
    const rank = Math.max(1, Math.ceil((count * parts) / WHOLE));
    return Math.min(highOf(bucketOfRank(rank)), maxNs);
  });
}

/** Walks up: to be asked for ascending ranks. */
function upwards({
  buckets,
  counts,
}: {
  buckets: ArrayLike<number>;
  counts: ArrayLike<number>;
}): BucketOfRank {
  let at = 0;
  let below = 0;
  return (rank) => {
    while (below + counts[at] < rank) below += counts[at++];
    return buckets[at];
  };
}

/** What no sample of a bucket exceeds, if none of the histogram exceeds `maxNs`. */
function topOf(bucket: number, maxNs: number): number {
  return bucket >= LAST_BUCKET ? maxNs : bucketHigh(bucket);
}

/** The figures of one latency that a result shows. */
export function summarize(histogram: HistogramData): LatencySummary {
  return summarizeRanks(histogram, upwards(histogram));
}

/**
 * The same of consecutive buckets that were added up from the lowest on: `upTo[i]` samples in
 * bucket `firstIndex + i` or below.
 */
export function summarizeRunning(
  totals: HistogramTotals,
  firstIndex: number,
  upTo: Uint32Array,
): LatencySummary {
  const count = upTo.length === 0 ? 0 : upTo[upTo.length - 1];
  return summarizeRanks({ count, ...totals }, (rank) => firstIndex + firstReaching(upTo, rank));
}

/** The first index of an ascending list whose value is not below `least`, by bisection. */
function firstReaching(values: Uint32Array, least: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A summary by whoever finds buckets; `bucketOfRank` is asked for ascending ranks. */
export function summarizeRanks(
  totals: HistogramTotals & { count: number },
  bucketOfRank: BucketOfRank,
): LatencySummary {
  const { count, sumNs, minNs, maxNs } = totals;
  const [p50Ns, p90Ns, p99Ns, p999Ns, p9999Ns] = percentiles(totals, bucketOfRank, PERCENTILES);
  const meanNs = count === 0 ? 0 : Number(sumNs) / count;
  return {
    count,
    minNs,
    maxNs,
    sumNs: Number(sumNs),
    meanNs,
    p50Ns,
    p90Ns,
    p99Ns,
    p999Ns,
    p9999Ns,
  };
}

/** The buckets that hold anything, as columns: least and greatest value of each, and its count. */
export function nonEmptyBuckets(histogram: HistogramData): HistogramJson {
  const { buckets, counts, maxNs } = histogram;
  const column = (): number[] => new Array<number>(buckets.length);
  const columns: HistogramJson = { lowNs: column(), highNs: column(), counts: column() };
  for (let i = 0; i < buckets.length; i++) {
    columns.lowNs[i] = bucketLow(buckets[i]);
    columns.highNs[i] = topOf(buckets[i], maxNs);
    columns.counts[i] = counts[i];
  }
  return columns;
}

/** Are these the least and the greatest whole ns of a bucket? The last one ends at any value. */
export function isBucket(lowNs: number, highNs: number): boolean {
  if (!Number.isSafeInteger(lowNs) || lowNs < 0) return false;
  const index = bucketIndex(lowNs);
  if (index > LAST_BUCKET || bucketLow(index) !== lowNs) return false;
  return index === LAST_BUCKET ? highNs >= lowNs : highNs === bucketHigh(index);
}
