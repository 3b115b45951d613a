import {
  ARRIVALS_AT,
  ARRIVALS_BURSTS,
  ARRIVALS_NONE,
  ARRIVALS_PERIODIC,
  ARRIVALS_RECORDING,
  ARRIVALS_RENEWAL,
  DISTRIBUTION_A,
  MAX_TIME_NS,
  MAX_WORK_NS,
  RECORDED_SLOTS,
  SOURCE_ARRIVALS,
  SOURCE_OFF,
  SOURCE_ON,
  SOURCE_PERIOD_NS,
  SOURCE_START_NS,
  SOURCE_TABLE_COUNT,
  SOURCE_TABLE_SLOT,
} from '../shared/abi';
import { slot, slotFloat, recordedNs, recordedProcessor } from '../ground/config';
import {
  distributionSlot,
  drawNs,
  drawWorkNs,
  fillWorkNs,
  isShortExponential,
} from './distribution';
import { Arrival, ARRIVAL_BYTES, Line } from '../records/line';
import { fillExponential } from '../ground/random';
import { Source } from '../records/source';
import { pointerAt } from '../records/tables';

/**
 * Phases in a row without an arrival after which a bursty source is taken to be silent for good.
 */
const EMPTY_PHASES: i32 = 1000000;

/**
 * Draws arrivals of a source ahead into the rings of its lines, until one of the rings is full. An
 * arrival is a function of the source's streams alone: what the machine does never changes it.
 */
export function drawAhead(source: Source): void {
  if (source.exhausted) return;
  const kind = <i32>slot(source.record + SOURCE_ARRIVALS);
  if (kind == ARRIVALS_RENEWAL && source.lineCount == 1 && isShortExponential(source.gap)) {
    fillPoisson(source, changetype<Line>(pointerAt(source.lines, 0)));
    return;
  }
  while (nextLineHasRoom(source, kind)) {
    if (!drawOne(source, kind)) return;
  }
}

/** Fills the ring with Poisson arrivals on one line, which are most: draws column by column. */
function fillPoisson(source: Source, line: Line): void {
  const mean = slotFloat(source.gap + DISTRIBUTION_A);
  if (line.next == line.end) line.prcb.arrivalsChanged = true;
  for (let room = line.room(); room > 0; room = line.room()) {
    const place = line.end & line.mask;
    const count = min<u32>(room, line.mask + 1 - place);
    const first = changetype<usize>(line.at(place));
    const numbers = first + offsetof<Arrival>('number');
    fillExponential(source.gaps, mean, u32.MAX_VALUE, numbers, ARRIVAL_BYTES, count);
    let atNs = source.lastNs;
    let number = <u32>source.drawn;
    const end = first + <usize>count * ARRIVAL_BYTES;
    for (let at = first; at < end; at += ARRIVAL_BYTES) {
      const arrival = changetype<Arrival>(at);
      atNs += <i64>arrival.number;
      arrival.atNs = atNs;
      arrival.number = number++;
    }
    const isrs = first + offsetof<Arrival>('isrNs');
    const services = first + offsetof<Arrival>('serviceNs');
    const perItems = first + offsetof<Arrival>('perItemNs');
    fillWorkNs(source.isr, source.isrTimes, isrs, ARRIVAL_BYTES, count);
    fillWorkNs(source.service, source.services, services, ARRIVAL_BYTES, count);
    fillWorkNs(source.perItem, source.perItems, perItems, ARRIVAL_BYTES, count);
    source.lastNs = atNs;
    source.drawn += count;
    line.end += count;
    if (atNs > MAX_TIME_NS) {
      source.exhausted = true;
      return;
    }
  }
}

/** The line that the next arrival of a source goes to (R18). */
function routeNext(source: Source, kind: i32): Line {
  if (kind == ARRIVALS_RECORDING) {
    const recorded =
      <i32>slot(source.record + SOURCE_TABLE_SLOT) + <i32>source.drawn * RECORDED_SLOTS;
    return changetype<Line>(pointerAt(source.route, recordedProcessor(slot(recorded))));
  }
  return changetype<Line>(pointerAt(source.route, source.routeAt));
}

function nextLineHasRoom(source: Source, kind: i32): bool {
  if (kind == ARRIVALS_RECORDING && source.drawn >= slot(source.record + SOURCE_TABLE_COUNT)) {
    source.exhausted = true;
    return false;
  }
  return routeNext(source, kind).room() > 0;
}

function drawOne(source: Source, kind: i32): bool {
  const atNs = nextArrivalNs(source, kind);
  if (atNs > MAX_TIME_NS) {
    source.exhausted = true;
    return false;
  }
  const line = routeNext(source, kind);
  const arrival = line.at(line.end);
  arrival.atNs = atNs;
  arrival.number = <u32>source.drawn;
  if (kind == ARRIVALS_RECORDING) {
    const recorded =
      <i32>slot(source.record + SOURCE_TABLE_SLOT) + <i32>source.drawn * RECORDED_SLOTS;
    const work = <u64>slot(recorded + 1);
    arrival.isrNs = <u32>min<u64>(work & 0xffffffff, MAX_WORK_NS);
    arrival.serviceNs = <u32>min<u64>(work >> 32, MAX_WORK_NS);
    arrival.perItemNs = drawWorkNs(source.perItem, source.perItems);
  } else {
    if (++source.routeAt == source.routeLength) source.routeAt = 0;
    if (source.constantWork) {
      arrival.isrNs = source.constantIsrNs;
      arrival.serviceNs = source.constantServiceNs;
      arrival.perItemNs = source.constantPerItemNs;
    } else {
      arrival.isrNs = drawWorkNs(source.isr, source.isrTimes);
      arrival.serviceNs = drawWorkNs(source.service, source.services);
      arrival.perItemNs = drawWorkNs(source.perItem, source.perItems);
    }
  }
  source.lastNs = atNs;
  source.drawn++;
  if (line.next == line.end) line.prcb.arrivalsChanged = true;
  line.end++;
  return true;
}

function nextArrivalNs(source: Source, kind: i32): i64 {
  if (kind == ARRIVALS_RENEWAL) return source.lastNs + drawNs(source.gap, source.gaps);
  if (kind == ARRIVALS_PERIODIC) {
    const onTimeNs =
      slot(source.record + SOURCE_START_NS) + source.drawn * slot(source.record + SOURCE_PERIOD_NS);
    return max(source.lastNs, onTimeNs + drawNs(source.gap, source.gaps));
  }
  if (kind == ARRIVALS_BURSTS) return nextInBurstNs(source);
  if (kind == ARRIVALS_NONE || source.drawn >= slot(source.record + SOURCE_TABLE_COUNT)) {
    return i64.MAX_VALUE;
  }
  const first = <i32>slot(source.record + SOURCE_TABLE_SLOT);
  if (kind == ARRIVALS_AT) return slot(first + <i32>source.drawn);
  return recordedNs(slot(first + <i32>source.drawn * RECORDED_SLOTS));
}

/** On phases carry arrivals, off phases none; a gap that runs out of its phase is lost. */
function nextInBurstNs(source: Source): i64 {
  for (let tries = 0; tries < EMPTY_PHASES; tries++) {
    const atNs = source.lastNs + drawNs(source.gap, source.gaps);
    if (atNs < source.phaseEndNs) return atNs;
    const off = drawNs(phase(source, SOURCE_OFF), source.phases);
    source.lastNs = source.phaseEndNs + off;
    source.phaseEndNs = source.lastNs + drawNs(phase(source, SOURCE_ON), source.phases);
    if (source.lastNs > MAX_TIME_NS) break;
  }
  return i64.MAX_VALUE;
}

function phase(source: Source, field: i32): i32 {
  return distributionSlot(<i32>slot(source.record + field));
}

/** Sets the streams' clocks to the start; call once, before the first draw. */
export function startArrivals(source: Source): void {
  const kind = <i32>slot(source.record + SOURCE_ARRIVALS);
  source.lastNs = slot(source.record + SOURCE_START_NS);
  if (kind == ARRIVALS_BURSTS) {
    source.phaseEndNs = source.lastNs + drawNs(phase(source, SOURCE_ON), source.phases);
  }
}
