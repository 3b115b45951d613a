import {
  LOG_ARRIVAL,
  LOG_BYTES,
  LOG_CAPACITY,
  LOG_DPC_END,
  LOG_DPC_START,
  LOG_DRAIN_END,
  LOG_DRAIN_START,
  LOG_INSERT,
  LOG_RAISE,
  LOG_SECTIONS,
  LOG_TICK,
  LOG_WATCHDOG,
} from '../shared/log-layout';
import { eventLog, logDetails } from '../ground/config';
import { Dpc } from '../records/dpc';
import { carve } from '../ground/memory';
import { Prcb } from '../records/prcb';
import { Source } from '../records/source';

/**
 * The event log (section 10): a buffer of fixed records that the host empties. Only the debug build
 * can write it; in the release build every call folds away.
 *
 * One event of the machine writes few records, so the host is asked to read when less than
 * LOG_MARGIN of them are free. A drain of routines without length is many events, not one.
 */
const LOG_MARGIN: i32 = 4096;

let buffer: usize = 0;
let used: i32 = 0;

export function carveLog(): void {
  used = 0;
  buffer = eventLog ? carve(<usize>LOG_CAPACITY * LOG_BYTES) : 0;
}

export function logAddress(): usize {
  return buffer;
}

/** Records written since the last call; the host reads them before it runs on. */
export function takeLog(): i32 {
  const count = used;
  used = 0;
  return count;
}

export function logIsFull(): bool {
  return used > LOG_CAPACITY - LOG_MARGIN;
}

function write(
  nowNs: i64,
  prcb: Prcb,
  event: i32,
  flag: bool,
  outcome: i32,
  a: u32,
  b: u32,
  value: i64,
): void {
  assert(used < LOG_CAPACITY, 'room in the event log');
  const record = buffer + <usize>used * LOG_BYTES;
  store<i64>(record, nowNs);
  store<u32>(record, prcb.index, 8);
  store<u8>(record, <u8>event, 12);
  store<u8>(record, flag ? 1 : 0, 13);
  store<u16>(record, <u16>outcome, 14);
  store<u32>(record, a, 16);
  store<u32>(record, b, 20);
  store<i64>(record, value, 24);
  used++;
}

// @ts-ignore: decorator
@inline
export function logEvent(nowNs: i64, prcb: Prcb, event: i32): void {
  if (!ASC_NO_ASSERT) {
    if (eventLog) write(nowNs, prcb, event, false, 0, 0, 0, 0);
  }
}

/** What the events leave out; written only where the host asks for details. */
// @ts-ignore: decorator
@inline
export function logDetail(nowNs: i64, prcb: Prcb, event: i32, value: i64 = 0): void {
  if (!ASC_NO_ASSERT) {
    if (logDetails) write(nowNs, prcb, event, false, 0, 0, 0, value);
  }
}

/** The sections of the thread that has just become the bottom (R17). */
// @ts-ignore: decorator
@inline
export function logSections(nowNs: i64, prcb: Prcb): void {
  if (!ASC_NO_ASSERT) {
    if (logDetails) {
      const dispatchNs = prcb.dispatchSectionNs;
      const high = <u32>(dispatchNs >>> 32);
      write(nowNs, prcb, LOG_SECTIONS, false, 0, <u32>dispatchNs, high, prcb.passiveNs);
    }
  }
}

// @ts-ignore: decorator
@inline
export function logArrival(
  nowNs: i64,
  prcb: Prcb,
  source: Source,
  outcome: i32,
  dropped: bool,
): void {
  if (!ASC_NO_ASSERT) {
    if (eventLog) write(nowNs, prcb, LOG_ARRIVAL, dropped, outcome, source.index, 0, 0);
  }
}

// @ts-ignore: decorator
@inline
export function logRaise(nowNs: i64, prcb: Prcb, source: Source, outcome: i32): void {
  if (!ASC_NO_ASSERT) {
    if (eventLog) write(nowNs, prcb, LOG_RAISE, false, outcome, source.index, 0, 0);
  }
}

// @ts-ignore: decorator
@inline
export function logWatchdog(
  nowNs: i64,
  prcb: Prcb,
  isDispatch: bool,
  culprit: i32,
  name: u32,
): void {
  if (!ASC_NO_ASSERT) {
    if (eventLog) write(nowNs, prcb, LOG_WATCHDOG, isDispatch, culprit, name, 0, 0);
  }
}

// @ts-ignore: decorator
@inline
export function logIsr(nowNs: i64, prcb: Prcb, event: i32, source: Source): void {
  if (!ASC_NO_ASSERT) {
    if (eventLog) write(nowNs, prcb, event, false, 0, source.index, 0, 0);
  }
}

// @ts-ignore: decorator
@inline
export function logInsert(
  nowNs: i64,
  prcb: Prcb,
  dpc: Dpc,
  target: Prcb,
  depth: i32,
  request: i32,
): void {
  if (!ASC_NO_ASSERT) {
    if (eventLog) write(nowNs, prcb, LOG_INSERT, depth > 0, request, dpc.name, target.index, depth);
  }
}

// @ts-ignore: decorator
@inline
export function logDrainStart(nowNs: i64, prcb: Prcb, isIdle: bool): void {
  if (!ASC_NO_ASSERT) {
    if (eventLog) write(nowNs, prcb, LOG_DRAIN_START, isIdle, 0, 0, 0, 0);
  }
}

// @ts-ignore: decorator
@inline
export function logDrainEnd(nowNs: i64, prcb: Prcb): void {
  if (!ASC_NO_ASSERT) {
    if (eventLog) write(nowNs, prcb, LOG_DRAIN_END, false, 0, 0, 0, prcb.drained);
  }
}

// @ts-ignore: decorator
@inline
export function logDpcStart(nowNs: i64, prcb: Prcb, dpc: Dpc, items: i32, waitNs: i64): void {
  if (!ASC_NO_ASSERT) {
    if (eventLog) write(nowNs, prcb, LOG_DPC_START, false, 0, dpc.name, items, waitNs);
  }
}

// @ts-ignore: decorator
@inline
export function logDpcEnd(nowNs: i64, prcb: Prcb, dpc: Dpc): void {
  if (!ASC_NO_ASSERT) {
    if (eventLog) write(nowNs, prcb, LOG_DPC_END, false, 0, dpc.name, 0, 0);
  }
}

// @ts-ignore: decorator
@inline
export function logTick(nowNs: i64, prcb: Prcb, rescue: bool): void {
  if (!ASC_NO_ASSERT) {
    if (eventLog) {
      write(nowNs, prcb, LOG_TICK, rescue, 0, prcb.requestRate, prcb.drainRate, prcb.maximumDepth);
    }
  }
}
