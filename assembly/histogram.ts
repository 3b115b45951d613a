import {
  HISTOGRAM_BUCKETS, HISTOGRAM_HALF_BITS, SUMMARY_COUNTS_ADDRESS, SUMMARY_FIRST, SUMMARY_MAX_NS,
  SUMMARY_MIN_NS, SUMMARY_SUM_NS, SUMMARY_USED,
} from './shared/abi';
import { carve, memoryFailed } from './memory';

/**
 * Samples are counted in bulk: `record` only notes the address of the bucket, and when the notes
 * are full all are counted in one loop. With many histograms almost every bucket is a cache miss;
 * in a loop of nothing else the processor waits for ten of them at once. On `w512` that doubles the
 * speed.
 */
const NOTES: usize = 4096;
let notes: usize = 0;
let noted: usize = 0;
let notesEnd: usize = 0;

export function carveNotes(): void {
  notes = carve(NOTES << 2);
  noted = notes;
  notesEnd = notes + (NOTES << 2);
}

/** Counts what was noted. Buckets are valid only afterwards. */
export function countNotes(): void {
  const end = noted;
  for (let note = notes; note < end; note += 4) {
    const bucket = load<usize>(note);
    store<u32>(bucket, load<u32>(bucket) + 1);
  }
  noted = notes;
}

/**
 * A log-linear histogram: 2,048 buckets of 1 ns, then 1,024 for each doubling, so that a bucket is
 * never wider than a thousandth of its values. The exact sum, least and greatest stand beside it;
 * the count is the sum of the buckets, so recording does not keep it.
 *
 * Index of v, after HdrHistogram (https://hdrhistogram.github.io/HdrHistogram/): with the shift b
 * that brings v below 2,048, it is 1,024 b + (v >> b).
 */
@unmanaged
export class Histogram {
  sumNs: i64;
  minNs: i64;
  maxNs: i64;
  counts: usize;

  // @ts-ignore: decorator
  @inline
  record(ns: i64): void {
    if (!ASC_NO_ASSERT) assert(ns >= 0, 'time never goes back');
    this.sumNs += ns;
    if (ns < this.minNs) this.minNs = ns;
    if (ns > this.maxNs) this.maxNs = ns;
    const note = noted;
    store<usize>(note, this.counts + (<usize>bucketOf(ns) << 2));
    noted = note + 4;
    if (noted == notesEnd) countNotes();
  }

  clear(): void {
    if (this.maxNs >= 0) {
      const first = bucketOf(this.minNs);
      memory.fill(this.counts + (first << 2), 0, <usize>(bucketOf(this.maxNs) - first + 1) << 2);
    }
    this.sumNs = 0;
    this.minNs = i64.MAX_VALUE;
    this.maxNs = -1;
  }

  /** Adds what `other` holds. */
  add(other: Histogram): void {
    if (other.maxNs < 0) return;
    this.sumNs += other.sumNs;
    this.minNs = min(this.minNs, other.minNs);
    this.maxNs = max(this.maxNs, other.maxNs);
    const last = bucketOf(other.maxNs);
    for (let i = bucketOf(other.minNs); i <= last; i++) {
      const bucket = this.counts + (<usize>i << 2);
      store<u32>(bucket, load<u32>(bucket) + load<u32>(other.counts + (<usize>i << 2)));
    }
  }

  /** Writes the record SUMMARY_*. */
  summarise(record: usize): void {
    const some = this.maxNs >= 0;
    const first = some ? bucketOf(this.minNs) : 0;
    store<i64>(record + SUMMARY_SUM_NS * 8, this.sumNs);
    store<i64>(record + SUMMARY_MIN_NS * 8, some ? this.minNs : 0);
    store<i64>(record + SUMMARY_MAX_NS * 8, some ? this.maxNs : 0);
    store<i64>(record + SUMMARY_COUNTS_ADDRESS * 8, this.counts + (first << 2));
    store<i64>(record + SUMMARY_FIRST * 8, first);
    store<i64>(record + SUMMARY_USED * 8, some ? bucketOf(this.maxNs) - first + 1 : 0);
  }
}

let histograms: usize = 0;
let histogramCount: i32 = 0;

/** Carves the records of `count` empty histograms; they need `carveBuckets` before they count. */
export function carveHistograms(count: i32): usize {
  histogramCount = count;
  histograms = carve(<usize>count * offsetof<Histogram>());
  if (memoryFailed()) return 0;
  for (let i = 0; i < count; i++) {
    const histogram = histogramAt(i);
    histogram.minNs = i64.MAX_VALUE;
    histogram.maxNs = -1;
  }
  return histograms;
}

export function carveBuckets(): void {
  for (let i = 0; i < histogramCount; i++) {
    histogramAt(i).counts = carve(<usize>HISTOGRAM_BUCKETS << 2);
  }
}

/** Empties every histogram. */
export function clearHistograms(): void {
  countNotes();
  for (let i = 0; i < histogramCount; i++) histogramAt(i).clear();
}

function histogramAt(index: i32): Histogram {
  return changetype<Histogram>(histograms + <usize>index * offsetof<Histogram>());
}

// @ts-ignore: decorator
@inline
function bucketOf(ns: i64): u32 {
  const shift = <i64>(63 - HISTOGRAM_HALF_BITS) - clz<i64>(ns | 2047);
  return min<u32>(<u32>((shift << HISTOGRAM_HALF_BITS) + (ns >> shift)), HISTOGRAM_BUCKETS - 1);
}
