import { RAISE_HELD, RAISE_MERGED, RAISE_RAISED } from '../shared/abi';
import { LOG_CLOCK_START, LOG_IPI_START, LOG_ISR_START } from '../shared/log-layout';
import {
  clockNs,
  haltExitNs,
  hasWatchdog,
  interruptNs,
  ipiHandlerNs,
  NEVER,
} from '../ground/config';
import { logArrival, logDetail, logIsr, logRaise } from '../results/event-log';
import { payHaltExit, raiseIrql } from './irql';
import { Arrival, Line, setRunningLine } from '../records/line';
import { Moderation } from '../records/moderation';
import { CLOCK_LEVEL, IPI_LEVEL, Prcb } from '../records/prcb';
import { hasRoutine } from './watchdog';

/** Arrivals so far, on all lines. */
export let arrivalTotal: i64 = 0;

export function startCounting(): void {
  arrivalTotal = 0;
  pendingLines = 0;
}

/** A device interrupt arrives on its line (R5, R6); its item has been left already. */
// @ts-ignore: decorator
@inline
export function raiseLine(line: Line, arrival: Arrival, dropped: bool): void {
  const prcb = line.prcb;
  const nowNs = arrival.atNs;
  arrivalTotal++;
  const source = line.source;
  source.arrivals++;
  if (!source.soleLine) prcb.arrivals++;
  logArrival(nowNs, prcb, source, line.waiting ? RAISE_MERGED : RAISE_RAISED, dropped);
  raiseInterrupt(line, arrival.isrNs, arrival.serviceNs, nowNs);
}

/** The device raises its interrupt: it is accepted, waits, or merges with one that waits (R6). */
// @ts-ignore: decorator
@inline
function raiseInterrupt(line: Line, isrNs: u32, serviceNs: u32, nowNs: i64): void {
  const prcb = line.prcb;
  const source = line.source;
  if (line.waiting) {
    source.merged++;
    if (!source.soleLine) prcb.merged++;
    return;
  }
  if (line.level > prcb.topLevel()) {
    startIsr(line, isrNs, serviceNs, 0, nowNs);
    return;
  }
  line.waiting = true;
  line.raisedNs = nowNs;
  line.waitingIsrNs = isrNs;
  line.waitingServiceNs = serviceNs;
  prcb.waitingLevels |= 1 << line.level;
}

/** Lines that hold an interrupt back. */
export let pendingLines: i32 = 0;

/** An arrival where the device moderates (R24): the interrupt is held back, or raised by count. */
export function raiseModerated(line: Line, arrival: Arrival, dropped: bool): void {
  const prcb = line.prcb;
  const source = line.source;
  const moderation = line.moderation!;
  const nowNs = arrival.atNs;
  arrivalTotal++;
  source.arrivals++;
  if (!source.soleLine) prcb.arrivals++;
  if (moderation.pending == 0) {
    pendingLines++;
    moderation.isrNs = arrival.isrNs;
    moderation.serviceNs = arrival.serviceNs;
    moderation.dueNs = moderation.timeNs == NEVER ? NEVER : nowNs + moderation.timeNs;
  }
  moderation.pending++;
  if (moderation.pending == moderation.count) {
    logArrival(nowNs, prcb, source, line.waiting ? RAISE_MERGED : RAISE_RAISED, dropped);
    raisePending(line, moderation, nowNs);
    return;
  }
  source.held++;
  if (!source.soleLine) prcb.held++;
  logArrival(nowNs, prcb, source, RAISE_HELD, dropped);
}

/** The time of a line that holds its interrupt back is over. */
export function raiseHeld(line: Line, nowNs: i64): void {
  logRaise(nowNs, line.prcb, line.source, line.waiting ? RAISE_MERGED : RAISE_RAISED);
  raisePending(line, line.moderation!, nowNs);
}

function raisePending(line: Line, moderation: Moderation, nowNs: i64): void {
  pendingLines--;
  moderation.pending = 0;
  moderation.dueNs = NEVER;
  raiseInterrupt(line, moderation.isrNs, moderation.serviceNs, nowNs);
}

/** Starts the ISR of a waiting line; the IRQL allows it. */
function acceptLine(line: Line, nowNs: i64): void {
  const prcb = line.prcb;
  line.waiting = false;
  if (firstWaiting(prcb, line.level) === null) prcb.waitingLevels &= ~(1 << line.level);
  startIsr(line, line.waitingIsrNs, line.waitingServiceNs, nowNs - line.raisedNs, nowNs);
}

/** An interrupt has been accepted: its ISR runs (R7). */
// @ts-ignore: decorator
@inline
function startIsr(line: Line, isrNs: u32, serviceNs: u32, waitNs: i64, nowNs: i64): void {
  const prcb = line.prcb;
  if (hasWatchdog && !hasRoutine(prcb)) prcb.routineTicks = 0;
  line.inSend = false;
  line.runningServiceNs = serviceNs;
  const source = line.source;
  source.isrs++;
  source.noteIsr(isrNs);
  source.isrWait.record(waitNs);
  if (!source.soleLine) {
    prcb.isrs++;
    prcb.noteIsr(isrNs);
    prcb.isrWait.record(waitNs);
  }
  const lengthNs = interruptNs + <i64>isrNs + payHaltExit(prcb, haltExitNs, nowNs);
  prcb.isrNs += lengthNs;
  setRunningLine(prcb, line);
  raiseIrql(prcb, line.level, lengthNs, nowNs);
  logIsr(nowNs, prcb, LOG_ISR_START, source);
}

/** The line that waits at a device IRQL and whose source stands first (R3). */
function firstWaiting(prcb: Prcb, level: u32): Line | null {
  const last = load<u32>(prcb.byLevelStart + ((<usize>level) << 2), 4);
  for (let i = load<u32>(prcb.byLevelStart + ((<usize>level) << 2)); i < last; i++) {
    const line = changetype<Line>(load<usize>(prcb.linesByLevel + ((<usize>i) << 2)));
    if (line.waiting) return line;
  }
  return null;
}

/**
 * The clock's interrupt for the tick due now; a tick that finds one waiting merges with it (R15).
 */
export function raiseClock(prcb: Prcb, nowNs: i64): void {
  if (prcb.waitingLevels & (1 << CLOCK_LEVEL)) return;
  prcb.clockWaitingDueNs = nowNs;
  if (prcb.topLevel() < CLOCK_LEVEL) acceptClock(prcb, nowNs);
  else prcb.waitingLevels |= 1 << CLOCK_LEVEL;
}

// @ts-ignore: decorator
@inline
function acceptClock(prcb: Prcb, nowNs: i64): void {
  prcb.waitingLevels &= ~(1 << CLOCK_LEVEL);
  prcb.clockDueNs = prcb.clockWaitingDueNs;
  const lengthNs = clockNs + payHaltExit(prcb, haltExitNs, nowNs);
  prcb.clockTimeNs += lengthNs;
  raiseIrql(prcb, CLOCK_LEVEL, lengthNs, nowNs);
  logDetail(nowNs, prcb, LOG_CLOCK_START, prcb.clockDueNs);
}

/** The x86 IPI arrives: an interrupt at IPI_LEVEL (R11). */
export function raiseIpi(prcb: Prcb, nowNs: i64): void {
  if (prcb.topLevel() < IPI_LEVEL) acceptIpi(prcb, nowNs);
  else prcb.waitingLevels |= 1 << IPI_LEVEL;
}

function acceptIpi(prcb: Prcb, nowNs: i64): void {
  prcb.waitingLevels &= ~(1 << IPI_LEVEL);
  const lengthNs = ipiHandlerNs + payHaltExit(prcb, haltExitNs, nowNs);
  prcb.ipiTimeNs += lengthNs;
  raiseIrql(prcb, IPI_LEVEL, lengthNs, nowNs);
  logDetail(nowNs, prcb, LOG_IPI_START);
}

/**
 * Accepts the waiting interrupt with the highest IRQL if that is above what runs (R3). The top
 * activity has just ended or is the bottom, which has been told that it is interrupted.
 */
export function acceptWaiting(prcb: Prcb, nowNs: i64): bool {
  const level: u32 = 31 - clz<u32>(prcb.waitingLevels | 1);
  if (level <= prcb.topLevel()) return false;
  if (level == CLOCK_LEVEL) acceptClock(prcb, nowNs);
  else if (level == IPI_LEVEL) acceptIpi(prcb, nowNs);
  else acceptLine(firstWaiting(prcb, level)!, nowNs);
  return true;
}
