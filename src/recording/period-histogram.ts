import type { PeriodCounts } from './recording.js';
import { MAX_RECORDED_SPAN_NS } from './recording.js';

/**
 * A small log-linear histogram of times: eight buckets an octave, so a bucket is at most an eighth
 * as wide as the values in it. Bounded: fewer than 400 buckets hold every time of a recording.
 *
 *     index(v) = v                         for v < 8
 *     index(v) = k × 8 + floor(v / 2^k)    with k = floor(log2 v) − 3, for v >= 8
 */
const BUCKETS_PER_OCTAVE = 8;

/** Bucket of a whole number of ns from 0 to 2^52 − 1. */
export function periodIndex(ns: number): number {
  if (ns < BUCKETS_PER_OCTAVE) return ns;
  // Where Math.log2 rounds up, just below a power of two, the bucket is the same.
  const octave = Math.floor(Math.log2(ns)) - 3;
  return octave * BUCKETS_PER_OCTAVE + Math.floor(ns / 2 ** octave);
}

/** Least value of a bucket, in ns. */
export function periodEdgeNs(index: number): number {
  if (index < 2 * BUCKETS_PER_OCTAVE) return index;
  const octave = Math.floor(index / BUCKETS_PER_OCTAVE) - 1;
  return (index - octave * BUCKETS_PER_OCTAVE) * 2 ** octave;
}

/** Buckets that the longest period needs. */
export const PERIOD_BUCKETS = periodIndex(MAX_RECORDED_SPAN_NS) + 1;

/** Collects periods; memory does not grow with their number. */
export class PeriodHistogram {
  private readonly counts = new Float64Array(PERIOD_BUCKETS);
  private count = 0;
  private sumNs = 0;

  add(ns: number): void {
    this.counts[periodIndex(ns)] += 1;
    this.count += 1;
    this.sumNs += ns;
  }

  toCounts(): PeriodCounts {
    const first = this.counts.findIndex((count) => count > 0);
    if (first < 0) return { count: 0, sumNs: 0, firstIndex: 0, counts: [] };
    const last = this.counts.findLastIndex((count) => count > 0);
    return {
      count: this.count,
      sumNs: this.sumNs,
      firstIndex: first,
      counts: Array.from(this.counts.subarray(first, last + 1)),
    };
  }
}

/** The exact median of the first 65,536 values: enough for a period, and bounded. */
export class BoundedMedian {
  private readonly values: number[] = [];

  add(ns: number): void {
    if (this.values.length < 65_536) this.values.push(ns);
  }

  /** The lower median; 0 without values. */
  value(): number {
    if (this.values.length === 0) return 0;
    const sorted = Float64Array.from(this.values).sort();
    return sorted[(sorted.length - 1) >> 1];
  }
}
