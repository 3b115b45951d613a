import { DECISION_BUCKET_BITS, HISTOGRAM_HALF_BITS } from '../../assembly/shared/abi.js';
import { bucketIndex, bucketLow } from './histogram.js';
import { MOST_GROUPS, type OverTimeColumns } from './over-time-shape.js';

/**
 * Figures over simulated time: what a machine did, cut into a bounded number of bins. Where there
 * are too many, pairs of them become one: bins grow wider, never more.
 */
export interface OverTime {
  /** Statistics begin here: a bin always ends at this instant, unless it is 0. */
  warmupNs: number;
  /** Bins end at `warmupNs` plus a multiple of it; the first and the last one may be shorter. */
  binNs: number;
  /** In order. The first one begins at 0, each other where the one before it ends. */
  bins: TimeBin[];
}

/** What happened after the instant at which a bin begins, up to the one at which it ends. */
export interface TimeBin {
  endNs: number;
  arrivals: number;
  ipis: number;
  /** Times that DPCs were queued, all together. */
  queuedNs: number;
  waits: BinWaits;
  /** By group of processors: their time in ISRs, clock, IPI handlers and DPCs. */
  busyNs: number[];
}

/** The waits of the DPCs that were taken, in buckets of which 32 make an octave. */
export interface BinWaits {
  /** Those that hold any, ascending, and how many each holds. */
  buckets: number[];
  counts: number[];
  /** The longest: exact, or the greatest value of its bucket; 0 for none. */
  maxNs: number;
}

/** What of buckets a result keeps: four rows to an octave. */
export const BUCKETS_IN_ROW = 8;
const COARSER = 2 ** (HISTOGRAM_HALF_BITS - DECISION_BUCKET_BITS);

/** How many processors stand in one group. */
export function groupSize(processors: number): number {
  let size = 1;
  while (size * MOST_GROUPS < processors) size *= 2;
  return size;
}

export function groupCount(processors: number): number {
  return Math.ceil(processors / groupSize(processors));
}

/** How long each bin of a result lasts, in ns. */
export function binSpansNs({ endsNs }: Pick<OverTimeColumns, 'endsNs'>): number[] {
  return endsNs.map((endNs, bin) => endNs - (endsNs[bin - 1] ?? 0));
}

/** Neighbouring processors, `count` of them from `first` on. */
export interface GroupLoad {
  first: number;
  count: number;
  /** By bin, from 0 to 1: of the time of all of them, in interrupts and DPCs. */
  shares: number[];
}

/** What the processors of a machine of so many did, group by group. */
export function groupLoads(columns: OverTimeColumns, machine: number): GroupLoad[] {
  const { busyNs, perGroup } = columns.processors;
  const spansNs = binSpansNs(columns);
  return busyNs.map((ofGroup, group) => {
    const first = group * perGroup;
    // The last group may be a smaller one.
    const count = Math.min(perGroup, machine - first);
    // A file may hold a bin that lasts no time.
    return { first, count, shares: ofGroup.map((ns, i) => ns / (Math.max(1, spansNs[i]) * count)) };
  });
}

/** Least value of a bucket, in ns. */
export function binBucketLow(bucket: number): number {
  return bucketLow(bucket * COARSER);
}

/** The row of a result in which a wait of so many whole ns stands. */
export function rowOf(ns: number): number {
  return Math.floor(bucketIndex(ns) / (COARSER * BUCKETS_IN_ROW));
}

/** The least whole ns of a row. */
export function rowLow(row: number): number {
  return binBucketLow(row * BUCKETS_IN_ROW);
}

/** Which bin an instant belongs to: 0 for the first after the warm-up, below 0 for those in it. */
export function binAt({ warmupNs, binNs }: Omit<OverTime, 'bins'>, endNs: number): number {
  return Math.ceil((endNs - warmupNs) / binNs) - 1;
}

/** Appends a bin, to the last one where both lie in the same span. */
export function appendBin(time: OverTime, bin: TimeBin): void {
  const { bins } = time;
  const last = bins.at(-1);
  if (last !== undefined && binAt(time, last.endNs) === binAt(time, bin.endNs)) {
    bins[bins.length - 1] = addBins(last, bin);
  } else {
    bins.push(bin);
  }
}

/** In bins of `binNs`, a multiple of what they are. */
export function widened({ warmupNs, bins }: OverTime, binNs: number): OverTime {
  const wide: OverTime = { warmupNs, binNs, bins: [] };
  for (const bin of bins) appendBin(wide, bin);
  return wide;
}

/** Both together; `b` follows `a`. */
function addBins(a: TimeBin, b: TimeBin): TimeBin {
  return {
    endNs: b.endNs,
    arrivals: a.arrivals + b.arrivals,
    ipis: a.ipis + b.ipis,
    queuedNs: a.queuedNs + b.queuedNs,
    waits: addWaits(a.waits, b.waits),
    busyNs: a.busyNs.map((ns, group) => ns + b.busyNs[group]),
  };
}

function addWaits(a: BinWaits, b: BinWaits): BinWaits {
  const sums = new Map(a.buckets.map((bucket, i) => [bucket, a.counts[i]]));
  b.buckets.forEach((bucket, i) => sums.set(bucket, (sums.get(bucket) ?? 0) + b.counts[i]));
  const buckets = [...sums.keys()].sort((one, other) => one - other);
  return {
    buckets,
    counts: buckets.map((bucket) => sums.get(bucket)!),
    maxNs: Math.max(a.maxNs, b.maxNs),
  };
}
