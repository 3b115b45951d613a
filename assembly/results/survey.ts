import {
  COUNTER_COUNT,
  EXECUTION_SLOTS,
  SCOPE_CLOCK_NS,
  SCOPE_DEPTH_AREA,
  SCOPE_DEPTH_MAXIMUM,
  SCOPE_DISPATCH_DRAIN_NS,
  SCOPE_IDLE_DRAIN_NS,
  SCOPE_IDLE_NS,
  SCOPE_IPI_NS,
  SCOPE_ISR_NS,
  SCOPE_SLOTS,
  SURVEY_COUNTERS,
  SURVEY_DECISIONS,
  SURVEY_DECISIONS_ADDRESS,
  SURVEY_NOW_NS,
  SURVEY_SLOTS,
  SURVEY_WAITS,
} from '../shared/abi';
import { processorCount } from '../ground/config';
import { countNotes } from '../ground/histogram';
import { carve } from '../ground/memory';
import { NsSum } from '../ground/ns-sum';
import { CLOCK_LEVEL, IPI_LEVEL, Prcb } from '../records/prcb';
import { Scope } from '../records/scope';
import { countsArrivals, countsRoutines, firstPrcb, targetPrcb } from '../records/sole-processor';
import { prcbAt, sourceAt, sourceCount } from '../records/tables';
import { addWaitsSoFar } from '../rules/dpc-queue';
import { pullAll } from '../rules/items';
import { countLinked, writeCensus, written } from './census';
import { writeWaitsSoFar } from './machine-latencies';
import {
  addArrivalCounts,
  addRoutineCounts,
  aheadNs,
  dpcThreadAheadNs,
  drainAheadNs,
  isrAheadNs,
  switchAheadNs,
  threadAheadNs,
} from './result';

let block: usize = 0;
let startNs: i64 = 0;

export function carveSurvey(): void {
  startNs = 0;
  block = carve(surveyBytes());
}

/** Statistics begin here. */
export function surveyFrom(nowNs: i64): void {
  startNs = nowNs;
}

function surveyBytes(): usize {
  return (<usize>(SURVEY_SLOTS + processorCount * SCOPE_SLOTS)) << 3;
}

export function wipeSurvey(): void {
  memory.fill(block, 0, surveyBytes());
}

/**
 * Writes what a shard that still runs has counted by `nowNs`, and answers the address of it:
 * SURVEY_*. The machine goes on as if nobody had looked.
 */
export function writeSurvey(nowNs: i64): usize {
  pullAll();
  countNotes();
  wipeSurvey();
  put(block, SURVEY_NOW_NS, nowNs);
  writeWaitsSoFar(block + (SURVEY_WAITS << 3));
  for (let i = 0; i < processorCount; i++) writeProcessor(prcbAt(i), nowNs);
  for (let i = 0; i < sourceCount; i++) {
    const source = sourceAt(i);
    if (countsArrivals(source)) addArrivalCounts(scopeOf(firstPrcb(source)), source);
    if (!countsRoutines(source)) continue;
    const record = recordOf(targetPrcb(source));
    addRoutineCounts(changetype<Scope>(record), source);
    areaOf(record).addSum(source.dpcWait);
  }
  for (let i = 0; i < processorCount; i++) addToMachine(recordOf(prcbAt(i)));
  for (let i = 0; i < processorCount; i++) countLinked(prcbAt(i), 1);
  put(block, SURVEY_DECISIONS_ADDRESS, writeCensus());
  put(block, SURVEY_DECISIONS, written);
  for (let i = 0; i < processorCount; i++) countLinked(prcbAt(i), -1);
  return block;
}

function recordOf(prcb: Prcb): usize {
  return block + ((<usize>(SURVEY_SLOTS + prcb.index * SCOPE_SLOTS)) << 3);
}

/** A record's counters, which stand as those of a scope do. */
function scopeOf(prcb: Prcb): Scope {
  return changetype<Scope>(recordOf(prcb));
}

function areaOf(record: usize): NsSum {
  return changetype<NsSum>(record + (SCOPE_DEPTH_AREA << 3));
}

function put(record: usize, field: i32, value: i64): void {
  store<i64>(record + ((<usize>field) << 3), value);
}

function addToMachine(record: usize): void {
  const machine = block + (SURVEY_COUNTERS << 3);
  for (let at: usize = 0; at < (<usize>COUNTER_COUNT) << 3; at += 8) {
    store<i64>(machine + at, load<i64>(machine + at) + load<i64>(record + at));
  }
}

function writeProcessor(prcb: Prcb, nowNs: i64): void {
  const record = recordOf(prcb);
  memory.copy(record, changetype<usize>(prcb), (COUNTER_COUNT + EXECUTION_SLOTS) << 3);
  const scope = changetype<Scope>(record);
  scope.stillQueued = prcb.depth + prcb.threadedDepth;
  writeTimes(record, scope, prcb, nowNs);
  put(record, SCOPE_DEPTH_MAXIMUM, prcb.depthMaximum);
  const area = areaOf(record);
  area.addSum(prcb.dpcWait);
  addWaitsSoFar(area, prcb, nowNs);
  area.takeSum(prcb.waitedBefore);
}

/** Times are booked when an activity starts: what is still ahead of it is not counted yet. */
function writeTimes(record: usize, scope: Scope, prcb: Prcb, nowNs: i64): void {
  scope.threadNs -= threadAheadNs(prcb, nowNs);
  scope.dpcThreadNs -= switchAheadNs(prcb, nowNs) + dpcThreadAheadNs(prcb, nowNs);
  const drainNs = drainAheadNs(prcb, nowNs);
  const isrNs = prcb.isrNs - isrAheadNs(prcb, nowNs);
  const clockNs = prcb.clockTimeNs - aheadNs(prcb, CLOCK_LEVEL, nowNs);
  const ipiNs = prcb.ipiTimeNs - aheadNs(prcb, IPI_LEVEL, nowNs);
  const dispatchDrainNs = prcb.dispatchDrainNs - (prcb.drainIsIdle ? 0 : drainNs);
  const idleDrainNs = prcb.idleDrainNs - (prcb.drainIsIdle ? drainNs : 0);
  const threadsNs = scope.threadNs + scope.dpcThreadNs;
  const busyNs = isrNs + clockNs + ipiNs + dispatchDrainNs + idleDrainNs + threadsNs;
  put(record, SCOPE_ISR_NS, isrNs);
  put(record, SCOPE_CLOCK_NS, clockNs);
  put(record, SCOPE_IPI_NS, ipiNs);
  put(record, SCOPE_DISPATCH_DRAIN_NS, dispatchDrainNs);
  put(record, SCOPE_IDLE_DRAIN_NS, idleDrainNs);
  put(record, SCOPE_IDLE_NS, nowNs - startNs - busyNs);
}
