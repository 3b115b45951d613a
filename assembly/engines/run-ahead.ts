import { findNextAfter, findNextModerated, nextArrivalLine, readArrivals } from './arrival-order';
import { drawAhead } from '../streams/arrivals';
import { endActivity, tick } from '../rules/completion';
import {
  clockNs,
  eventLog,
  haltExitNs,
  interruptNs,
  NEVER,
  processorCount,
  untilInterrupts,
  watchdogStops,
} from '../ground/config';
import { deliverIpi, readyThread } from '../rules/dispatch';
import { EventQueue } from './event-queue';
import { targetOf } from '../rules/insert';
import { arrivalTotal, raiseHeld, raiseLine, raiseModerated } from '../rules/interrupt';
import { nextIpiNs, takeIpi } from '../rules/ipi';
import { leaveItem } from '../rules/items';
import { Arrival, Line, runningLine } from '../records/line';
import { Moderation } from '../records/moderation';
import { DISPATCH_LEVEL, Prcb } from '../records/prcb';
import { carve } from '../ground/memory';
import { Source } from '../records/source';
import {
  lineAt,
  lineCount,
  pointerAt,
  setPointerAt,
  prcbAt,
  sourceAt,
  sourceCount,
} from '../records/tables';

/**
 * Processors that run ahead on their own. One processor touches another in two ways only: an ISR
 * queues a DPC to it, or an IPI arrives. Arrivals do not depend on the machine, so the earliest
 * instant at which a foreign ISR can end is known beforehand (`touchBoundNs`), and the order in
 * which IPIs arrive is the order in which they were sent. Those meetings are carried out in the
 * order of R4; before each one the two processors are brought up to it, and every other processor
 * lags behind, untouched, until a meeting needs it. The results are those of `lockstep` to the last
 * bit.
 *
 * After the conservative scheme of Chandy and Misra (1979), on one thread, for locality.
 */
let touches: EventQueue = changetype<EventQueue>(0);

export function carveRunAhead(): void {
  touches = EventQueue.carve(processorCount);
  for (let i = 0; i < processorCount; i++) prcbAt(i).foreignCount = 0;
  for (let i = 0; i < lineCount; i++) {
    if (lineAt(i).foreign) lineAt(i).prcb.foreignCount++;
  }
  for (let i = 0; i < processorCount; i++) {
    const prcb = prcbAt(i);
    prcb.foreignLines = carve((<usize>prcb.foreignCount) << 2);
    prcb.foreignCount = 0;
  }
  for (let i = 0; i < lineCount; i++) {
    const line = lineAt(i);
    if (!line.foreign) continue;
    setPointerAt(line.prcb.foreignLines, line.prcb.foreignCount++, changetype<usize>(line));
  }
}

/**
 * May this scenario's processors run ahead? Not where an activity started at an instant may end at
 * it and touch another processor, for then the order of R4 within the instant is not known
 * beforehand; nor where processors share an object in other ways than queueing it; nor where a
 * timeout ends the run for all of them at its instant (R23).
 */
export function canRunAhead(): bool {
  if (eventLog || watchdogStops || clockNs < 1 || haltExitNs < 1) return false;
  for (let i = 0; i < lineCount; i++) {
    const line = lineAt(i);
    const source = line.source;
    if (interruptNs < 1 && !(source.constantWork && source.constantIsrNs >= 1)) return false;
    if (!source.hasDpc && source.lineCount > 1) return false;
    if (!line.foreign) continue;
    if (line.dpc.target < 0 && line.dpc.budget > 0) return false;
    if (source.lineCount > 1 && line.dpc === otherLine(source, line).dpc) return false;
  }
  return true;
}

function otherLine(source: Source, line: Line): Line {
  const first = changetype<Line>(pointerAt(source.lines, 0));
  return first === line ? changetype<Line>(pointerAt(source.lines, 1)) : first;
}

/** From the start on, items of foreign lines are pulled by the routines that take them. */
export function startRunAhead(): void {
  for (let i = 0; i < lineCount; i++) {
    const line = lineAt(i);
    if (line.foreign) line.dpc.pullFrom = changetype<usize>(line);
  }
}

/**
 * Draws arrivals ahead. The answer is the instant before which all arrivals are known, at most
 * `limitNs`; or 0 when the processors must go on in step: the last interrupts of a run by number
 * are near, or so many arrivals fall on one instant that a ring cannot hold them.
 */
export function openWindow(fromNs: i64, limitNs: i64): i64 {
  let known = limitNs;
  let held: i64 = 0;
  let dry = true;
  for (let i = 0; i < sourceCount; i++) {
    const source = sourceAt(i);
    drawAhead(source);
    if (source.exhausted) continue;
    dry = false;
    known = min(known, source.lastNs);
  }
  for (let i = 0; i < lineCount; i++) held += lineAt(i).end - lineAt(i).next;
  for (let i = 0; i < processorCount; i++) {
    const prcb = prcbAt(i);
    if (prcb.arrivalsChanged) readArrivals(prcb);
    touches.set(i, touchBoundNs(prcb));
  }
  if (untilInterrupts > 0 && (dry || arrivalTotal + held >= untilInterrupts)) return 0;
  return known > fromNs ? known : 0;
}

/** Carries out everything before `endNs`; afterwards all processors stand there. */
export function runWindow(endNs: i64): void {
  while (true) {
    const touchNs = touches.firstNs();
    const ipiNs = nextIpiNs();
    if (min(touchNs, ipiNs) >= endNs) break;
    if (ipiNs < touchNs) {
      const target = takeIpi();
      advance(target, ipiNs, ipiNs + 1);
      deliverIpi(target, ipiNs);
    } else {
      const prcb = prcbAt(touches.first());
      advance(prcb, touchNs, touchNs);
      if (prcb.topEndNs == touchNs && endsForeign(prcb)) meet(prcb, touchNs);
      touches.set(prcb.index, touchBoundNs(prcb));
    }
  }
  for (let i = 0; i < processorCount; i++) advance(prcbAt(i), endNs, endNs);
}

/** Is the top activity a foreign ISR about to queue its DPC? */
function endsForeign(prcb: Prcb): bool {
  const level = prcb.topLevel();
  if (level <= DISPATCH_LEVEL || level > 12) return false;
  const line = runningLine(prcb, level);
  return line.foreign && !line.inSend;
}

/** A foreign ISR ends: brings those up to the instant whose queues or objects it touches. */
function meet(prcb: Prcb, nowNs: i64): void {
  const dpc = runningLine(prcb, prcb.topLevel()).dpc;
  if (dpc.queued) bring(changetype<Prcb>(dpc.queuedOn), prcb, nowNs);
  if (!dpc.queued) bring(targetOf(prcb, dpc), prcb, nowNs);
  endActivity(prcb, nowNs);
}

/** Activities that end at one instant: those of lower processors come first (R4). */
function bring(other: Prcb, prcb: Prcb, nowNs: i64): void {
  if (other === prcb) return;
  advance(other, nowNs, other.index < prcb.index ? nowNs + 1 : nowNs);
}

/** The earliest instant at which an ISR of this processor can queue a DPC to another one. */
function touchBoundNs(prcb: Prcb): i64 {
  let boundNs = NEVER;
  const topLevel = prcb.topLevel();
  for (let i = 0; i < prcb.foreignCount; i++) {
    const line = changetype<Line>(pointerAt(prcb.foreignLines, i));
    const hasIsr = ((prcb.levels >> line.level) & 1) != 0 && runningLine(prcb, line.level) === line;
    if (hasIsr && !line.inSend) {
      const below = line.level == topLevel ? 0 : prcb.remainingAt(line.level);
      boundNs = min(boundNs, prcb.topEndNs + below);
    } else if (line.waiting) {
      boundNs = min(boundNs, prcb.topEndNs + interruptNs + line.waitingIsrNs);
    } else if (line.moderation !== null) {
      boundNs = min(boundNs, moderatedBoundNs(line, line.moderation!));
    } else if (line.hasNext()) {
      const arrival = line.at(line.next);
      boundNs = min(boundNs, arrival.atNs + interruptNs + arrival.isrNs);
    }
  }
  return boundNs;
}

/**
 * The end of the ISR that a moderated line raises next: when its time is over, or by the arrival
 * that makes up the count, if that is drawn; one that is not comes after the window.
 */
function moderatedBoundNs(line: Line, moderation: Moderation): i64 {
  const isNew = moderation.pending == 0;
  if (isNew && !line.hasNext()) return NEVER;
  const first = line.at(line.next);
  let raiseNs = moderation.dueNs;
  if (isNew && moderation.timeNs != NEVER) raiseNs = first.atNs + moderation.timeNs;
  const lacking = moderation.count - moderation.pending;
  if (moderation.count > 0 && line.end - line.next >= lacking) {
    raiseNs = min(raiseNs, line.at(line.next + lacking - 1).atNs);
  }
  if (raiseNs == NEVER) return NEVER;
  return raiseNs + interruptNs + (isNew ? first.isrNs : moderation.isrNs);
}

/**
 * Runs a processor on its own up to `limitNs`: everything before it, but ends of activities before
 * `endLimitNs`. The caller knows that nothing touches the processor before.
 */
function advance(prcb: Prcb, limitNs: i64, endLimitNs: i64): void {
  while (true) {
    const endNs = prcb.topEndNs;
    const arrivalNs = prcb.nextArrivalNs;
    const timerNs = prcb.timerNs;
    const otherNs = min(arrivalNs, timerNs);
    if (endNs <= otherNs) {
      if (endNs >= endLimitNs) return;
      endActivity(prcb, endNs);
    } else {
      if (otherNs >= limitNs) return;
      if (arrivalNs <= timerNs) raiseNext(prcb);
      else if (prcb.nextTickNs <= prcb.threadReadyNs) tick(prcb, timerNs);
      else readyThread(prcb, timerNs);
    }
  }
}

// @ts-ignore: decorator
@inline
function raiseNext(prcb: Prcb): void {
  const line = nextArrivalLine(prcb);
  if (line.moderation !== null) {
    raiseNextModerated(prcb, line);
    return;
  }
  const arrival = line.at(line.next++);
  findNextAfter(prcb, line);
  raiseLine(line, arrival, leaveNextItem(line, arrival));
}

/** At one instant a line's arrival comes before its time (R24). */
function raiseNextModerated(prcb: Prcb, line: Line): void {
  const nowNs = prcb.nextArrivalNs;
  if (line.hasNext() && line.at(line.next).atNs == nowNs) {
    const arrival = line.at(line.next++);
    raiseModerated(line, arrival, leaveNextItem(line, arrival));
  } else {
    raiseHeld(line, nowNs);
  }
  findNextModerated(prcb, line);
}

/** Leaves the item of the arrival just taken, unless routines pull it; true when it was dropped. */
// @ts-ignore: decorator
@inline
function leaveNextItem(line: Line, arrival: Arrival): bool {
  if (line.dpc.pullFrom != 0) return false;
  line.nextItem = line.next;
  return leaveItem(line, arrival);
}
