import { PACKED_BLOCK, PACKED_FEW } from '../../assembly/shared/abi.js';
import type { HistogramTotals } from './histogram.js';
import type { HistogramData } from './outcome.js';

/**
 * Histograms one after another, in shared memory: they cross a worker boundary without a copy. A
 * machine with 512 processors has 4,600 with 14,000 buckets each, most of them 0 or 1; written out
 * they took longer than the simulation. PACKED_BLOCK in assembly/shared/abi.ts says what the bytes
 * mean.
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

/** Doubled until all fit; small machines need less than this. */
const FIRST_BYTES = 2 ** 15;
/** Its width, its sum and its counts. */
const MOST_BLOCK_BYTES = 1 + 8 + 8 * PACKED_BLOCK;

/** Packs so many histograms, which are added in the order of their numbers. */
export class HistogramPacker {
  private bytes = new Uint8Array(FIRST_BYTES);
  private length = 0;
  private next = 0;
  private readonly packed: Omit<PackedHistograms, 'bytes'>;

  /** `allocate` answers where the packed bytes are put: plain memory, or shared with threads. */
  constructor(
    histograms: number,
    private readonly allocate: (bytes: number) => ArrayBufferLike = (n) => new ArrayBuffer(n),
  ) {
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
    const first = count === 0 ? 0 : blockOf(buckets[0]);
    const end = count === 0 ? 0 : blockOf(buckets[buckets.length - 1]) + 1;
    this.reserve((end - first) * MOST_BLOCK_BYTES);
    const view = new DataView(this.bytes.buffer);
    const block = new Float64Array(PACKED_BLOCK);
    let { length } = this;
    for (let number = first, i = 0; number < end; number++) {
      const behind = (number + 1) * PACKED_BLOCK;
      if (buckets[i] >= behind) {
        view.setUint8(length++, 0);
        continue;
      }
      block.fill(0);
      for (; i < buckets.length && buckets[i] < behind; i++) {
        block[buckets[i] % PACKED_BLOCK] = counts[i];
      }
      length = writeBlock(view, length, block);
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
    const bytes = new Uint8Array(this.allocate(this.length));
    bytes.set(this.bytes.subarray(0, this.length));
    return { bytes, ...this.packed };
  }
}

/** Writes a block that is not empty. Answers where the next byte goes. */
function writeBlock(view: DataView, at: number, counts: Float64Array): number {
  let sum = 0;
  let most = 0;
  for (let i = 0; i < PACKED_BLOCK; i++) {
    sum += counts[i];
    most = Math.max(most, counts[i]);
  }
  if (sum < PACKED_BLOCK) return writeFew(view, at, counts, sum);
  const width = sum >= 2 ** 32 ? 8 : most < 2 ** 8 ? 1 : most < 2 ** 16 ? 2 : 4;
  view.setUint8(at, width);
  write(view, at + 1, sum, sumWidth(width));
  let to = at + 1 + sumWidth(width);
  for (let i = 0; i < PACKED_BLOCK; i++, to += width) write(view, to, counts[i], width);
  return to;
}

function writeFew(view: DataView, at: number, counts: Float64Array, sum: number): number {
  view.setUint8(at, PACKED_FEW + sum);
  let to = at + 1;
  let half = -1;
  for (let place = 0; place < PACKED_BLOCK; place++) {
    for (let count = counts[place]; count > 0; count--) {
      if (half >= 0) view.setUint8(to++, half | (place << 4));
      half = half >= 0 ? -1 : place;
    }
  }
  if (half >= 0) view.setUint8(to++, half);
  return to;
}

function write(view: DataView, at: number, count: number, width: number): void {
  if (width === 1) view.setUint8(at, count);
  else if (width === 2) view.setUint16(at, count, true);
  else if (width === 4) view.setUint32(at, count, true);
  else view.setFloat64(at, count, true);
}

/** In bytes, of the sum of a block with counts of a width. */
export function sumWidth(width: number): number {
  return width === 8 ? 8 : 4;
}

/** The number of the block that a bucket is in. */
export function blockOf(bucket: number): number {
  return Math.floor(bucket / PACKED_BLOCK);
}
