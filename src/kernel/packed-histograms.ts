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
  sumNs: bigint[];
  minNs: Float64Array;
  /** −1 without samples. */
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
      sumNs: new Array<bigint>(histograms).fill(0n),
      minNs: new Float64Array(histograms),
      maxNs: new Float64Array(histograms).fill(-1),
    };
  }

  /** The next histogram, out of `counts[from]` to `counts[to - 1]`; empty if that is none. */
  addCounts(totals: HistogramTotals, counts: Uint32Array, from: number, to: number): void {
    this.open(totals, to > from);
    this.reserve(NUMBER_BYTES * (to - from));
    let empty = 0;
    for (let i = from; i < to; i++) {
      const count = counts[i];
      if (count === 0) {
        empty++;
        continue;
      }
      if (empty > 0) this.write(2 * empty - 1);
      empty = 0;
      this.write(2 * count);
    }
    this.close();
  }

  addHistogram({ buckets, counts, ...totals }: HistogramData): void {
    this.open(totals, counts.length > 0);
    this.reserve(2 * NUMBER_BYTES * counts.length);
    let due = buckets[0];
    for (let i = 0; i < counts.length; i++) {
      if (buckets[i] > due) this.write(2 * (buckets[i] - due) - 1);
      this.write(2 * counts[i]);
      due = buckets[i] + 1;
    }
    this.close();
  }

  private open({ sumNs, minNs, maxNs }: HistogramTotals, hasSamples: boolean): void {
    if (!hasSamples) return;
    this.packed.sumNs[this.next] = sumNs;
    this.packed.minNs[this.next] = minNs;
    this.packed.maxNs[this.next] = maxNs;
  }

  private close(): void {
    this.next++;
    this.packed.starts[this.next] = this.length;
  }

  private reserve(bytes: number): void {
    const least = this.length + bytes;
    if (least <= this.bytes.length) return;
    const longer = new Uint8Array(Math.max(least, 2 * this.bytes.length));
    longer.set(this.bytes.subarray(0, this.length));
    this.bytes = longer;
  }

  private write(number: number): void {
    let rest = number;
    while (rest > 127) {
      this.bytes[this.length++] = 128 | (rest % 128);
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  /** All of them, once every one was added. */
  finish(): PackedHistograms {
    const bytes = new Uint8Array(new SharedArrayBuffer(this.length));
    bytes.set(this.bytes.subarray(0, this.length));
    return { bytes, ...this.packed };
  }
}

/** The sum of histogram `index` over all that were packed. */
export function unpackHistogram(all: readonly PackedHistograms[], index: number): HistogramData {
  const { first, counts, ...totals } = addUp(all, index);
  return sparseHistogram(totals, first, counts);
}

/** Its figures, which is less work. */
export function summarizePacked(all: readonly PackedHistograms[], index: number): LatencySummary {
  const { first, counts, ...totals } = addUp(all, index);
  return summarizeConsecutive(totals, first, counts);
}

/** Room for the buckets of one histogram. */
const room = new Float64Array(HISTOGRAM_BUCKETS);

/** Buckets from `first` on, in `room`. */
interface Consecutive extends HistogramTotals {
  first: number;
  counts: Float64Array;
}

function addUp(all: readonly PackedHistograms[], index: number): Consecutive {
  const parts = all.filter(({ maxNs }) => maxNs[index] >= 0);
  if (parts.length === 0) {
    return { sumNs: 0n, minNs: 0, maxNs: 0, first: 0, counts: room.subarray(0, 0) };
  }
  const sumNs = parts.reduce((sum, part) => sum + part.sumNs[index], 0n);
  const minNs = Math.min(...parts.map((part) => part.minNs[index]));
  const maxNs = Math.max(...parts.map((part) => part.maxNs[index]));
  const first = bucketOf(minNs);
  const end = bucketOf(maxNs) + 1;
  room.fill(0, first, end);
  for (const part of parts) addPacked(part, index);
  return { sumNs, minNs, maxNs, first, counts: room.subarray(first, end) };
}

function bucketOf(ns: number): number {
  return Math.min(bucketIndex(ns), HISTOGRAM_BUCKETS - 1);
}

/** Adds its counts to those in `room`. */
function addPacked({ bytes, minNs, starts }: PackedHistograms, index: number): void {
  let bucket = bucketOf(minNs[index]);
  const end = starts[index + 1];
  for (let at = starts[index]; at < end; ) {
    let number = bytes[at++];
    if (number > 127) {
      number -= 128;
      for (let scale = 128; ; scale *= 128) {
        const byte = bytes[at++];
        number += (byte & 127) * scale;
        if (byte < 128) break;
      }
    }
    if (number % 2 === 1) bucket += (number + 1) / 2;
    else room[bucket++] += number / 2;
  }
}
