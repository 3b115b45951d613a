import { HISTOGRAM_BUCKETS, PACKED_BLOCK, PACKED_FEW } from '../../assembly/shared/abi.js';
import { bucketIndex, summarizeRanks, type HistogramTotals } from './histogram.js';
import type { LatencySummary } from './document.js';
import { blockOf, sumWidth, type PackedHistograms } from './histogram-packer.js';
import type { HistogramData } from './outcome.js';

/** The sum of histogram `index` over all that were packed. */
export function unpackHistogram(all: readonly PackedHistograms[], index: number): HistogramData {
  const { totals, parts, first, end } = survey(all, index);
  let count = 0;
  let used = 0;
  for (let block = blockOf(first); block * PACKED_BLOCK < end; block++) {
    // Most of them.
    if (sums[block] === 0) continue;
    oneBlock.fill(0);
    addBlock(parts, block, oneBlock);
    const from = block * PACKED_BLOCK;
    const to = Math.min(from + PACKED_BLOCK, end);
    for (let bucket = Math.max(from, first); bucket < to; bucket++) {
      const samples = oneBlock[bucket - from];
      if (samples === 0) continue;
      usedBuckets[used] = bucket;
      usedCounts[used++] = samples;
      count += samples;
    }
  }
  const { maxNs, minNs, sumNs } = totals;
  const [buckets, counts] = [usedBuckets.slice(0, used), usedCounts.slice(0, used)];
  return { count, sumNs, minNs, maxNs, buckets, counts };
}

/** Buckets of one histogram that hold anything, and what they hold. */
const usedBuckets = new Uint16Array(HISTOGRAM_BUCKETS);
const usedCounts = new Float64Array(HISTOGRAM_BUCKETS);

/**
 * Its figures, which is far less work: of all blocks but those with a percentile in them the sum is
 * enough.
 */
export function summarizePacked(all: readonly PackedHistograms[], index: number): LatencySummary {
  const { totals, parts, first } = survey(all, index);
  let block = blockOf(first);
  let below = 0;
  return summarizeRanks(totals, (rank) => {
    while (below + sums[block] < rank) below += sums[block++];
    oneBlock.fill(0);
    addBlock(parts, block, oneBlock);
    let seen = below;
    let bucket = 0;
    while (seen + oneBlock[bucket] < rank) seen += oneBlock[bucket++];
    return block * PACKED_BLOCK + bucket;
  });
}

const BLOCKS = HISTOGRAM_BUCKETS / PACKED_BLOCK;
const oneBlock = new Float64Array(PACKED_BLOCK);
/** By block: the samples in it, of all parts. */
const sums = new Float64Array(BLOCKS);

interface Survey {
  totals: HistogramTotals & { count: number };
  parts: Part[];
  first: number;
  end: number;
}

/** Packed bytes, and by block where they have its sum; 0 for nowhere. */
interface Part {
  view: DataView;
  places: Uint32Array;
}

/** Finds out what is where, and fills `sums`. Buckets go from `first` to below `end`. */
function survey(all: readonly PackedHistograms[], index: number): Survey {
  const some = all.filter((packed) => packed.count[index] > 0);
  const totals = { count: 0, sumNs: 0n, minNs: Infinity, maxNs: 0 };
  for (const { count, maxNs, minNs, sumNs } of some) {
    totals.count += count[index];
    totals.sumNs += sumNs[index];
    totals.minNs = Math.min(totals.minNs, minNs[index]);
    totals.maxNs = Math.max(totals.maxNs, maxNs[index]);
  }
  if (some.length === 0) return { totals: { ...totals, minNs: 0 }, parts: [], first: 0, end: 0 };
  sums.fill(0);
  const parts = some.map((packed, i) => locate(packed, index, placesOf(i)));
  return { totals, parts, first: bucketOf(totals.minNs), end: bucketOf(totals.maxNs) + 1 };
}

/** One for each part, whichever histogram they are of. */
const rooms: Uint32Array[] = [];

function placesOf(part: number): Uint32Array {
  return (rooms[part] ??= new Uint32Array(BLOCKS));
}

function locate(
  { bytes, minNs, starts }: PackedHistograms,
  index: number,
  places: Uint32Array,
): Part {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = starts[index + 1];
  places.fill(0);
  let block = blockOf(bucketOf(minNs[index]));
  for (let at = starts[index]; at < end; block++) {
    const width = bytes[at++];
    if (width === 0) continue;
    places[block] = at;
    if (width > PACKED_FEW) {
      sums[block] += width - PACKED_FEW;
      at += Math.ceil((width - PACKED_FEW) / 2);
      continue;
    }
    sums[block] += read(view, at, sumWidth(width));
    at += sumWidth(width) + PACKED_BLOCK * width;
  }
  return { view, places };
}

/** Adds the counts of a block, of all parts. */
function addBlock(parts: readonly Part[], block: number, counts: Float64Array): void {
  for (const { places, view } of parts) {
    const place = places[block];
    if (place === 0) continue;
    const width = view.getUint8(place - 1);
    if (width > PACKED_FEW) {
      for (let i = 0; i < width - PACKED_FEW; i++) {
        const pair = view.getUint8(place + (i >> 1));
        counts[(pair >> (4 * (i & 1))) & 15]++;
      }
      continue;
    }
    const from = place + sumWidth(width);
    for (let i = 0; i < PACKED_BLOCK; i++) counts[i] += read(view, from + i * width, width);
  }
}

function read(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getUint8(at);
  if (width === 2) return view.getUint16(at, true);
  return width === 4 ? view.getUint32(at, true) : view.getFloat64(at, true);
}

function bucketOf(ns: number): number {
  return Math.min(bucketIndex(ns), HISTOGRAM_BUCKETS - 1);
}
