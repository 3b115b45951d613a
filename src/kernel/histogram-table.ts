import { emptyHistogram } from '../stats/histogram.js';
import type { HistogramData } from './outcome.js';

/**
 * Many histograms that samples are added to in place. A shard of a machine with 512 processors has
 * 4,600: new arrays for each of them and each shard cost more than the simulation.
 *
 * Buckets come in pages of 256. A page is drawn when the first sample falls into it, from blocks of
 * shared memory: a table crosses a worker boundary without a copy. Who gave it away leaves it alone
 * from then on.
 */
const PAGE_BITS = 8;
const PAGE_BUCKETS = 1 << PAGE_BITS;
/** As many as the bucket numbers of HistogramData reach. */
const PAGES = 65536 / PAGE_BUCKETS;
const BLOCK_BITS = 6;
const BLOCK_PAGES = 1 << BLOCK_BITS;
/** In place of a place: this page holds nothing. */
const NO_PLACE = 0;

/** A table as it crosses a worker boundary. */
export interface HistogramTableState {
  histograms: number;
  /** Counts. Place p is page `p % BLOCK_PAGES` of block `p / BLOCK_PAGES`; place 0 stays empty. */
  blocks: Float64Array[];
  placesUsed: number;
  /** By histogram and page. */
  places: Uint32Array;
  sumNs: bigint[];
  /** Infinity without samples. */
  minNs: Float64Array;
  /** −1 without samples. */
  maxNs: Float64Array;
}

export class HistogramTable {
  constructor(readonly state: HistogramTableState) {}

  static create(histograms: number): HistogramTable {
    return new HistogramTable({
      histograms,
      blocks: [],
      placesUsed: 1,
      places: new Uint32Array(new SharedArrayBuffer(4 * histograms * PAGES)),
      sumNs: new Array<bigint>(histograms).fill(0n),
      minNs: new Float64Array(histograms).fill(Infinity),
      maxNs: new Float64Array(histograms).fill(-1),
    });
  }

  /** Adds to what is known of all samples of histogram `index`; their counts are added apart. */
  addTotals(index: number, sumNs: bigint, minNs: number, maxNs: number): void {
    const { state } = this;
    state.sumNs[index] += sumNs;
    state.minNs[index] = Math.min(state.minNs[index], minNs);
    state.maxNs[index] = Math.max(state.maxNs[index], maxNs);
  }

  /** Adds `counts[from + i]`, which may be 0, to bucket `first + i`, for `length` buckets. */
  addCounts(index: number, first: number, counts: Uint32Array, from: number, length: number): void {
    const end = first + length;
    for (let bucket = first; bucket < end; ) {
      const page = bucket >> PAGE_BITS;
      const pageEnd = Math.min(end, (page + 1) << PAGE_BITS);
      const start = from + bucket - first;
      const size = pageEnd - bucket;
      if (this.hasPage(index, page) || !isZero(counts, start, size)) {
        const place = this.place(index, page);
        addRun(this.block(place), slot(place, bucket), counts, start, size);
      }
      bucket = pageEnd;
    }
  }

  addHistogram(index: number, histogram: HistogramData): void {
    const { buckets, count, counts, maxNs, minNs, sumNs } = histogram;
    if (count === 0) return;
    this.addTotals(index, sumNs, minNs, maxNs);
    for (let i = 0; i < buckets.length; i++) {
      const place = this.place(index, buckets[i] >> PAGE_BITS);
      this.block(place)[slot(place, buckets[i])] += counts[i];
    }
  }

  /** Adds every histogram of a table of as many. */
  add(other: HistogramTable): void {
    for (let index = 0; index < this.state.histograms; index++) this.addFrom(index, other, index);
  }

  /** Adds one histogram of another table. */
  addFrom(index: number, other: HistogramTable, otherIndex: number): void {
    const { maxNs, minNs, sumNs } = other.state;
    if (maxNs[otherIndex] < 0) return;
    this.addTotals(index, sumNs[otherIndex], minNs[otherIndex], maxNs[otherIndex]);
    for (let page = 0; page < PAGES; page++) {
      if (!other.hasPage(otherIndex, page)) continue;
      const from = other.place(otherIndex, page);
      const to = this.place(index, page);
      addPage(this.block(to), slot(to, 0), other.block(from), slot(from, 0));
    }
  }

  /** Histogram `index`, without its empty buckets. */
  histogram(index: number): HistogramData {
    const { maxNs, minNs, sumNs } = this.state;
    if (maxNs[index] < 0) return emptyHistogram();
    const buckets = new Uint16Array(this.countUsed(index));
    const counts = new Float64Array(buckets.length);
    let at = 0;
    let count = 0;
    for (let page = 0; page < PAGES; page++) {
      if (!this.hasPage(index, page)) continue;
      const place = this.place(index, page);
      const block = this.block(place);
      const first = slot(place, 0);
      for (let i = 0; i < PAGE_BUCKETS; i++) {
        const samples = block[first + i];
        if (samples === 0) continue;
        buckets[at] = (page << PAGE_BITS) + i;
        counts[at++] = samples;
        count += samples;
      }
    }
    return {
      count, sumNs: sumNs[index], minNs: minNs[index], maxNs: maxNs[index], buckets, counts,
    };
  }

  private countUsed(index: number): number {
    let used = 0;
    for (let page = 0; page < PAGES; page++) {
      if (!this.hasPage(index, page)) continue;
      const place = this.place(index, page);
      used += countNonZero(this.block(place), slot(place, 0));
    }
    return used;
  }

  /** Empties every histogram and keeps the memory. */
  clear(): void {
    const { state } = this;
    for (const block of state.blocks) block.fill(0);
    state.placesUsed = 1;
    state.places.fill(NO_PLACE);
    state.sumNs.fill(0n);
    state.minNs.fill(Infinity);
    state.maxNs.fill(-1);
  }

  private hasPage(index: number, page: number): boolean {
    return this.state.places[index * PAGES + page] !== NO_PLACE;
  }

  /** The place of a page, drawn now if it has none. */
  private place(index: number, page: number): number {
    const { state } = this;
    const known = state.places[index * PAGES + page];
    if (known !== NO_PLACE) return known;
    const place = state.placesUsed++;
    state.places[index * PAGES + page] = place;
    if (place >> BLOCK_BITS >= state.blocks.length) {
      const bytes = 8 * BLOCK_PAGES * PAGE_BUCKETS;
      state.blocks.push(new Float64Array(new SharedArrayBuffer(bytes)));
    }
    return place;
  }

  private block(place: number): Float64Array {
    return this.state.blocks[place >> BLOCK_BITS];
  }
}

/** Where a bucket stands within the block of its page. */
function slot(place: number, bucket: number): number {
  return ((place & (BLOCK_PAGES - 1)) << PAGE_BITS) + (bucket & (PAGE_BUCKETS - 1));
}

function isZero(counts: Uint32Array, from: number, length: number): boolean {
  for (let i = from; i < from + length; i++) if (counts[i] !== 0) return false;
  return true;
}

function countNonZero(counts: Float64Array, from: number): number {
  let used = 0;
  for (let i = from; i < from + PAGE_BUCKETS; i++) if (counts[i] !== 0) used++;
  return used;
}

function addRun(
  to: Float64Array,
  first: number,
  counts: Uint32Array,
  from: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) to[first + i] += counts[from + i];
}

function addPage(to: Float64Array, first: number, counts: Float64Array, from: number): void {
  for (let i = 0; i < PAGE_BUCKETS; i++) to[first + i] += counts[from + i];
}
