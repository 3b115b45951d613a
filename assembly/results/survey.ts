import { COUNTER_COUNT } from '../shared/abi';
import {
  SURVEY_CLOCK_NS,
  SURVEY_COUNTERS,
  SURVEY_DECISIONS,
  SURVEY_DECISIONS_ADDRESS,
  SURVEY_DEPTH,
  SURVEY_DEPTH_AREA,
  SURVEY_DEPTH_MAXIMUM,
  SURVEY_DISPATCH_DRAIN_NS,
  SURVEY_DPC_THREAD_NS,
  SURVEY_IDLE_DRAIN_NS,
  SURVEY_IPI_NS,
  SURVEY_ISR_NS,
  SURVEY_NOW_NS,
  SURVEY_PROCESSOR_SLOTS,
  SURVEY_SLOTS,
  SURVEY_THREAD_NS,
  SURVEY_WAITS,
} from '../shared/survey-block';
import { processorCount } from '../ground/config';
import { countNotes } from '../ground/histogram';
import { carve } from '../ground/memory';
import { NsSum } from '../ground/ns-sum';
import { CLOCK_LEVEL, IPI_LEVEL, Prcb } from '../records/prcb';
import { Scope } from '../records/scope';
import { countsArrivals, countsRoutines, targetPrcb } from '../records/sole-processor';
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

export function carveSurvey(): void {
  block = carve(surveyBytes());
}

function surveyBytes(): usize {
  return (<usize>(SURVEY_SLOTS + processorCount * SURVEY_PROCESSOR_SLOTS)) << 3;
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
  store<i64>(block + (SURVEY_NOW_NS << 3), nowNs);
  writeWaitsSoFar(block + (SURVEY_WAITS << 3));
  const machine = changetype<Scope>(block + (SURVEY_COUNTERS << 3));
  for (let i = 0; i < processorCount; i++) {
    const prcb = prcbAt(i);
    addCounters(machine, prcb);
    const record = recordOf(i);
    writeTimes(record, prcb, nowNs);
    put(record, SURVEY_DEPTH, prcb.depth + prcb.threadedDepth);
    put(record, SURVEY_DEPTH_MAXIMUM, prcb.depthMaximum);
    const area = areaOf(record);
    area.addSum(prcb.dpcWait);
    addWaitsSoFar(area, prcb, nowNs);
    area.takeSum(prcb.waitedBefore);
    countLinked(prcb, 1);
  }
  for (let i = 0; i < sourceCount; i++) {
    const source = sourceAt(i);
    if (countsArrivals(source)) addArrivalCounts(machine, source);
    if (!countsRoutines(source)) continue;
    addRoutineCounts(machine, source);
    areaOf(recordOf(targetPrcb(source).index)).addSum(source.dpcWait);
  }
  put(block, SURVEY_DECISIONS_ADDRESS, writeCensus());
  put(block, SURVEY_DECISIONS, written);
  for (let i = 0; i < processorCount; i++) countLinked(prcbAt(i), -1);
  return block;
}

function recordOf(processor: i32): usize {
  return block + ((<usize>(SURVEY_SLOTS + processor * SURVEY_PROCESSOR_SLOTS)) << 3);
}

function areaOf(record: usize): NsSum {
  return changetype<NsSum>(record + (SURVEY_DEPTH_AREA << 3));
}

function put(record: usize, field: i32, value: i64): void {
  store<i64>(record + ((<usize>field) << 3), value);
}

function addCounters(machine: Scope, scope: Scope): void {
  const to = changetype<usize>(machine);
  const from = changetype<usize>(scope);
  for (let at: usize = 0; at < (<usize>COUNTER_COUNT) << 3; at += 8) {
    store<i64>(to + at, load<i64>(to + at) + load<i64>(from + at));
  }
}

/** Times are booked when an activity starts: what is still ahead of it is not counted yet. */
function writeTimes(record: usize, prcb: Prcb, nowNs: i64): void {
  const drainNs = drainAheadNs(prcb, nowNs);
  const dpcThreadNs = switchAheadNs(prcb, nowNs) + dpcThreadAheadNs(prcb, nowNs);
  put(record, SURVEY_ISR_NS, prcb.isrNs - isrAheadNs(prcb, nowNs));
  put(record, SURVEY_CLOCK_NS, prcb.clockTimeNs - aheadNs(prcb, CLOCK_LEVEL, nowNs));
  put(record, SURVEY_IPI_NS, prcb.ipiTimeNs - aheadNs(prcb, IPI_LEVEL, nowNs));
  const isIdle = prcb.drainIsIdle;
  put(record, SURVEY_DISPATCH_DRAIN_NS, prcb.dispatchDrainNs - (isIdle ? 0 : drainNs));
  put(record, SURVEY_IDLE_DRAIN_NS, prcb.idleDrainNs - (isIdle ? drainNs : 0));
  put(record, SURVEY_THREAD_NS, prcb.threadNs - threadAheadNs(prcb, nowNs));
  put(record, SURVEY_DPC_THREAD_NS, prcb.dpcThreadNs - dpcThreadNs);
}
