import { HISTOGRAM_BUCKETS } from '../../assembly/shared/abi.js';
import {
  bucketIndex, sparseHistogram, summarizeConsecutive, type HistogramTotals,
} from '../stats/histogram.js';
import type { LatencySummary } from '../stats/result.js';
import type { HistogramData } from './outcome.js';

/**
 * Histograms one after another, in shared memory: they cross a worker boundary without a copy. A
 * machine with 512 processors has 4,600 with 14,000 buckets each, most of them 0 or 1; written out
 * they took longer than the simulation.
 *
 * A histogram's bytes are its counts from the bucket of its minimum on, as HdrHistogram's V2 format
 * has them (ZigZag LEB128): a count n is the number 2 n, a run of k empty buckets is 2 k − 1, and a
 * number is written seven bits at a time, the lowest first, with a high bit on all but the last.
 */
export interface PackedHistograms {
  bytes: Uint8Array;
  /** By histogram: where its bytes begin; one more at the end. */
  starts: Float64Array;
  /** Samples. */
  count: Float64Array;
  sumNs: bigint[];
  minNs: Float64Array;
  maxNs: Float64Array;
}

const FIRST_BYTES = 65_536;
/** Of one count, at most: 8 × 7 bits hold a number up to 2^54. */
const NUMBER_BYTES = 8;

/** Packs so many histograms, which are added in the order of their numbers. */
export class HistogramPacker {
  private bytes = new Uint8Array(FIRST_BYTES);
  private length = 0;
  private next = 0;
  private readonly packed: Omit<PackedHistograms, 'bytes'>;

  constructor(histograms: number) {
    this.packed = {
      starts: new Float64Array(histograms + 1),
      count: new Float64Array(histograms),
      sumNs: new Array<bigint>(histograms).fill(0n),
      minNs: new Float64Array(histograms),
      maxNs: new Float64Array(histograms),
    };
  }

  /** The next histogram, whose counts the kernel has packed. */
  addPacked(totals: HistogramTotals, samples: number, packed: Uint8Array): void {
    this.reserve(packed.length);
    this.bytes.set(packed, this.length);
    this.close(totals, samples, this.length + packed.length);
  }

  addHistogram({ buckets, count, counts, ...totals }: HistogramData): void {
    this.reserve(2 * NUMBER_BYTES * counts.length);
    const { bytes } = this;
    let { length } = this;
    let due = buckets[0];
    for (let i = 0; i < counts.length; i++) {
      if (buckets[i] > due) length = write(bytes, length, 2 * (buckets[i] - due) - 1);
      length = write(bytes, length, 2 * counts[i]);
      due = buckets[i] + 1;
    }
    this.close(totals, count, length);
  }

  private reserve(bytes: number): void {
    const least = this.length + bytes;
    if (least <= this.bytes.length) return;
    const longer = new Uint8Array(Math.max(least, 2 * this.bytes.length));
    longer.set(this.bytes.subarray(0, this.length));
    this.bytes = longer;
  }

  private close({ sumNs, minNs, maxNs }: HistogramTotals, count: number, length: number): void {
    const index = this.next++;
    this.length = length;
    this.packed.starts[index + 1] = length;
    if (count === 0) return;
    this.packed.count[index] = count;
    this.packed.sumNs[index] = sumNs;
    this.packed.minNs[index] = minNs;
    this.packed.maxNs[index] = maxNs;
  }

  /** All of them, once every one was added. */
  finish(): PackedHistograms {
    const bytes = new Uint8Array(new SharedArrayBuffer(this.length));
    bytes.set(this.bytes.subarray(0, this.length));
    return { bytes, ...this.packed };
  }
}

/** Writes a number at `at` and answers where the next one goes. */
function write(bytes: Uint8Array, at: number, number: number): number {
  let to = at;
  let rest = number;
  while (rest > 127) {
    bytes[to++] = 128 | (rest % 128);
    rest = Math.floor(rest / 128);
  }
  bytes[to++] = rest;
  return to;
}

/** The sum of histogram `index` over all that were packed. */
export function unpackHistogram(all: readonly PackedHistograms[], index: number): HistogramData {
  const { totals, first, end } = addUp(all, index);
  return sparseHistogram(totals, first, room.subarray(first, end));
}

/** Its figures, which is less work. */
export function summarizePacked(all: readonly PackedHistograms[], index: number): LatencySummary {
  const { totals, first, end } = addUp(all, index);
  return summarizeConsecutive(totals, first, room.subarray(first, end));
}

/** Counts of one histogram, by bucket. */
const room = new Float64Array(HISTOGRAM_BUCKETS);

/** Adds a histogram up in `room`: in its buckets from `first` to below `end`. */
function addUp(
  all: readonly PackedHistograms[],
  index: number,
): { totals: HistogramTotals & { count: number }; first: number; end: number } {
  const parts = all.filter((part) => part.count[index] > 0);
  if (parts.length === 0) {
    return { totals: { count: 0, sumNs: 0n, minNs: 0, maxNs: 0 }, first: 0, end: 0 };
  }
  const count = parts.reduce((sum, part) => sum + part.count[index], 0);
  const sumNs = parts.reduce((sum, part) => sum + part.sumNs[index], 0n);
  const minNs = Math.min(...parts.map((part) => part.minNs[index]));
  const maxNs = Math.max(...parts.map((part) => part.maxNs[index]));
  const first = bucketOf(minNs);
  const end = bucketOf(maxNs) + 1;
  room.fill(0, first, end);
  for (const part of parts) addPacked(part, index);
  return { totals: { count, sumNs, minNs, maxNs }, first, end };
}

function bucketOf(ns: number): number {
  return Math.min(bucketIndex(ns), HISTOGRAM_BUCKETS - 1);
}

function addPacked({ bytes, minNs, starts }: PackedHistograms, index: number): void {
  let bucket = bucketOf(minNs[index]);
  const end = starts[index + 1];
  for (let at = starts[index]; at < end; ) {
    const low = bytes[at++];
    if (low < 128) {
      if ((low & 1) === 1) bucket += (low + 1) >> 1;
      else room[bucket++] += low >> 1;
      continue;
    }
    let number = low & 127;
    for (let scale = 128; ; scale *= 128) {
      const byte = bytes[at++];
      number += (byte & 127) * scale;
      if (byte < 128) break;
    }
    if ((low & 1) === 1) bucket += (number + 1) / 2;
    else room[bucket++] += number / 2;
  }
}
