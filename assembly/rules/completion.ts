import { LOG_DISPATCH_END, LOG_IPI_END, LOG_ISR_END } from '../shared/log-layout';
import { dynamicTick, hasWatchdog, ipiSendNs, tickNs } from '../ground/config';
import { endThreadSection, lowerIrql, retireNext, retireThreaded } from './dispatch';
import { drawWorkNs } from '../streams/distribution';
import { updateDrainRate } from './drain-rate';
import { logDetail, logDpcEnd, logIsr, logTick } from '../results/event-log';
import { insertQueueDpc } from './insert';
import { raiseClock } from './interrupt';
import { serveInIsr } from './items';
import { watch } from './watchdog';
import {
  CLOCK_LEVEL,
  DISPATCH_LEVEL,
  DPC_THREAD,
  DRAIN_ENTRY,
  DRAIN_ROUTINE,
  Prcb,
} from '../records/prcb';
import { runningLine } from '../records/line';
import { Source } from '../records/source';
import { pointerAt } from '../records/tables';

/** The end of a processor's running activity: case (a) of R4. */
// @ts-ignore: decorator
@inline
export function endActivity(prcb: Prcb, nowNs: i64): void {
  const level = prcb.topLevel();
  if (level == DISPATCH_LEVEL) endAtDispatch(prcb, nowNs);
  else if (level == 0) endAtBottom(prcb, nowNs);
  else if (level < CLOCK_LEVEL) endIsr(prcb, level, nowNs);
  else if (level == CLOCK_LEVEL) endClock(prcb, nowNs);
  else endIpi(prcb, nowNs);
}

/** The ISR queues its DPC, pays for the IPI if that sent one, and ends (R7). */
// @ts-ignore: decorator
@inline
function endIsr(prcb: Prcb, level: u32, nowNs: i64): void {
  const line = runningLine(prcb, level);
  if (!line.inSend) {
    if (!line.source.hasDpc) {
      serveInIsr(line, nowNs);
    } else {
      const dpc = line.dpc;
      if (!dpc.queued) dpc.spareServiceNs = line.runningServiceNs;
      if (insertQueueDpc(prcb, dpc, nowNs)) {
        line.inSend = true;
        prcb.isrNs += ipiSendNs;
        prcb.topEndNs = nowNs + ipiSendNs;
        return;
      }
    }
  }
  logIsr(nowNs, prcb, LOG_ISR_END, line.source);
  lowerIrql(prcb, false, nowNs);
}

// @ts-ignore: decorator
@inline
function endAtDispatch(prcb: Prcb, nowNs: i64): void {
  if (prcb.dispatchPhase > DRAIN_ROUTINE) {
    // a wake, or the switch to the DPC thread
    logDetail(nowNs, prcb, LOG_DISPATCH_END);
    lowerIrql(prcb, false, nowNs);
    return;
  }
  if (prcb.dispatchPhase != DRAIN_ENTRY) {
    const dpc = prcb.running!;
    if (prcb.leftOver) {
      prcb.leftOver = false;
      insertQueueDpc(prcb, dpc, nowNs);
    }
    logDpcEnd(nowNs, prcb, dpc);
  }
  retireNext(prcb, nowNs);
}

function endAtBottom(prcb: Prcb, nowNs: i64): void {
  if (prcb.bottom == DPC_THREAD) endThreadedRoutine(prcb, nowNs);
  else endThreadSection(prcb, nowNs);
}

/** A routine of the DPC thread is over (R22): what its budget left is queued once more. */
function endThreadedRoutine(prcb: Prcb, nowNs: i64): void {
  const thread = prcb.dpcThread;
  const dpc = thread.running!;
  if (thread.leftOver) insertQueueDpc(prcb, dpc, nowNs);
  logDpcEnd(nowNs, prcb, dpc);
  retireThreaded(prcb, nowNs);
}

function endIpi(prcb: Prcb, nowNs: i64): void {
  prcb.dispatchWaiting = true;
  logDetail(nowNs, prcb, LOG_IPI_END);
  lowerIrql(prcb, false, nowNs);
}

function endClock(prcb: Prcb, nowNs: i64): void {
  prcb.ticks++;
  if (hasWatchdog) watch(prcb, nowNs);
  const rescued = updateDrainRate(prcb);
  logTick(nowNs, prcb, rescued);
  if (prcb.timerCount > 0 && expireTimers(prcb)) insertQueueDpc(prcb, prcb.timerDpc, nowNs);
  lowerIrql(prcb, false, nowNs);
}

/** Expires the timers that were due at the tick (R8); true when there was one. */
function expireTimers(prcb: Prcb): bool {
  let some = false;
  for (let i = 0; i < prcb.timerCount; i++) {
    const timer = changetype<Source>(pointerAt(prcb.timers, i));
    if (timer.dueNs > prcb.clockDueNs) continue;
    some = true;
    const serviceNs = drawWorkNs(timer.service, timer.services);
    if (!prcb.timerDpc.push(timer.dueNs, serviceNs, timer.index)) {
      timer.dropped++;
      prcb.dropped++;
    }
    const stepped = (prcb.clockDueNs - timer.dueNs) / timer.periodNs;
    timer.missed += stepped;
    prcb.missed += stepped;
    timer.dueNs += (stepped + 1) * timer.periodNs;
  }
  return some;
}

/**
 * A clock tick falls due: case (d) of R4. A halted processor skips it if it may, unless a timer is
 * due (R15).
 */
export function tick(prcb: Prcb, nowNs: i64): void {
  prcb.setNextTick(nowNs + tickNs);
  const maySkip = dynamicTick && prcb.isOnBottom() && prcb.isHalted(nowNs);
  if (maySkip && !hasTimerDue(prcb, nowNs)) return;
  raiseClock(prcb, nowNs);
}

function hasTimerDue(prcb: Prcb, nowNs: i64): bool {
  for (let i = 0; i < prcb.timerCount; i++) {
    if (changetype<Source>(pointerAt(prcb.timers, i)).dueNs <= nowNs) return true;
  }
  return false;
}
