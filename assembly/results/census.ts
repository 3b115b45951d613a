import {
  CELL_COUNT,
  CELL_SUPPRESSED,
  CELL_THREADED,
  CELL_THREADED_SUPPRESSED,
  CELL_WORD_BITS,
  DECISION_BUCKETS,
  DECISION_BUCKET_BITS,
  DECISION_CELL,
  DECISION_COUNTS_ADDRESS,
  DECISION_INSERTS,
  DECISION_MAX_NS,
  DECISION_SLOTS,
  DECISION_SUM_NS,
  HISTOGRAM_HALF_BITS,
} from '../shared/abi';
import { withCensus } from '../ground/config';
import { bucketOf } from '../ground/histogram';
import { carve } from '../ground/memory';
import { NsSum } from '../ground/ns-sum';
import { Dpc } from '../records/dpc';
import { Prcb } from '../records/prcb';

/** The DPCs linked in one situation, over all shards in this memory, and the sum of their waits. */
@unmanaged
class CellTotal extends NsSum {
  /** Linked and still queued when a shard ended, less those linked before its statistics began. */
  queued: i64;
  /** Above the longest wait; 0 when none has ended. */
  endNs: i64;
}

const COARSER: u32 = HISTOGRAM_HALF_BITS - DECISION_BUCKET_BITS;
const BUCKET_BYTES: usize = (<usize>DECISION_BUCKETS) << 2;

let isCounting: bool = false;
let totals: usize = 0;
let records: usize = 0;
let buckets: usize = 0;

/**
 * The census of decisions: for each situation in which R10 was asked, what the DPCs linked then
 * waited. How many they were is not counted as they are linked: each is either taken, and then its
 * wait is counted, or still queued in the end. Buckets of a situation that does not occur are never
 * touched, and so cost nothing.
 *
 * It takes a few per cent of a run's time (docs/speed.md), so it is counted where somebody asks
 * (CONFIG_CENSUS).
 */
export function carveCensus(): void {
  totals = carve(<usize>CELL_COUNT * offsetof<CellTotal>());
  records = carve((<usize>(CELL_COUNT * DECISION_SLOTS)) << 3);
  buckets = carve(<usize>CELL_COUNT * BUCKET_BYTES);
}

/** Counts from now on, if at all. A warm-up is not counted: what begins it says `false`. */
export function startCensus(counts: bool): void {
  isCounting = counts && withCensus;
}

/** The situation: what was true of the target, which condition was asked, and the answer. */
// @ts-ignore: decorator
@inline
export function cellOf(facts: u32, word: u32, isSuppressed: bool): u32 {
  return facts | (word << CELL_WORD_BITS) | (isSuppressed ? CELL_SUPPRESSED : 0);
}

/** A threaded DPC, for which R10 is not asked (R22): only which condition it would have been. */
export function threadedCellOf(word: u32, isSuppressed: bool): u32 {
  return CELL_THREADED + word + (isSuppressed ? CELL_THREADED_SUPPRESSED : 0);
}

/** A DPC that was linked in a situation is taken. */
// @ts-ignore: decorator
@inline
export function countWait(cell: u32, ns: i64): void {
  if (!isCounting) return;
  const total = totalAt(cell);
  total.addNs(ns);
  if (ns >= total.endNs) total.endNs = ns + 1;
  const bucket = bucketsAt(cell) + ((<usize>(bucketOf(ns) >> COARSER)) << 2);
  store<u32>(bucket, load<u32>(bucket) + 1);
}

/** Statistics begin (`sign` -1) or end (1) with these DPCs queued to a processor. */
export function countLinked(prcb: Prcb, sign: i64): void {
  if (!withCensus) return;
  countList(prcb.head, sign);
  if (prcb.threadedDepth > 0) countList(prcb.dpcThread.head, sign);
}

function countList(head: Dpc | null, sign: i64): void {
  let dpc: Dpc | null = head;
  while (dpc !== null) {
    totalAt(dpc.cell).queued += sign;
    dpc = dpc.next;
  }
}

/** Writes a record DECISION_* for each situation that occurred, and answers their address. */
export function writeCensus(): usize {
  let record = records;
  written = 0;
  if (!withCensus) return records;
  for (let cell = 0; cell < CELL_COUNT; cell++) {
    const total = totalAt(cell);
    const waits = total.endNs == 0 ? 0 : waitsOf(cell);
    if (waits == 0 && total.queued == 0) continue;
    store<i64>(record + DECISION_CELL * 8, cell);
    store<i64>(record + DECISION_INSERTS * 8, waits + total.queued);
    store<u64>(record + DECISION_SUM_NS * 8, total.low);
    store<u64>(record + DECISION_SUM_NS * 8 + 8, total.high);
    store<i64>(record + DECISION_MAX_NS * 8, max<i64>(total.endNs - 1, 0));
    store<i64>(record + DECISION_COUNTS_ADDRESS * 8, bucketsAt(cell));
    record += DECISION_SLOTS << 3;
  }
  written = <i32>((record - records) / (DECISION_SLOTS << 3));
  return records;
}

/** How many `writeCensus` wrote. */
export let written: i32 = 0;

function waitsOf(cell: u32): i64 {
  const from = bucketsAt(cell);
  let waits: i64 = 0;
  for (let at = from; at < from + BUCKET_BYTES; at += 4) waits += load<u32>(at);
  return waits;
}

/** Leaves it as it was carved. */
export function emptyCensus(): void {
  if (!withCensus) return;
  for (let cell = 0; cell < CELL_COUNT; cell++) {
    if (totalAt(cell).endNs != 0) memory.fill(bucketsAt(cell), 0, BUCKET_BYTES);
  }
  memory.fill(totals, 0, <usize>CELL_COUNT * offsetof<CellTotal>());
}

// @ts-ignore: decorator
@inline
function totalAt(cell: u32): CellTotal {
  return changetype<CellTotal>(totals + <usize>cell * offsetof<CellTotal>());
}

// @ts-ignore: decorator
@inline
function bucketsAt(cell: u32): usize {
  return buckets + <usize>cell * BUCKET_BYTES;
}
