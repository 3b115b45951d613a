import { WATCHDOG_NONE } from '../shared/abi';
import { LOG_HALT } from '../shared/log-layout';
import { drawAhead } from '../streams/arrivals';
import { endActivity, tick } from '../rules/completion';
import { NEVER, processorCount, untilInterrupts } from '../ground/config';
import { deliverIpi, readyThread } from '../rules/dispatch';
import { itemTotal } from '../records/dpc';
import { logEvent } from '../results/event-log';
import { EventQueue } from './event-queue';
import { lastTarget } from '../rules/insert';
import {
  arrivalTotal,
  pendingLines,
  raiseHeld,
  raiseLine,
  raiseModerated,
} from '../rules/interrupt';
import { nextIpiNs, takeIpi } from '../rules/ipi';
import { leaveItem, pullAll } from '../rules/items';
import { stopKind } from '../rules/watchdog';
import { Line } from '../records/line';
import { DEVICE_LEVELS, Prcb } from '../records/prcb';
import { Source } from '../records/source';
import { lineAt, lineCount, pointerAt, prcbAt, sourceAt, sourceCount } from '../records/tables';

/**
 * One event at a time over the whole machine, in the order of R4: for the event log, for scenarios
 * whose activities may have no length, and for the end of a run by number of interrupts.
 */
let ends: EventQueue = changetype<EventQueue>(0);
let arrivals: EventQueue = changetype<EventQueue>(0);
let ticks: EventQueue = changetype<EventQueue>(0);
let threads: EventQueue = changetype<EventQueue>(0);
let halts: EventQueue = changetype<EventQueue>(0);

/** No arrival is left to come, or none is wanted. */
let arrivalsOver: bool = false;
/** Sources that have an arrival to come. */
let sourcesToCome: i32 = 0;
/** From then on: processors that have a queued DPC or an ISR. */
let busyCount: i32 = 0;
/** Ticks of processor 0 in a row, due or skipped, without progress in between. */
let idleTicks: i32 = 0;
let progress: i64 = 0;

/** R21: a run by interrupts gives up after so many ticks without progress. */
const PATIENCE_TICKS: i32 = 1000;

export function carveLockstep(): void {
  ends = EventQueue.carve(processorCount);
  ticks = EventQueue.carve(processorCount);
  threads = EventQueue.carve(processorCount);
  halts = EventQueue.carve(processorCount);
  arrivals = EventQueue.carve(sourceCount);
  arrivalsOver = false;
  sourcesToCome = 0;
  busyCount = 0;
  idleTicks = 0;
  stepNs = 0;
}

/** Takes over from the start, or where processors that ran ahead have met. */
export function enterLockstep(): void {
  pullAll();
  for (let i = 0; i < lineCount; i++) lineAt(i).dpc.pullFrom = 0;
  for (let i = 0; i < sourceCount; i++) setArrival(sourceAt(i));
  for (let i = 0; i < processorCount; i++) setTimes(prcbAt(i));
}

/** When a source's next arrival comes, or the time of a moderated line is over (R24). */
function setArrival(source: Source): void {
  const line = nextLineOf(source);
  const comes = line !== null;
  if (comes != source.comes) {
    source.comes = comes;
    sourcesToCome += comes ? 1 : -1;
  }
  let atNs = line === null ? NEVER : line.at(line.next).atNs;
  if (source.moderated && source.lineCount > 0) {
    atNs = min(atNs, firstHeldLine(source).moderation!.dueNs);
  }
  arrivals.set(source.index, atNs);
}

/** The line of a moderated source whose time is over first, on the lowest processor. */
function firstHeldLine(source: Source): Line {
  let best = changetype<Line>(pointerAt(source.lines, 0));
  for (let i = 1; i < source.lineCount; i++) {
    const line = changetype<Line>(pointerAt(source.lines, i));
    const laterNs = line.moderation!.dueNs - best.moderation!.dueNs;
    if (laterNs < 0 || (laterNs == 0 && line.prcb.index < best.prcb.index)) best = line;
  }
  return best;
}

/**
 * The line of a source's next arrival, which has the least number of all that wait on its lines.
 */
function nextLineOf(source: Source): Line | null {
  if (arrivalsOver) return null;
  let best: Line | null = null;
  let least: u32 = 0;
  for (let i = 0; i < source.lineCount; i++) {
    const line = changetype<Line>(pointerAt(source.lines, i));
    if (!line.hasNext()) continue;
    const number = line.at(line.next).number;
    if (best !== null && <i32>(number - least) >= 0) continue;
    best = line;
    least = number;
  }
  return best;
}

function setTimes(prcb: Prcb): void {
  const index = prcb.index;
  ends.set(index, prcb.topEndNs);
  ticks.set(index, prcb.nextTickNs);
  threads.set(index, prcb.threadReadyNs);
  halts.set(index, prcb.haltEventNs);
}

/** What happened in a step: nothing was due by the limit, something was, or the run has ended. */
export const STEP_NONE: i32 = 0;
const STEP_DONE: i32 = 1;
export const STEP_LAST: i32 = 2;

/** When the last step happened. */
export let stepNs: i64 = 0;

/**
 * The next event, if it is due by `limitNs`. At equal times a class that stands first wins (R4).
 */
// @ts-ignore: decorator
@inline
export function step(limitNs: i64): i32 {
  if (stopKind != WATCHDOG_NONE || (untilInterrupts > 0 && isOver())) return STEP_LAST;
  const endsNs = ends.firstNs();
  const ipiNs = nextIpiNs();
  const arrivalNs = arrivals.firstNs();
  const tickNs = ticks.firstNs();
  const nowNs = min(
    min(min(endsNs, ipiNs), min(arrivalNs, tickNs)),
    min(threads.firstNs(), halts.firstNs()),
  );
  if (nowNs > limitNs) return STEP_NONE;
  stepNs = nowNs;
  const prcb =
    nowNs == endsNs
      ? endNext()
      : nowNs == ipiNs
        ? deliverNext()
        : nowNs == arrivalNs
          ? raiseNext()
          : nowNs == tickNs
            ? tickNext()
            : nowNs == threads.firstNs()
              ? readyNext()
              : haltNext();
  setTimes(prcb);
  if (arrivalsOver) {
    countBusy(prcb);
    countBusy(lastTarget);
  }
  return STEP_DONE;
}

// @ts-ignore: decorator
@inline
function endNext(): Prcb {
  const prcb = prcbAt(ends.first());
  endActivity(prcb, stepNs);
  if (lastTarget !== null) setTimes(lastTarget);
  return prcb;
}

function deliverNext(): Prcb {
  const prcb = takeIpi();
  deliverIpi(prcb, stepNs);
  return prcb;
}

function tickNext(): Prcb {
  const prcb = prcbAt(ticks.first());
  if (arrivalsOver && prcb.index == 0) countIdleTick();
  tick(prcb, stepNs);
  return prcb;
}

function readyNext(): Prcb {
  const prcb = prcbAt(threads.first());
  readyThread(prcb, stepNs);
  return prcb;
}

function haltNext(): Prcb {
  const prcb = prcbAt(halts.first());
  prcb.haltEventNs = NEVER;
  logEvent(stepNs, prcb, LOG_HALT);
  return prcb;
}

/** Raises the next arrival of the machine, or a held interrupt whose time is over (R24). */
// @ts-ignore: decorator
@inline
function raiseNext(): Prcb {
  const source = sourceAt(arrivals.first());
  if (source.moderated && !hasArrivalNow(source)) return raiseNextHeld(source);
  const line = nextLineOf(source)!;
  const arrival = line.at(line.next);
  line.next++;
  line.nextItem = line.next;
  const dropped = leaveItem(line, arrival);
  if (source.moderated) raiseModerated(line, arrival, dropped);
  else raiseLine(line, arrival, dropped);
  if (!line.hasNext()) drawAhead(source);
  setArrival(source);
  if (untilInterrupts > 0 && arrivalTotal >= untilInterrupts) endArrivals();
  return line.prcb;
}

/** At one instant a source's arrivals come before its times. */
function hasArrivalNow(source: Source): bool {
  const line = nextLineOf(source);
  return line !== null && line.at(line.next).atNs == stepNs;
}

function raiseNextHeld(source: Source): Prcb {
  const line = firstHeldLine(source);
  raiseHeld(line, stepNs);
  setArrival(source);
  return line.prcb;
}

/** No arrival comes from now on; held interrupts are raised all the same. */
function endArrivals(): void {
  arrivalsOver = true;
  idleTicks = 0;
  progress = servedSoFar();
  for (let i = 0; i < sourceCount; i++) setArrival(sourceAt(i));
  for (let i = 0; i < processorCount; i++) countBusy(prcbAt(i));
}

/** Progress is an ISR accepted or a device's DPC taken; timers alone would go on for ever. */
function countIdleTick(): void {
  const served = servedSoFar();
  idleTicks = served == progress ? idleTicks + 1 : 0;
  progress = served;
}

function servedSoFar(): i64 {
  let served: i64 = 0;
  for (let i = 0; i < sourceCount; i++) served += sourceAt(i).isrs + sourceAt(i).dpcs;
  return served;
}

/** Did a run by interrupts end without having served everything? */
export function hasGivenUp(): bool {
  return arrivalsOver && idleTicks >= PATIENCE_TICKS && stopKind == WATCHDOG_NONE;
}

/** Keeps the number of processors that have a queued DPC, an ISR, or a device interrupt waiting. */
function countBusy(prcb: Prcb): void {
  if (prcb === null) return;
  const isrs = (prcb.levels | prcb.waitingLevels) & DEVICE_LEVELS;
  const busy = prcb.depth + prcb.threadedDepth > 0 || isrs != 0;
  if (busy == prcb.countedBusy) return;
  prcb.countedBusy = busy;
  busyCount += busy ? 1 : -1;
}

/** R21, of a run by interrupts: nothing is left to serve, or nothing has been served for long. */
function isOver(): bool {
  if (!arrivalsOver) {
    if (sourcesToCome > 0) return false;
    endArrivals();
  }
  return (busyCount == 0 && itemTotal == 0 && pendingLines == 0) || hasGivenUp();
}
