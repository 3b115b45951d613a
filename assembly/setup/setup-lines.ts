import {
  ARRIVALS_RECORDING,
  IMPORTANCE_MEDIUM,
  RECORDED_SLOTS,
  SOURCE_ARRIVALS,
  SOURCE_BUDGET,
  SOURCE_FIFO,
  SOURCE_HAS_DPC,
  SOURCE_IMPORTANCE,
  SOURCE_IS_TIMER,
  SOURCE_PER_PROCESSOR,
  SOURCE_PROCESSORS_COUNT,
  SOURCE_PROCESSORS_SLOT,
  SOURCE_TABLE_COUNT,
  SOURCE_MODERATION_COUNT,
  SOURCE_MODERATION_TIME_NS,
  SOURCE_TABLE_SLOT,
  SOURCE_TARGET,
  SOURCE_THREADED,
  TARGET_CURRENT,
  TARGET_ROUND_ROBIN,
} from '../shared/abi';
import { LOG_NO_PROCESSOR, LOG_TIMER_DPC } from '../shared/log-layout';
import { NEVER, processorCount, slot, recordedProcessor } from '../ground/config';
import { Dpc, Item } from '../records/dpc';
import { ARRIVAL_BYTES, Line } from '../records/line';
import { carve, memoryFailed } from '../ground/memory';
import { Moderation } from '../records/moderation';
import { CLOCK_LEVEL, Prcb } from '../records/prcb';
import { Source } from '../records/source';
import {
  lineAt,
  lineCount,
  pointerAt,
  setPointerAt,
  prcbAt,
  setLines,
  sourceAt,
  sourceCount,
} from '../records/tables';

/** Items in the FIFO of a KiTimerExpiration (section 10). */
export const TIMER_FIFO: i32 = 1024;

/**
 * Arrivals drawn ahead for each line. Long rings make long stretches in which processors run on
 * their own; many long rings fall out of the caches.
 */
function ringLength(count: i32): u32 {
  if (count <= 64) return 256;
  return count <= 512 ? 128 : 64;
}

/** Makes a line for each pair of a source and a processor, and the tables that find them. */
export function carveLines(): bool {
  const table = carve(<usize>countAndRoute(0) * offsetof<Line>());
  if (memoryFailed()) return false;
  setLines(table, 0);
  setLines(table, countAndRoute(table));
  const length = ringLength(lineCount);
  for (let i = 0; i < lineCount; i++) {
    const line = lineAt(i);
    line.mask = length - 1;
    line.ring = carve(<usize>length * ARRIVAL_BYTES);
    if (line.source.moderated) line.moderation = carveModeration(line.source);
    line.prcb.lineCount++;
  }
  if (memoryFailed()) return false;
  for (let i = 0; i < processorCount; i++) indexLines(prcbAt(i));
  return !memoryFailed();
}

function carveModeration(source: Source): Moderation {
  const moderation = changetype<Moderation>(carve(offsetof<Moderation>()));
  if (memoryFailed()) return moderation;
  const timeNs = slot(source.record + SOURCE_MODERATION_TIME_NS);
  moderation.timeNs = timeNs < 0 ? NEVER : timeNs;
  moderation.count = <u32>slot(source.record + SOURCE_MODERATION_COUNT);
  moderation.pending = 0;
  moderation.dueNs = NEVER;
  return moderation;
}

/**
 * Walks the routing of every source and numbers its lines in the order in which they first appear.
 * With `table` 0 it only counts; else it fills in the lines and each source's route.
 */
function countAndRoute(table: usize): i32 {
  // For each processor the last line made for it, plus one: this source's if it is not older.
  const latest = carve((<usize>processorCount) << 2);
  if (memoryFailed()) return 0;
  let count = 0;
  for (let s = 0; s < sourceCount; s++) {
    const source = sourceAt(s);
    if (slot(source.record + SOURCE_IS_TIMER) != 0) continue;
    const recorded = slot(source.record + SOURCE_ARRIVALS) == ARRIVALS_RECORDING;
    const stride = recorded ? RECORDED_SLOTS : 1;
    const first = <i32>(
      slot(source.record + (recorded ? SOURCE_TABLE_SLOT : SOURCE_PROCESSORS_SLOT))
    );
    const length = <i32>(
      slot(source.record + (recorded ? SOURCE_TABLE_COUNT : SOURCE_PROCESSORS_COUNT))
    );
    const firstLine = count;
    if (table != 0) {
      source.routeLength = recorded ? processorCount : length;
      source.route = carve((<usize>source.routeLength) << 2);
      if (memoryFailed()) return 0;
    }
    for (let i = 0; i < length; i++) {
      const word = slot(first + i * stride);
      const processor = recorded ? <i32>recordedProcessor(word) : <i32>word;
      const place = latest + ((<usize>processor) << 2);
      if (load<i32>(place) <= firstLine) {
        store<i32>(place, ++count);
        if (table != 0) makeLine(lineAt(count - 1), source, prcbAt(processor));
      }
      if (table != 0) {
        const line = changetype<usize>(lineAt(load<i32>(place) - 1));
        store<usize>(source.route + ((<usize>(recorded ? processor : i)) << 2), line);
      }
    }
    if (table != 0) attachSourceLines(source, firstLine, count);
  }
  return count;
}

function makeLine(line: Line, source: Source, prcb: Prcb): void {
  line.source = source;
  line.prcb = prcb;
  line.level = source.level;
}

function attachSourceLines(source: Source, first: i32, end: i32): void {
  source.lineCount = end - first;
  source.lines = carve((<usize>source.lineCount) << 2);
  if (memoryFailed()) return;
  for (let i = first; i < end; i++) {
    store<usize>(source.lines + ((<usize>(i - first)) << 2), changetype<usize>(lineAt(i)));
  }
}

/** Fills a processor's two tables of lines: by source, and by IRQL then source. */
function indexLines(prcb: Prcb): void {
  prcb.lines = carve((<usize>prcb.lineCount) << 2);
  prcb.arrivalKeys = carve(max<usize>(prcb.lineCount, 1) << 3);
  prcb.linesByLevel = carve((<usize>prcb.lineCount) << 2);
  prcb.byLevelStart = carve((<usize>(CLOCK_LEVEL + 2)) << 2);
  prcb.nextArrivalNs = NEVER;
  if (memoryFailed()) return;
  store<i64>(prcb.arrivalKeys, NEVER);
  let count = 0;
  for (let i = 0; i < lineCount && count < prcb.lineCount; i++) {
    const line = lineAt(i);
    if (line.prcb !== prcb) continue;
    setPointerAt(prcb.lines, count++, changetype<usize>(line));
  }
  count = 0;
  for (let level: u32 = 0; level <= CLOCK_LEVEL; level++) {
    store<i32>(prcb.byLevelStart + ((<usize>level) << 2), count);
    for (let i = 0; i < prcb.lineCount; i++) {
      const line = pointerAt(prcb.lines, i);
      if (changetype<Line>(line).level != level) continue;
      setPointerAt(prcb.linesByLevel, count++, line);
    }
  }
}

/**
 * Makes the DPC objects (R20), each with its FIFO; a source without a DPC keeps a FIFO all the
 * same.
 */
export function carveObjects(): bool {
  for (let s = 0; s < sourceCount; s++) {
    const source = sourceAt(s);
    if (slot(source.record + SOURCE_IS_TIMER) != 0) continue;
    const perProcessor = slot(source.record + SOURCE_PER_PROCESSOR) != 0;
    let dpc = changetype<Dpc>(0);
    for (let i = 0; i < source.lineCount; i++) {
      const line = changetype<Line>(pointerAt(source.lines, i));
      if (i == 0 || perProcessor) {
        dpc = carveObject(source, perProcessor ? line.prcb.index : LOG_NO_PROCESSOR);
        if (memoryFailed()) return false;
      }
      line.dpc = dpc;
      source.soleLine = source.lineCount == 1;
      source.soleTarget = isSoleTarget(source, dpc);
      line.foreign = source.hasDpc && isForeign(dpc, line, perProcessor);
    }
  }
  for (let i = 0; i < processorCount; i++) {
    const dpc = carveDpc(TIMER_FIFO);
    if (memoryFailed()) return false;
    dpc.isTimer = true;
    dpc.importance = <u8>IMPORTANCE_MEDIUM;
    dpc.target = TARGET_CURRENT;
    dpc.name = LOG_TIMER_DPC | (i << 16);
    prcbAt(i).timerDpc = dpc;
  }
  return true;
}

/** Do all DPCs of the source run on one processor, or its ISRs where it has no DPC? */
function isSoleTarget(source: Source, dpc: Dpc): bool {
  if (source.hasDpc && dpc.target >= 0) return true;
  return source.lineCount == 1 && !(source.hasDpc && dpc.target == TARGET_ROUND_ROBIN);
}

/** Can an ISR of this line touch a queue or an object that another processor touches too? */
function isForeign(dpc: Dpc, line: Line, perProcessor: bool): bool {
  const staysHere = dpc.target == TARGET_CURRENT || dpc.target == line.prcb.index;
  return !staysHere || (!perProcessor && line.source.lineCount > 1);
}

function carveObject(source: Source, processor: i32): Dpc {
  const dpc = carveDpc(<i32>slot(source.record + SOURCE_FIFO));
  if (memoryFailed()) return dpc;
  dpc.source = source;
  dpc.name = source.index | (processor << 16);
  if (slot(source.record + SOURCE_HAS_DPC) == 0) return dpc;
  dpc.importance = <u8>slot(source.record + SOURCE_IMPORTANCE);
  dpc.target = <i32>slot(source.record + SOURCE_TARGET);
  dpc.budget = <i32>slot(source.record + SOURCE_BUDGET);
  dpc.threaded = slot(source.record + SOURCE_THREADED) != 0;
  return dpc;
}

function carveDpc(capacity: i32): Dpc {
  const dpc = changetype<Dpc>(carve(offsetof<Dpc>()));
  if (!memoryFailed()) dpc.capacity = capacity;
  return dpc;
}

/** Carves the places of all FIFOs. */
export function carveFifos(): void {
  for (let i = 0; i < lineCount; i++) carveFifo(lineAt(i).dpc);
  for (let i = 0; i < processorCount; i++) carveFifo(prcbAt(i).timerDpc);
}

function carveFifo(dpc: Dpc): void {
  if (dpc.items == 0) dpc.items = carve(<usize>dpc.capacity * offsetof<Item>());
}
