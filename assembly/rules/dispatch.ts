import {
  LOG_DPC_THREAD,
  LOG_DPC_THREAD_END,
  LOG_IDLE,
  LOG_IPI,
  LOG_LOOP,
  LOG_READY,
  LOG_THREAD,
  LOG_WAKE,
} from '../shared/log-layout';
import {
  dequeueNs,
  dispatchNs,
  drainLimit,
  drainsAreBounded,
  drainTimeNs,
  eventLog,
  haltExitNs,
  hasWatchdog,
  ipiAtIpiLevel,
  NEVER,
  pollNs,
  threadSwitchNs,
} from '../ground/config';
import { Dpc } from '../records/dpc';
import { drawThread, thinkTimeNs } from './background';
import { unlinkHead, unlinkThreaded } from './dpc-queue';
import {
  logDetail,
  logDpcStart,
  logDrainEnd,
  logDrainStart,
  logEvent,
  logSections,
} from '../results/event-log';
import { acceptWaiting, raiseIpi } from './interrupt';
import { countWait } from '../results/census';
import { holdsSpinLock, raiseIrql, sectionEndNs, startAbove } from './irql';
import { takeItems } from './items';
import {
  DISPATCH_LEVEL,
  DPC_THREAD,
  DRAIN_ENTRY,
  DRAIN_ROUTINE,
  IDLE_LOOP,
  Prcb,
  THREAD,
  THREAD_SWITCH,
  WAKE,
} from '../records/prcb';

/**
 * The top activity has ended: what lies under it goes on, unless an interrupt waits that is above
 * it, or a DISPATCH interrupt and the bottom is a thread at PASSIVE (R3, R12). `atPassive` is true
 * when the activity that ended was accepted at PASSIVE, where the thread still stands.
 */
// @ts-ignore: decorator
@inline
export function lowerIrql(prcb: Prcb, atPassive: bool, nowNs: i64): void {
  prcb.levels &= ~(1 << prcb.topLevel());
  if (prcb.levels != 0) {
    prcb.topEndNs = nowNs + prcb.remainingAt(prcb.topLevel());
  } else if (prcb.isThread) {
    prcb.threadResumedNs = nowNs;
  } else {
    prcb.topEndNs = NEVER;
  }
  if (prcb.waitingLevels != 0 && acceptWaiting(prcb, nowNs)) return;
  if (prcb.levels != 0) return;
  if (prcb.isThread) resumeThread(prcb, atPassive, nowNs);
  else enterIdleLoop(prcb, nowNs);
}

/** An IPI arrives (R11). */
export function deliverIpi(prcb: Prcb, nowNs: i64): void {
  logEvent(nowNs, prcb, LOG_IPI);
  if (ipiAtIpiLevel) raiseIpi(prcb, nowNs);
  else requestDispatch(prcb, nowNs);
}

/** Makes the DISPATCH interrupt wait on a processor that may be doing anything (R11, R12, R14). */
export function requestDispatch(prcb: Prcb, nowNs: i64): void {
  prcb.dispatchWaiting = true;
  if (prcb.levels != 0) return;
  if (prcb.isThread) resumeThread(prcb, false, nowNs);
  else if (prcb.isHalted(nowNs)) wake(prcb, nowNs);
  else enterIdleLoop(prcb, nowNs);
}

/**
 * The running thread goes on, or gives way to a waiting DISPATCH interrupt, or to the DPC thread
 * once a drain has passed a signal on (R22): no drain ends elsewhere above a thread.
 */
// @ts-ignore: decorator
@inline
function resumeThread(prcb: Prcb, atPassive: bool, nowNs: i64): void {
  if (prcb.bottom == DPC_THREAD) {
    resumeDpcThread(prcb, nowNs);
    return;
  }
  const leftNs = prcb.threadBusyNs - prcb.threadRanNs - (nowNs - prcb.threadResumedNs);
  prcb.topEndNs = nowNs + leftNs;
  if (!prcb.dispatchWaiting) {
    if (atPassive && prcb.signalled) startDpcThread(prcb, nowNs);
    return;
  }
  if (atPassive || !holdsSpinLock(prcb, nowNs)) startDispatchDrain(prcb, nowNs);
  else prcb.topEndNs = min(prcb.topEndNs, sectionEndNs(prcb, nowNs));
}

/**
 * Ends what a bare thread was doing: its busy time, or a DISPATCH section with a drain due (R17).
 */
export function endThreadSection(prcb: Prcb, nowNs: i64): void {
  const ranNs = prcb.threadRanNs + (nowNs - prcb.threadResumedNs);
  if (ranNs < prcb.threadBusyNs) {
    startDispatchDrain(prcb, nowNs);
    return;
  }
  prcb.bottom = IDLE_LOOP;
  prcb.topEndNs = NEVER;
  prcb.setThreadReady(nowNs + thinkTimeNs(prcb));
  logEvent(nowNs, prcb, LOG_IDLE);
  enterIdleLoop(prcb, nowNs);
}

/**
 * A thread becomes ready (R17): an idle loop takes it up, at the price of a wake if it has halted.
 */
export function readyThread(prcb: Prcb, nowNs: i64): void {
  prcb.setThreadReady(NEVER);
  prcb.threadIsReady = true;
  logDetail(nowNs, prcb, LOG_READY);
  if (prcb.levels != 0 || prcb.isThread) return;
  if (prcb.isHalted(nowNs)) wake(prcb, nowNs);
  else startThread(prcb, nowNs);
}

/**
 * Leaves the halt for a DISPATCH interrupt or a thread; then control reaches the idle loop (R14).
 */
function wake(prcb: Prcb, nowNs: i64): void {
  prcb.exitPaid = true;
  prcb.dispatchPhase = WAKE;
  raiseIrql(prcb, DISPATCH_LEVEL, haltExitNs, nowNs);
  logDetail(nowNs, prcb, LOG_WAKE);
}

function startThread(prcb: Prcb, nowNs: i64): void {
  prcb.threadIsReady = false;
  prcb.bottom = THREAD;
  prcb.haltNs = NEVER;
  prcb.haltEventNs = NEVER;
  drawThread(prcb);
  prcb.threadNs += prcb.threadBusyNs;
  prcb.threadRanNs = 0;
  prcb.threadResumedNs = nowNs;
  prcb.topEndNs = nowNs + prcb.threadBusyNs;
  logEvent(nowNs, prcb, LOG_THREAD);
  logSections(nowNs, prcb);
}

/** Control reaches an idle bottom (R14). */
export function enterIdleLoop(prcb: Prcb, nowNs: i64): void {
  prcb.haltNs = NEVER;
  prcb.haltEventNs = NEVER;
  prcb.exitPaid = false;
  prcb.dispatchWaiting = false;
  if (hasWatchdog) prcb.dispatchTicks = 0;
  logDetail(nowNs, prcb, LOG_LOOP);
  if (prcb.depth > 0) {
    prcb.idleDrains++;
    startDrain(prcb, true, 0, nowNs);
    retireNext(prcb, nowNs);
  } else if (prcb.signalled) {
    startDpcThread(prcb, nowNs);
  } else if (prcb.threadIsReady) {
    startThread(prcb, nowNs);
  } else {
    prcb.haltNs = nowNs + pollNs;
    if (!ASC_NO_ASSERT) {
      if (eventLog) prcb.haltEventNs = prcb.haltNs;
    }
  }
}

// @ts-ignore: decorator
@inline
function startDispatchDrain(prcb: Prcb, nowNs: i64): void {
  prcb.dispatchWaiting = false;
  prcb.dispatchDrains++;
  prcb.dispatchDrainNs += dispatchNs;
  startDrain(prcb, false, dispatchNs, nowNs);
}

// @ts-ignore: decorator
@inline
function startDrain(prcb: Prcb, isIdle: bool, entryNs: i64, nowNs: i64): void {
  prcb.draining = true;
  prcb.drainIsIdle = isIdle;
  prcb.drained = 0;
  prcb.dispatchPhase = DRAIN_ENTRY;
  prcb.drainStartNs = nowNs;
  raiseIrql(prcb, DISPATCH_LEVEL, entryNs, nowNs);
  logDrainStart(nowNs, prcb, isIdle);
}

/** Takes the next object and starts its routine, or ends the drain (R13): nt!KiRetireDpcList. */
// @ts-ignore: decorator
@inline
export function retireNext(prcb: Prcb, nowNs: i64): void {
  if (prcb.depth == 0 || (drainsAreBounded && boundReached(prcb, nowNs))) {
    endDrain(prcb, nowNs);
    return;
  }
  const dpc = unlinkHead(prcb);
  const waitNs = nowNs - dpc.insertedNs;
  prcb.drained++;
  countTaken(prcb, dpc, waitNs);
  prcb.running = dpc;
  prcb.dispatchPhase = DRAIN_ROUTINE;
  const before = dpc.count;
  const workNs = takeItems(dpc, prcb, nowNs);
  const lengthNs = dequeueNs + workNs;
  countRun(prcb, dpc, workNs);
  logDpcStart(nowNs, prcb, dpc, before - dpc.count, waitNs);
  if (prcb.drainIsIdle) prcb.idleDrainNs += lengthNs;
  else prcb.dispatchDrainNs += lengthNs;
  prcb.topEndNs = nowNs + lengthNs;
}

/** May the drain run no further routine, at the end of its last one or of its entry? */
function boundReached(prcb: Prcb, nowNs: i64): bool {
  if (drainLimit > 0 && prcb.drained >= drainLimit) return true;
  return drainTimeNs > 0 && prcb.drained > 0 && nowNs - prcb.drainStartNs >= drainTimeNs;
}

/** A routine's object has been taken from its list. */
// @ts-ignore: decorator
@inline
function countTaken(prcb: Prcb, dpc: Dpc, waitNs: i64): void {
  countWait(dpc.cell, waitNs);
  if (dpc.isTimer || !dpc.source.soleTarget) {
    prcb.dpcs++;
    prcb.dpcWait.record(waitNs);
  }
  if (dpc.isTimer) return;
  dpc.source.dpcs++;
  dpc.source.dpcWait.record(waitNs);
}

/** Its routine is to run for so long. */
// @ts-ignore: decorator
@inline
function countRun(prcb: Prcb, dpc: Dpc, workNs: i64): void {
  if (dpc.isTimer || !dpc.source.soleTarget) prcb.noteRoutine(workNs);
  if (!dpc.isTimer) dpc.source.noteRoutine(workNs);
}

// @ts-ignore: decorator
@inline
function endDrain(prcb: Prcb, nowNs: i64): void {
  if (!prcb.drainIsIdle && prcb.drained == 0 && !prcb.signalled) prcb.spurious++;
  prcb.draining = false;
  prcb.requested = false;
  logDrainEnd(nowNs, prcb);
  lowerIrql(prcb, !prcb.drainIsIdle, nowNs);
}

/**
 * The signalled DPC thread takes the place of a bare bottom, idle loop or thread, and keeps what
 * stood there. The switch to it runs at DISPATCH_LEVEL.
 */
function startDpcThread(prcb: Prcb, nowNs: i64): void {
  if (!ASC_NO_ASSERT) {
    assert(prcb.isOnBottom() && prcb.bottom != DPC_THREAD, 'a bottom to take the place of');
    assert(prcb.threadedDepth > 0, 'a signalled DPC thread has work');
  }
  const thread = prcb.dpcThread;
  thread.bottomBelow = prcb.bottom;
  thread.busyBelowNs = prcb.threadBusyNs;
  thread.ranBelowNs = prcb.threadRanNs + (prcb.isThread ? nowNs - prcb.threadResumedNs : 0);
  thread.passiveBelowNs = prcb.passiveNs;
  thread.dispatchSectionBelowNs = prcb.dispatchSectionNs;
  prcb.signalled = false;
  prcb.bottom = DPC_THREAD;
  prcb.haltNs = NEVER;
  prcb.haltEventNs = NEVER;
  prcb.dispatchSectionNs = 0;
  thread.running = null;
  prcb.threadBusyNs = 0;
  prcb.threadRanNs = 0;
  prcb.dispatchPhase = THREAD_SWITCH;
  prcb.dpcThreadNs += threadSwitchNs;
  logEvent(nowNs, prcb, LOG_DPC_THREAD);
  startAbove(prcb, DISPATCH_LEVEL, threadSwitchNs, nowNs);
}

/** Nothing lies above the DPC thread: it gives way to a drain, or goes on. */
function resumeDpcThread(prcb: Prcb, nowNs: i64): void {
  if (prcb.dispatchWaiting) startDispatchDrain(prcb, nowNs);
  else if (prcb.dpcThread.running === null) retireThreaded(prcb, nowNs);
  else prcb.topEndNs = nowNs + (prcb.threadBusyNs - prcb.threadRanNs);
}

/** Takes the DPC thread's next object and starts its routine, as R13 does, or ends the thread. */
export function retireThreaded(prcb: Prcb, nowNs: i64): void {
  if (prcb.threadedDepth == 0) {
    endDpcThread(prcb, nowNs);
    return;
  }
  const thread = prcb.dpcThread;
  const dpc = unlinkThreaded(prcb);
  const waitNs = nowNs - dpc.insertedNs;
  countTaken(prcb, dpc, waitNs);
  thread.running = dpc;
  const before = dpc.count;
  const workNs = takeItems(dpc, prcb, nowNs);
  const lengthNs = dequeueNs + workNs;
  countRun(prcb, dpc, workNs);
  thread.leftOver = prcb.leftOver;
  prcb.leftOver = false;
  logDpcStart(nowNs, prcb, dpc, before - dpc.count, waitNs);
  prcb.dpcThreadNs += lengthNs;
  prcb.threadBusyNs = lengthNs;
  prcb.threadRanNs = 0;
  prcb.threadResumedNs = nowNs;
  prcb.topEndNs = nowNs + lengthNs;
}

/** What was the bottom before is the bottom again. */
function endDpcThread(prcb: Prcb, nowNs: i64): void {
  const thread = prcb.dpcThread;
  logEvent(nowNs, prcb, LOG_DPC_THREAD_END);
  prcb.bottom = thread.bottomBelow;
  prcb.threadBusyNs = thread.busyBelowNs;
  prcb.threadRanNs = thread.ranBelowNs;
  prcb.threadResumedNs = nowNs;
  prcb.passiveNs = thread.passiveBelowNs;
  prcb.dispatchSectionNs = thread.dispatchSectionBelowNs;
  if (prcb.bottom == IDLE_LOOP) {
    prcb.topEndNs = NEVER;
    enterIdleLoop(prcb, nowNs);
    return;
  }
  if (!ASC_NO_ASSERT) assert(!prcb.dispatchWaiting && !prcb.signalled, 'nothing else waits');
  prcb.topEndNs = nowNs + prcb.threadBusyNs - prcb.threadRanNs;
}
