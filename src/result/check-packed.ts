import { HISTOGRAM_BUCKETS, PACKED_BLOCK, PACKED_FEW } from '../../assembly/shared/abi.js';
import { bucketIndex } from './histogram.js';
import { blockOf, sumWidth, type PackedHistograms } from './histogram-packer.js';

/**
 * What is wrong with histograms that come from a file or another host, or "": whoever unpacks them
 * trusts every byte. The walk costs what the bytes are, not what the buckets are.
 */
export function packedProblem(packed: PackedHistograms, histograms: number): string {
  const { bytes, count, maxNs, minNs, starts, sumNs } = packed;
  const columns = [count, maxNs, minNs, sumNs];
  if (starts.length !== histograms + 1 || columns.some(({ length }) => length !== histograms)) {
    return `they are not ${histograms}`;
  }
  if (starts[0] !== 0 || starts[histograms] !== bytes.length) return 'they have other bytes';
  // All of them before any is read: one that ends behind all bytes ends behind its successor.
  const torn = starts.subarray(1).findIndex((end, i) => end < starts[i]);
  if (torn >= 0) return `histogram ${torn} ends before it begins`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < histograms; i++) {
    const samples = samplesOf(view, starts[i], starts[i + 1], firstAndLast(minNs[i], maxNs[i]));
    const isSame = samples === count[i] && (samples > 0 || sumNs[i] === 0n);
    if (!isSame || minNs[i] > maxNs[i]) return `histogram ${i} contradicts itself`;
  }
  return '';
}

function firstAndLast(minNs: number, maxNs: number): { first: number; last: number } {
  const bucketOf = (ns: number): number => Math.min(bucketIndex(ns), HISTOGRAM_BUCKETS - 1);
  return { first: bucketOf(minNs), last: bucketOf(maxNs) };
}

/** How many samples the blocks from one place to another hold; NaN for what are no blocks. */
function samplesOf(
  view: DataView,
  from: number,
  end: number,
  { first, last }: { first: number; last: number },
): number {
  let samples = 0;
  let block = blockOf(first);
  let at = from;
  const ends = { least: -1, most: -1 };
  for (; at < end; block++) {
    const next = endOfBlock(view, at, end);
    if (next > end || block > blockOf(last)) return NaN;
    samples += samplesInBlock(view, at, block * PACKED_BLOCK, ends);
    at = next;
  }
  // A histogram's ends are the buckets of its least and its greatest sample.
  const isWhole = samples === 0 ? from === end : ends.least === first && ends.most === last;
  return isWhole ? samples : NaN;
}

/** Beyond the end where a block has no such width. */
function endOfBlock(view: DataView, at: number, end: number): number {
  const width = view.getUint8(at);
  if (width === 0) return at + 1;
  if (width > PACKED_FEW && width < PACKED_FEW + PACKED_BLOCK) {
    return at + 1 + Math.ceil((width - PACKED_FEW) / 2);
  }
  const isWidth = width === 1 || width === 2 || width === 4 || width === 8;
  return isWidth ? at + 1 + sumWidth(width) + PACKED_BLOCK * width : end + 1;
}

/** The first and the last bucket that were seen to hold any; -1 before. Buckets ascend. */
interface Ends {
  least: number;
  most: number;
}

function see(ends: Ends, bucket: number): void {
  if (ends.least < 0) ends.least = bucket;
  ends.most = bucket;
}

/** NaN where its sum or its order is wrong; `first` is the block's first bucket. */
function samplesInBlock(view: DataView, at: number, first: number, ends: Ends): number {
  const width = view.getUint8(at);
  if (width === 0) return 0;
  if (width > PACKED_FEW) {
    let before = 0;
    for (let i = 0; i < width - PACKED_FEW; i++) {
      const place = (view.getUint8(at + 1 + (i >> 1)) >> (4 * (i & 1))) & 15;
      if (place < before) return NaN;
      before = place;
      see(ends, first + place);
    }
    return width - PACKED_FEW;
  }
  let sum = 0;
  const from = at + 1 + sumWidth(width);
  for (let place = 0; place < PACKED_BLOCK; place++) {
    const count = readCount(view, from + place * width, width);
    if (width === 8 && (!Number.isInteger(count) || count < 0)) return NaN;
    if (count > 0) see(ends, first + place);
    sum += count;
  }
  return sum === readCount(view, at + 1, sumWidth(width)) ? sum : NaN;
}

function readCount(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getUint8(at);
  if (width === 2) return view.getUint16(at, true);
  return width === 4 ? view.getUint32(at, true) : view.getFloat64(at, true);
}
