import {
  HISTOGRAM_BUCKETS,
  LATENCY_DPC_WAIT,
  LATENCY_INTERRUPT_TO_DPC,
  LATENCY_ISR_WAIT,
  SUMMARY_SLOTS,
} from '../shared/abi';
import { processorCount } from '../ground/config';
import {
  emptyBuckets,
  Histogram,
  keepHistograms,
  ShardSum,
  writeSummary,
} from '../ground/histogram';
import { carve } from '../ground/memory';
import { NsSum } from '../ground/ns-sum';
import { Scope } from '../records/scope';
import { countsArrivals, countsRoutines } from '../records/sole-processor';
import { prcbAt, sourceAt, sourceCount } from '../records/tables';

let leastNs: i64 = 0;
let mostNs: i64 = 0;
const emptySum: NsSum = changetype<NsSum>(memory.data(16, 8));
let isrWait: ShardSum = changetype<ShardSum>(0);
let dpcWait: ShardSum = changetype<ShardSum>(0);
let interruptToDpc: ShardSum = changetype<ShardSum>(0);

/** Carves the whole machine's latencies, whose histograms are given. */
export function carveMachineLatencies(first: Histogram, second: Histogram, third: Histogram): void {
  isrWait = carveSum(first);
  dpcWait = carveSum(second);
  interruptToDpc = carveSum(third);
}

function carveSum(histogram: Histogram): ShardSum {
  const sum = changetype<ShardSum>(carve(offsetof<ShardSum>()));
  sum.histogram = histogram;
  return sum;
}

/** Their buckets are written before they are read. */
export function carveMachineBuckets(): void {
  isrWait.counts = carve((<usize>HISTOGRAM_BUCKETS) << 2);
  dpcWait.counts = carve((<usize>HISTOGRAM_BUCKETS) << 2);
  interruptToDpc.counts = carve((<usize>HISTOGRAM_BUCKETS) << 2);
}

/**
 * The machine is the sum of its processors: of what they counted themselves, and of what their
 * sources counted for them. Sums first, since they tell which buckets there are.
 */
export function addUpMachine(): void {
  forEachPart((sum, part) => {
    sum.histogram.join(part);
  });
  keepHistograms();
  isrWait.open();
  dpcWait.open();
  interruptToDpc.open();
  forEachPart((sum, part) => {
    sum.add(part);
  });
  isrWait.close();
  dpcWait.close();
  interruptToDpc.close();
}

function forEachPart(visit: (sum: ShardSum, part: Histogram) => void): void {
  for (let i = 0; i < processorCount; i++) {
    const prcb = prcbAt(i);
    visit(isrWait, prcb.isrWait);
    visit(dpcWait, prcb.dpcWait);
    visit(interruptToDpc, prcb.interruptToDpc);
  }
  for (let i = 0; i < sourceCount; i++) {
    const source = sourceAt(i);
    if (countsArrivals(source)) visit(isrWait, source.isrWait);
    if (!countsRoutines(source)) continue;
    visit(dpcWait, source.dpcWait);
    visit(interruptToDpc, source.interruptToDpc);
  }
}

/**
 * Writes a record SUMMARY_*: the DPC waits of the whole machine by now, of this shard and those
 * before it in this memory; their sum is left out. `addUpMachine` writes over its buckets.
 */
export function writeWaitsSoFar(record: usize): void {
  leastNs = i64.MAX_VALUE;
  mostNs = -1;
  forEachPart((sum, part) => {
    if (sum != dpcWait) return;
    leastNs = min(leastNs, part.leastSoFarNs());
    mostNs = max(mostNs, part.mostSoFarNs());
  });
  if (mostNs < 0) return;
  emptyBuckets(dpcWait.counts, leastNs, mostNs);
  forEachPart((sum, part) => {
    if (sum == dpcWait) part.addSoFarTo(sum.counts);
  });
  writeSummary(record, emptySum, leastNs, mostNs, dpcWait.counts);
}

/** Writes three records SUMMARY_*: this shard alone. */
export function writeShardLatencies(records: usize): void {
  isrWait.summarise(recordAt(records, LATENCY_ISR_WAIT));
  dpcWait.summarise(recordAt(records, LATENCY_DPC_WAIT));
  interruptToDpc.summarise(recordAt(records, LATENCY_INTERRUPT_TO_DPC));
}

/** Writes three records SUMMARY_*: all shards in this memory. */
export function writeMachineLatencies(records: usize): void {
  writeLatencies(records, isrWait.histogram, dpcWait.histogram, interruptToDpc.histogram);
}

/** Writes the three latencies of a scope. */
export function writeScopeLatencies(records: usize, scope: Scope): void {
  writeLatencies(records, scope.isrWait, scope.dpcWait, scope.interruptToDpc);
}

/** As they were in the shard that is over; but the buckets are those of all shards. */
export function writeScopeLatenciesOfShard(records: usize, scope: Scope): void {
  writeLatencyOfShard(recordAt(records, LATENCY_ISR_WAIT), scope.isrWait);
  writeLatencyOfShard(recordAt(records, LATENCY_DPC_WAIT), scope.dpcWait);
  writeLatencyOfShard(recordAt(records, LATENCY_INTERRUPT_TO_DPC), scope.interruptToDpc);
}

function writeLatencyOfShard(record: usize, histogram: Histogram): void {
  writeSummary(record, histogram, histogram.minNs, histogram.maxNs, histogram.counts);
}

function writeLatencies(
  records: usize,
  first: Histogram,
  second: Histogram,
  third: Histogram,
): void {
  first.summarise(recordAt(records, LATENCY_ISR_WAIT));
  second.summarise(recordAt(records, LATENCY_DPC_WAIT));
  third.summarise(recordAt(records, LATENCY_INTERRUPT_TO_DPC));
}

function recordAt(records: usize, which: i32): usize {
  return records + ((<usize>(which * SUMMARY_SLOTS)) << 3);
}
