import { Dpc } from '../records/dpc';
import { Arrival, Line } from '../records/line';
import { Prcb } from '../records/prcb';
import { Source } from '../records/source';
import { lineAt, lineCount, sourceAt } from '../records/tables';

/**
 * A routine takes the items of its object, at most its budget of them, and records for each the
 * time since it arrived (R13). The answer is the routine's work in ns: the service time of the
 * oldest item, or of the arrival that queued the object if there is none, and the per-item times.
 */
// @ts-ignore: decorator
@inline
export function takeItems(dpc: Dpc, prcb: Prcb, nowNs: i64): i64 {
  if (dpc.isTimer) return takeExpiries(dpc, prcb, nowNs);
  if (dpc.pullFrom != 0) pullItems(changetype<Line>(dpc.pullFrom), nowNs);
  let count = dpc.count;
  if (dpc.budget > 0) {
    prcb.leftOver = count > dpc.budget;
    if (prcb.leftOver) count = dpc.budget;
  }
  if (count == 0) return dpc.spareServiceNs;
  let workNs: i64 = 0;
  for (let i = 0; i < count; i++) {
    const item = dpc.pop();
    if (i == 0) workNs = item.serviceNs;
    workNs += item.extra;
    recordItem(dpc.source, prcb, nowNs - item.arrivalNs);
  }
  return workNs;
}

/** An arrival leaves its item, or drops it on a full FIFO (R5). True when it was dropped. */
// @ts-ignore: decorator
@inline
export function leaveItem(line: Line, arrival: Arrival): bool {
  if (line.dpc.push(arrival.atNs, arrival.serviceNs, arrival.perItemNs)) return false;
  line.source.dropped++;
  if (!line.source.soleLine) line.prcb.dropped++;
  return true;
}

/**
 * Leaves the items of the arrivals before `nowNs` that a foreign line has drawn. Its own processor
 * may not have come that far, but arrivals do not depend on it.
 */
export function pullItems(line: Line, nowNs: i64): void {
  while (line.nextItem != line.end) {
    const arrival = line.at(line.nextItem);
    if (arrival.atNs >= nowNs) return;
    line.nextItem++;
    leaveItem(line, arrival);
  }
}

/**
 * Leaves the items of all arrivals that have been raised: at the end of a stretch of running ahead.
 */
export function pullAll(): void {
  for (let i = 0; i < lineCount; i++) {
    const line = lineAt(i);
    if (line.dpc.pullFrom == 0) continue;
    while (line.nextItem != line.next) leaveItem(line, line.at(line.nextItem++));
  }
}

/** KiTimerExpiration: each expired timer's service time in turn (R8). */
function takeExpiries(dpc: Dpc, prcb: Prcb, nowNs: i64): i64 {
  let workNs: i64 = 0;
  while (dpc.count > 0) {
    const item = dpc.pop();
    workNs += item.serviceNs;
    sourceAt(item.extra).noteRoutine(item.serviceNs);
    recordItem(sourceAt(item.extra), prcb, nowNs - item.arrivalNs);
  }
  return workNs;
}

/** A source without a DPC: its ISR has served what its FIFO holds (R7). */
export function serveInIsr(line: Line, nowNs: i64): void {
  const dpc = line.dpc;
  while (dpc.count > 0) recordItem(line.source, line.prcb, nowNs - dpc.pop().arrivalNs);
}

// @ts-ignore: decorator
@inline
function recordItem(source: Source, prcb: Prcb, ns: i64): void {
  source.interruptToDpc.record(ns);
  if (!source.soleTarget) prcb.interruptToDpc.record(ns);
}
