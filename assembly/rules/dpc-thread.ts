import {
  LOG_DPC_THREAD, LOG_DPC_THREAD_END, REQUEST_IPI, REQUEST_LOCAL, REQUEST_SUPPRESSED,
} from '../shared/abi';
import { dequeueNs, ipiFlightNs, NEVER, threadSwitchNs } from '../ground/config';
import { Dpc } from '../records/dpc';
import {
  DISPATCH_LEVEL, DPC_THREAD, IDLE_LOOP, Prcb, THREAD_SWITCH,
} from '../records/prcb';
import { logDpcEnd, logDpcStart, logEvent } from '../results/event-log';
import { countTaken, enterIdleLoop, startDispatchDrain } from './dispatch';
import { unlinkThreaded } from './dpc-queue';
import { insertQueueDpc } from './insert';
import { sendIpi } from './ipi';
import { startAbove } from './irql';
import { takeItems } from './items';

// Threaded DPCs (R22): their requests, and the DPC thread that runs them at PASSIVE.

/** The request rule of a threaded DPC, in place of R10; answers REQUEST_*. */
export function requestDpcThread(current: Prcb, target: Prcb, nowNs: i64): i32 {
  if (target.signalled || target.bottom == DPC_THREAD) return REQUEST_SUPPRESSED;
  target.signalled = true;
  if (current === target) {
    target.dispatchWaiting = true;
    return REQUEST_LOCAL;
  }
  sendIpi(target, nowNs + ipiFlightNs);
  return REQUEST_IPI;
}

/**
 * The signalled DPC thread takes the place of a bare bottom, idle loop or thread, and keeps what
 * stood there. The switch to it runs at DISPATCH_LEVEL.
 */
export function startDpcThread(prcb: Prcb, nowNs: i64): void {
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
  waitForRoutine(prcb);
  prcb.dispatchPhase = THREAD_SWITCH;
  prcb.dpcThreadNs += threadSwitchNs;
  logEvent(nowNs, prcb, LOG_DPC_THREAD);
  startAbove(prcb, DISPATCH_LEVEL, threadSwitchNs, nowNs);
}

/** No routine has time left to run. */
function waitForRoutine(prcb: Prcb): void {
  prcb.dpcThread.running = null;
  prcb.threadBusyNs = 0;
  prcb.threadRanNs = 0;
}

/** Nothing lies above the DPC thread: it gives way to a drain, or goes on. */
export function resumeDpcThread(prcb: Prcb, nowNs: i64): void {
  if (prcb.dispatchWaiting) startDispatchDrain(prcb, nowNs);
  else if (prcb.dpcThread.running === null) retireThreaded(prcb, nowNs);
  else prcb.topEndNs = nowNs + (prcb.threadBusyNs - prcb.threadRanNs);
}

/** Takes the next object and starts its routine, as R13 does; or the DPC thread is done. */
function retireThreaded(prcb: Prcb, nowNs: i64): void {
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
  const lengthNs = dequeueNs + takeItems(dpc, prcb, nowNs);
  thread.leftOver = prcb.leftOver;
  prcb.leftOver = false;
  logDpcStart(nowNs, prcb, dpc, before - dpc.count, waitNs);
  prcb.dpcThreadNs += lengthNs;
  prcb.threadBusyNs = lengthNs;
  prcb.threadRanNs = 0;
  prcb.threadResumedNs = nowNs;
  prcb.topEndNs = nowNs + lengthNs;
}

export function endThreadedRoutine(prcb: Prcb, nowNs: i64): void {
  const thread = prcb.dpcThread;
  const dpc: Dpc = thread.running!;
  if (thread.leftOver) insertQueueDpc(prcb, dpc, nowNs);
  logDpcEnd(nowNs, prcb, dpc);
  waitForRoutine(prcb);
  retireThreaded(prcb, nowNs);
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

/** What the DPC thread has been booked for and has still to run. */
export function dpcThreadAheadNs(prcb: Prcb, nowNs: i64): i64 {
  if (prcb.bottom != DPC_THREAD) return 0;
  const ranNs = prcb.threadRanNs + (prcb.isOnBottom() ? nowNs - prcb.threadResumedNs : 0);
  return prcb.threadBusyNs - ranNs;
}
