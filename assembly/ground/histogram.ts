import {
  HISTOGRAM_BUCKETS,
  HISTOGRAM_HALF_BITS,
  SUMMARY_COUNTS_ADDRESS,
  SUMMARY_FIRST,
  SUMMARY_MAX_NS,
  SUMMARY_MIN_NS,
  SUMMARY_SUM_NS,
  SUMMARY_USED,
} from '../shared/abi';
import { carve, memoryFailed } from './memory';
import { NsSum } from './ns-sum';

/**
 * Samples are counted in bulk: `record` only notes the address of the bucket, and when the notes
 * are full all are counted in one loop. With many histograms almost every bucket is a cache miss;
 * in a loop of nothing else the processor waits for ten of them at once. On `w512` that doubles the
 * speed.
 */
const NOTES_BYTES: usize = 16384;
const notes: usize = memory.data(16384, 64);
const notesEnd: usize = notes + NOTES_BYTES;
let noted: usize = notes;

let isWarmingUp: bool = false;

/** What is noted in a warm-up, until `endWarmUp`, is not counted. */
export function startSamples(withWarmUp: bool): void {
  noted = notes;
  isWarmingUp = withWarmUp;
}

export function endWarmUp(): void {
  countNotes();
  isWarmingUp = false;
}

/** Counts what was noted. Buckets are valid only afterwards. */
export function countNotes(): void {
  const end = isWarmingUp ? notes : noted;
  for (let note = notes; note < end; note += 4) {
    const bucket = load<usize>(note);
    store<u32>(bucket, load<u32>(bucket) + 1);
  }
  noted = notes;
}

/** What a histogram holds of all shards in this memory; wiped memory says that it is nothing. */
@unmanaged
class Total extends NsSum {
  minNs: i64;
  /** Above the greatest; 0 without samples. */
  endNs: i64;
}

/**
 * A log-linear histogram: 2,048 buckets of 1 ns, then 1,024 for each doubling, so that a bucket is
 * never wider than a thousandth of its values. The exact sum, least and greatest stand beside it;
 * the count is the sum of the buckets, so recording does not keep it.
 *
 * Sum, least and greatest are this shard's. Buckets go on counting from shard to shard in the same
 * memory: reading and emptying them after each shard would cost more than a short shard itself.
 *
 * Index of v, after HdrHistogram (https://hdrhistogram.github.io/HdrHistogram/): with the shift b
 * that brings v below 2,048, it is 1,024 b + (v >> b).
 */
@unmanaged
export class Histogram extends NsSum {
  minNs: i64;
  maxNs: i64;
  counts: usize;
  total: Total;

  // @ts-ignore: decorator
  @inline
  record(ns: i64): void {
    if (!ASC_NO_ASSERT) assert(ns >= 0, 'time never goes back');
    this.addNs(ns);
    if (ns < this.minNs) this.minNs = ns;
    if (ns > this.maxNs) this.maxNs = ns;
    const note = noted;
    store<usize>(note, this.counts + ((<usize>bucketOf(ns)) << 2));
    noted = note + 4;
    if (noted == notesEnd) countNotes();
  }

  /** Nothing recorded yet, in this shard. */
  start(): void {
    this.clear();
    this.minNs = i64.MAX_VALUE;
    this.maxNs = -1;
  }

  /** Adds what `other` recorded in this shard, but for its buckets. */
  join(other: Histogram): void {
    this.addSum(other);
    this.minNs = min(this.minNs, other.minNs);
    this.maxNs = max(this.maxNs, other.maxNs);
  }

  /** The shard is over: adds it to the total. */
  keep(): void {
    this.addToTotal(this, this.minNs, this.maxNs + 1);
  }

  private addToTotal(sum: NsSum, minNs: i64, endNs: i64): void {
    if (endNs == 0) return;
    const total = this.total;
    total.minNs = total.endNs == 0 ? minNs : min(total.minNs, minNs);
    total.endNs = max(total.endNs, endNs);
    total.addSum(sum);
  }

  /** Adds its buckets from that of `fromNs` to that of `toNs` to those at `counts`. */
  addTo(counts: usize, fromNs: i64, toNs: i64): void {
    const total = this.total;
    if (total.endNs == 0) return;
    const first = max(bucketOf(fromNs), bucketOf(total.minNs));
    addBuckets(counts, this.counts, first, min(bucketOf(toNs), bucketOf(total.endNs - 1)));
  }

  /** The bounds of all that its buckets hold, of the shard that runs and of those before. */
  leastSoFarNs(): i64 {
    const total = this.total;
    return total.endNs == 0 ? this.minNs : min(total.minNs, this.minNs);
  }

  /** Below 0 when there is nothing yet. */
  mostSoFarNs(): i64 {
    return max(this.total.endNs - 1, this.maxNs);
  }

  /** Adds its buckets, of the shard that runs and of those before, to those at `counts`. */
  addSoFarTo(counts: usize): void {
    if (this.mostSoFarNs() < 0) return;
    addBuckets(counts, this.counts, bucketOf(this.leastSoFarNs()), bucketOf(this.mostSoFarNs()));
  }

  /** Adds what `other` holds of all shards. */
  absorb(other: Histogram): void {
    other.addTo(this.counts, 0, i64.MAX_VALUE);
    this.addToTotal(other.total, other.total.minNs, other.total.endNs);
  }

  empty(): void {
    const total = this.total;
    if (total.endNs == 0) return;
    const first = bucketOf(total.minNs);
    const buckets = bucketOf(total.endNs - 1) - first + 1;
    memory.fill(this.counts + (first << 2), 0, (<usize>buckets) << 2);
    total.clear();
    total.minNs = 0;
    total.endNs = 0;
  }

  /** Writes the record SUMMARY_*: all shards in this memory. */
  summarise(record: usize): void {
    const total = this.total;
    writeSummary(record, total, total.minNs, total.endNs - 1, this.counts);
  }
}

/** From the bucket `first` to `last`, two counts at a time. */
// @ts-ignore: decorator
@inline
function addBuckets(to: usize, from: usize, first: u32, last: u32): void {
  const end = (<usize>last) << 2;
  // Neither count reaches 2^32 (see ShardSeries), so nothing is carried over.
  for (let at = ((<usize>first) << 2) & ~7; at <= end; at += 8) {
    store<u64>(to + at, load<u64>(to + at) + load<u64>(from + at));
  }
}

/** From the bucket of one time to that of another: whole pairs, as `addBuckets` adds them. */
export function emptyBuckets(counts: usize, fromNs: i64, toNs: i64): void {
  const start = ((<usize>bucketOf(fromNs)) << 2) & ~7;
  const end = ((<usize>bucketOf(toNs)) << 2) | 7;
  memory.fill(counts + start, 0, end - start + 1);
}

/** Writes the record SUMMARY_*; there are no samples when `maxNs` is below 0. */
export function writeSummary(
  record: usize,
  sum: NsSum,
  minNs: i64,
  maxNs: i64,
  counts: usize,
): void {
  const some = maxNs >= 0;
  const first = some ? bucketOf(minNs) : 0;
  store<u64>(record + SUMMARY_SUM_NS * 8, sum.low);
  store<u64>(record + SUMMARY_SUM_NS * 8 + 8, sum.high);
  store<i64>(record + SUMMARY_MIN_NS * 8, some ? minNs : 0);
  store<i64>(record + SUMMARY_MAX_NS * 8, some ? maxNs : 0);
  store<i64>(record + SUMMARY_COUNTS_ADDRESS * 8, counts + (first << 2));
  store<i64>(record + SUMMARY_FIRST * 8, first);
  store<i64>(record + SUMMARY_USED * 8, some ? bucketOf(maxNs) - first + 1 : 0);
}

/** One shard's buckets of a histogram that is the sum of others. `counts` need not be empty. */
@unmanaged
export class ShardSum {
  histogram: Histogram;
  counts: usize;

  /** The parts were joined already; now come their buckets, between `open` and `close`. */
  open(): void {
    const histogram = this.histogram;
    if (histogram.maxNs < 0) return;
    emptyBuckets(this.counts, histogram.minNs, histogram.maxNs);
  }

  add(part: Histogram): void {
    const histogram = this.histogram;
    part.addTo(this.counts, histogram.minNs, histogram.maxNs);
  }

  /**
   * Takes off what earlier shards had counted, and leaves of each bucket how many samples there are
   * up to it: whoever looks for a percentile need not count.
   */
  close(): void {
    const histogram = this.histogram;
    if (histogram.maxNs < 0) return;
    const end = (<usize>bucketOf(histogram.maxNs)) << 2;
    let running: u32 = 0;
    for (let at = (<usize>bucketOf(histogram.minNs)) << 2; at <= end; at += 4) {
      const sum = load<u32>(this.counts + at);
      running += sum - load<u32>(histogram.counts + at);
      store<u32>(this.counts + at, running);
      store<u32>(histogram.counts + at, sum);
    }
  }

  /** Writes the record SUMMARY_*: this shard alone. */
  summarise(record: usize): void {
    const histogram = this.histogram;
    writeSummary(record, histogram, histogram.minNs, histogram.maxNs, this.counts);
  }
}

let histograms: usize = 0;
let histogramCount: i32 = 0;

/** Carves the records of `count` empty histograms; they need `carveBuckets` before they count. */
export function carveHistograms(count: i32): bool {
  histogramCount = count;
  histograms = carve(<usize>count * offsetof<Histogram>());
  if (memoryFailed()) return false;
  for (let i = 0; i < count; i++) histogramAt(i).start();
  return true;
}

/** What outlives a shard: totals and buckets. */
export function carveBuckets(): void {
  const totals = carve(<usize>histogramCount * offsetof<Total>());
  for (let i = 0; i < histogramCount; i++) {
    const histogram = histogramAt(i);
    histogram.total = changetype<Total>(totals + <usize>i * offsetof<Total>());
    histogram.counts = carve((<usize>HISTOGRAM_BUCKETS) << 2);
  }
}

/** The shard is over. */
export function keepHistograms(): void {
  for (let i = 0; i < histogramCount; i++) histogramAt(i).keep();
}

export function emptyHistograms(): void {
  for (let i = 0; i < histogramCount; i++) histogramAt(i).empty();
}

export function histogramAt(index: i32): Histogram {
  return changetype<Histogram>(histograms + <usize>index * offsetof<Histogram>());
}

// @ts-ignore: decorator
@inline
export function bucketOf(ns: i64): u32 {
  const shift = <i64>(63 - HISTOGRAM_HALF_BITS) - clz<i64>(ns | 2047);
  return min<u32>(<u32>((shift << HISTOGRAM_HALF_BITS) + (ns >> shift)), HISTOGRAM_BUCKETS - 1);
}
