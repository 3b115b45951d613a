import type { HistogramData } from '../kernel/outcome.js';
import { addHistograms, emptyHistogram } from './histogram.js';

/**
 * Adds up histograms as they come. After a few shards every bucket that will ever hold anything
 * does, and from then on a histogram is added in place: no new arrays for each histogram of each
 * shard.
 */
export class HistogramSum {
  private sum: HistogramData = emptyHistogram();
  /** Are the sum's arrays its own? The first histogram is taken as it came. */
  private owned = false;

  add(histogram: HistogramData): void {
    if (histogram.count === 0) return;
    if (!this.owned || !addInPlace(this.sum, histogram)) {
      this.owned = this.sum.count > 0;
      this.sum = addHistograms(this.sum, histogram);
    }
  }

  /** The sum so far; not to be changed. */
  total(): HistogramData {
    return this.sum;
  }
}

/** Adds `more` to `sum` if all its buckets are there already; else leaves `sum` alone: false. */
function addInPlace(sum: HistogramData, more: HistogramData): boolean {
  const { buckets } = sum;
  let at = 0;
  for (let i = 0; i < more.buckets.length; i++) {
    const bucket = more.buckets[i];
    while (at < buckets.length && buckets[at] < bucket) at++;
    if (at === buckets.length || buckets[at] !== bucket) return false;
  }
  at = 0;
  for (let i = 0; i < more.buckets.length; i++) {
    while (buckets[at] !== more.buckets[i]) at++;
    sum.counts[at] += more.counts[i];
  }
  sum.count += more.count;
  sum.sumNs += more.sumNs;
  sum.minNs = Math.min(sum.minNs, more.minNs);
  sum.maxNs = Math.max(sum.maxNs, more.maxNs);
  return true;
}
