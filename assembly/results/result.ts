import {
  COUNTER_COUNT,
  EXECUTION_DPC_MAX_NS,
  EXECUTION_DPC_NS,
  EXECUTION_ISR_MAX_NS,
  EXECUTION_ISR_NS,
  EXECUTION_SLOTS,
  RESULT_COUNTERS,
  RESULT_DECISIONS,
  RESULT_DECISIONS_ADDRESS,
  RESULT_END_NS,
  RESULT_LATENCIES,
  RESULT_SLOTS,
  RESULT_START_NS,
  RESULT_STOP,
  RESULT_STOP_CULPRIT,
  RESULT_STOP_NAME,
  RESULT_STOP_PROCESSOR,
  RESULT_UNSERVED,
  SCOPE_CLOCK_NS,
  SCOPE_DEPTH_AREA,
  SCOPE_DEPTH_MAXIMUM,
  SCOPE_DISPATCH_DRAIN_NS,
  SCOPE_EXECUTION,
  SCOPE_IDLE_DRAIN_NS,
  SCOPE_IDLE_NS,
  SCOPE_IPI_NS,
  SCOPE_ISR_NS,
  SCOPE_LATENCIES,
  SCOPE_SLOTS,
} from '../shared/abi';
import { processorCount } from '../ground/config';
import { addWaitsSoFar } from '../rules/dpc-queue';
import { Dpc, itemTotal } from '../records/dpc';
import { countNotes, endWarmUp } from '../ground/histogram';
import {
  addUpMachine,
  writeMachineLatencies,
  writeScopeLatencies,
  writeScopeLatenciesOfShard,
  writeShardLatencies,
} from './machine-latencies';
import { countLinked, startCensus, writeCensus, written } from './census';
import { carve } from '../ground/memory';
import { NsSum } from '../ground/ns-sum';
import {
  CLOCK_LEVEL,
  DISPATCH_LEVEL,
  DPC_THREAD,
  DRAIN_ROUTINE,
  IPI_LEVEL,
  Prcb,
  THREAD,
  THREAD_SWITCH,
} from '../records/prcb';
import { Scope } from '../records/scope';
import { pullAll } from '../rules/items';
import { stopCulprit, stopKind, stopName, stopProcessor } from '../rules/watchdog';
import { countsArrivals, countsRoutines, firstPrcb, targetPrcb } from '../records/sole-processor';
import { Source } from '../records/source';
import { prcbAt, sourceAt, sourceCount } from '../records/tables';

let block: usize = 0;
let startNs: i64 = 0;

export function carveResult(): void {
  startNs = 0;
  block = carve(resultBytes());
}

function resultBytes(): usize {
  return (<usize>(RESULT_SLOTS + (sourceCount + processorCount) * SCOPE_SLOTS)) << 3;
}

export function wipeResult(): void {
  memory.fill(block, 0, resultBytes());
}

/**
 * Writes the header of the result block as things stand at `nowNs`, adds to the records of scopes
 * all but latencies, and answers the block's address. Ends the machine: what was counted of sources
 * alone moves to their processors.
 */
export function writeResult(nowNs: i64, gaveUp: bool): usize {
  put(block, RESULT_END_NS, nowNs);
  put(block, RESULT_START_NS, startNs);
  put(block, RESULT_UNSERVED, gaveUp ? itemTotal : 0);
  put(block, RESULT_STOP, stopKind);
  put(block, RESULT_STOP_PROCESSOR, stopProcessor);
  put(block, RESULT_STOP_CULPRIT, stopCulprit);
  put(block, RESULT_STOP_NAME, stopName);
  for (let i = 0; i < sourceCount; i++) {
    sourceAt(i).stillQueued = 0;
    sourceAt(i).threadNs = 0;
  }
  for (let i = 0; i < processorCount; i++) {
    countQueued(prcbAt(i));
    countLinked(prcbAt(i), 1);
  }
  pullAll();
  countNotes();
  addUpMachine();
  for (let i = 0; i < sourceCount; i++) addToProcessors(sourceAt(i));
  writeShardLatencies(block + (RESULT_LATENCIES << 3));
  let record = block + (RESULT_SLOTS << 3);
  for (let i = 0; i < sourceCount; i++, record += SCOPE_SLOTS << 3) {
    addCounters(record, sourceAt(i));
    addExecution(record, sourceAt(i));
  }
  const machine = block + (RESULT_COUNTERS << 3);
  memory.fill(machine, 0, COUNTER_COUNT << 3);
  for (let i = 0; i < processorCount; i++, record += SCOPE_SLOTS << 3) {
    const prcb = prcbAt(i);
    addTimes(record, prcb, nowNs);
    addDepth(record, prcb, nowNs);
    addCounters(record, prcb);
    addExecution(record, prcb);
    addCounters(machine, prcb);
  }
  return block;
}

/**
 * Writes the latencies of machine and scopes, of all shards in this memory, into the result block
 * and answers its address. No shard may follow before the memory is wiped.
 */
export function collectLatencies(): usize {
  for (let i = 0; i < sourceCount; i++) {
    const source = sourceAt(i);
    if (countsArrivals(source)) firstPrcb(source).isrWait.absorb(source.isrWait);
    if (!countsRoutines(source)) continue;
    const prcb = targetPrcb(source);
    prcb.dpcWait.absorb(source.dpcWait);
    prcb.interruptToDpc.absorb(source.interruptToDpc);
  }
  writeMachineLatencies(block + (RESULT_LATENCIES << 3));
  put(block, RESULT_DECISIONS_ADDRESS, writeCensus());
  put(block, RESULT_DECISIONS, written);
  let record = block + (RESULT_SLOTS << 3) + (SCOPE_LATENCIES << 3);
  for (let i = 0; i < sourceCount; i++, record += SCOPE_SLOTS << 3) {
    writeScopeLatencies(record, sourceAt(i));
  }
  for (let i = 0; i < processorCount; i++, record += SCOPE_SLOTS << 3) {
    writeScopeLatencies(record, prcbAt(i));
  }
  return block;
}

/**
 * Writes the latencies of one source in the shard that is over into its record, until
 * `collectLatencies` writes there: sum, least and greatest are the shard's, the buckets those of
 * all shards in this memory.
 */
export function writeSourceOfShard(index: i32): void {
  const record = block + ((<usize>(RESULT_SLOTS + index * SCOPE_SLOTS)) << 3);
  writeScopeLatenciesOfShard(record + (SCOPE_LATENCIES << 3), sourceAt(index));
}

function put(record: usize, field: i32, value: i64): void {
  store<i64>(record + ((<usize>field) << 3), value);
}

function countQueued(prcb: Prcb): void {
  prcb.stillQueued = prcb.depth + prcb.threadedDepth;
  countAtSources(prcb.head);
  if (prcb.threadedDepth > 0) countAtSources(prcb.dpcThread.head);
}

function countAtSources(head: Dpc | null): void {
  let dpc: Dpc | null = head;
  while (dpc !== null) {
    if (!dpc.isTimer) dpc.source.stillQueued++;
    dpc = dpc.next;
  }
}

/** Adds what was counted of a source in this shard to the one processor that it belongs to. */
function addToProcessors(source: Source): void {
  if (countsArrivals(source)) addArrivalCounts(firstPrcb(source), source);
  if (countsRoutines(source)) {
    const prcb = targetPrcb(source);
    addRoutineCounts(prcb, source);
    // For the area under the depth; latencies were added up already.
    prcb.dpcWait.join(source.dpcWait);
  }
}

export function addArrivalCounts(scope: Scope, source: Source): void {
  scope.arrivals += source.arrivals;
  scope.held += source.held;
  scope.merged += source.merged;
  scope.dropped += source.dropped;
  scope.isrs += source.isrs;
  scope.isrRunNs += source.isrRunNs;
  scope.isrRunMaxNs = max<i64>(scope.isrRunMaxNs, source.isrRunMaxNs);
}

export function addRoutineCounts(scope: Scope, source: Source): void {
  scope.inserts += source.inserts;
  scope.coalesced += source.coalesced;
  scope.localRequests += source.localRequests;
  scope.ipis += source.ipis;
  scope.suppressed += source.suppressed;
  scope.declined += source.declined;
  scope.dpcs += source.dpcs;
  scope.dpcRunNs += source.dpcRunNs;
  scope.dpcRunMaxNs = max<i64>(scope.dpcRunMaxNs, source.dpcRunMaxNs);
}

function add(record: usize, field: i32, value: i64): void {
  put(record, field, load<i64>(record + ((<usize>field) << 3)) + value);
}

function addCounters(record: usize, scope: Scope): void {
  for (let i = 0; i < COUNTER_COUNT; i++) {
    add(record, i, load<i64>(changetype<usize>(scope) + ((<usize>i) << 3)));
  }
}

function addExecution(record: usize, scope: Scope): void {
  const execution = record + (SCOPE_EXECUTION << 3);
  add(execution, EXECUTION_ISR_NS, scope.isrRunNs);
  atLeast(execution, EXECUTION_ISR_MAX_NS, scope.isrRunMaxNs);
  add(execution, EXECUTION_DPC_NS, scope.dpcRunNs);
  atLeast(execution, EXECUTION_DPC_MAX_NS, scope.dpcRunMaxNs);
}

function atLeast(record: usize, field: i32, value: i64): void {
  put(record, field, max<i64>(load<i64>(record + ((<usize>field) << 3)), value));
}

/**
 * Times are booked when an activity starts, so what is still ahead of it is taken off here; idle is
 * what is left of the shard's time.
 */
function addTimes(record: usize, prcb: Prcb, nowNs: i64): void {
  const drainNs = drainAheadNs(prcb, nowNs);
  prcb.isrNs -= isrAheadNs(prcb, nowNs);
  prcb.clockTimeNs -= aheadNs(prcb, CLOCK_LEVEL, nowNs);
  prcb.ipiTimeNs -= aheadNs(prcb, IPI_LEVEL, nowNs);
  prcb.dispatchDrainNs -= prcb.drainIsIdle ? 0 : drainNs;
  prcb.idleDrainNs -= prcb.drainIsIdle ? drainNs : 0;
  prcb.threadNs -= threadAheadNs(prcb, nowNs);
  prcb.dpcThreadNs -= switchAheadNs(prcb, nowNs) + dpcThreadAheadNs(prcb, nowNs);
  const drainsNs = prcb.dispatchDrainNs + prcb.idleDrainNs;
  const threadsNs = prcb.threadNs + prcb.dpcThreadNs;
  const busyNs = prcb.isrNs + prcb.clockTimeNs + prcb.ipiTimeNs + drainsNs + threadsNs;
  add(record, SCOPE_ISR_NS, prcb.isrNs);
  add(record, SCOPE_CLOCK_NS, prcb.clockTimeNs);
  add(record, SCOPE_IPI_NS, prcb.ipiTimeNs);
  add(record, SCOPE_DISPATCH_DRAIN_NS, prcb.dispatchDrainNs);
  add(record, SCOPE_IDLE_DRAIN_NS, prcb.idleDrainNs);
  add(record, SCOPE_IDLE_NS, nowNs - startNs - busyNs);
}

/** The area under the depth is the sum of the waits, those that still last included. */
function addDepth(record: usize, prcb: Prcb, nowNs: i64): void {
  atLeast(record, SCOPE_DEPTH_MAXIMUM, prcb.depthMaximum);
  const area = changetype<NsSum>(record + (SCOPE_DEPTH_AREA << 3));
  area.addSum(prcb.dpcWait);
  addWaitsSoFar(area, prcb, nowNs);
  area.takeSum(prcb.waitedBefore);
}

/** What the activity at an IRQL still has to run; 0 when there is none. */
export function aheadNs(prcb: Prcb, level: u32, nowNs: i64): i64 {
  if (((prcb.levels >> level) & 1) == 0) return 0;
  return level == prcb.topLevel() ? prcb.topEndNs - nowNs : prcb.remainingAt(level);
}

export function isrAheadNs(prcb: Prcb, nowNs: i64): i64 {
  let sum: i64 = 0;
  for (let level: u32 = 3; level < CLOCK_LEVEL; level++) sum += aheadNs(prcb, level, nowNs);
  return sum;
}

export function drainAheadNs(prcb: Prcb, nowNs: i64): i64 {
  return prcb.dispatchPhase > DRAIN_ROUTINE ? 0 : aheadNs(prcb, DISPATCH_LEVEL, nowNs);
}

export function switchAheadNs(prcb: Prcb, nowNs: i64): i64 {
  return prcb.dispatchPhase != THREAD_SWITCH ? 0 : aheadNs(prcb, DISPATCH_LEVEL, nowNs);
}

/** A thread that the DPC thread has taken the place of has not ended either. */
export function threadAheadNs(prcb: Prcb, nowNs: i64): i64 {
  if (!prcb.isThread) return 0;
  if (prcb.bottom == DPC_THREAD) {
    const below = prcb.dpcThread;
    return below.bottomBelow == THREAD ? below.busyBelowNs - below.ranBelowNs : 0;
  }
  const ranNs = prcb.threadRanNs + (prcb.levels == 0 ? nowNs - prcb.threadResumedNs : 0);
  return prcb.threadBusyNs - ranNs;
}

/** What the DPC thread has been booked for and has still to run. */
export function dpcThreadAheadNs(prcb: Prcb, nowNs: i64): i64 {
  if (prcb.bottom != DPC_THREAD) return 0;
  const ranNs = prcb.threadRanNs + (prcb.isOnBottom() ? nowNs - prcb.threadResumedNs : 0);
  return prcb.threadBusyNs - ranNs;
}

/** Statistics begin here: what was counted so far is forgotten, what is under way goes on. */
export function forgetStatistics(nowNs: i64): void {
  pullAll();
  endWarmUp();
  startCensus(true);
  startNs = nowNs;
  for (let i = 0; i < sourceCount; i++) clearScope(sourceAt(i));
  for (let i = 0; i < processorCount; i++) {
    const prcb = prcbAt(i);
    clearScope(prcb);
    prcb.waitedBefore.clear();
    addWaitsSoFar(prcb.waitedBefore, prcb, nowNs);
    countLinked(prcb, -1);
    prcb.depthMaximum = prcb.depth + prcb.threadedDepth;
    prcb.isrNs = isrAheadNs(prcb, nowNs);
    prcb.clockTimeNs = aheadNs(prcb, CLOCK_LEVEL, nowNs);
    prcb.ipiTimeNs = aheadNs(prcb, IPI_LEVEL, nowNs);
    const drainNs = drainAheadNs(prcb, nowNs);
    prcb.dispatchDrainNs = prcb.drainIsIdle ? 0 : drainNs;
    prcb.idleDrainNs = prcb.drainIsIdle ? drainNs : 0;
    prcb.threadNs = threadAheadNs(prcb, nowNs);
    prcb.dpcThreadNs = switchAheadNs(prcb, nowNs) + dpcThreadAheadNs(prcb, nowNs);
  }
}

function clearScope(scope: Scope): void {
  memory.fill(changetype<usize>(scope), 0, (COUNTER_COUNT + EXECUTION_SLOTS) << 3);
  scope.isrWait.start();
  scope.dpcWait.start();
  scope.interruptToDpc.start();
}
