import { inputError } from '../errors.js';
import { formatCount } from '../units.js';
import { MAX_RECORDED_ARRIVALS } from './recording.js';

/** Which end of a routine a recorder's stamp is. */
export type StampedEnd = 'entry' | 'exit';
export type RoutineKind = 'dpc' | 'isr';

/** What a recorder wrote of a DPC routine or an ISR once it was over. */
export interface RoutineSpan {
  kind: RoutineKind;
  processor: number;
  stampNs: number;
  durationNs: number;
  /** Index into the names of `RoutineSpans`. */
  name: number;
  /** The duration leaves out what interrupted it. */
  isExclusive: boolean;
}

/** The instants at which a processor changed threads, and to which: the idle loop or another. */
export interface ThreadSwitch {
  processor: number;
  atNs: number;
  isIdle: boolean;
}

/** Small: most tests and many files have few. */
const FIRST_CAPACITY = 1024;

/**
 * Columns that double as they fill: a recording may have millions of routines, of which objects
 * would take as many times the memory.
 */
class Columns {
  length = 0;
  processor = new Uint16Array(FIRST_CAPACITY);
  /** The stamp, or the instant. */
  atNs = new Float64Array(FIRST_CAPACITY);

  /** The place of one more. */
  protected next(): number {
    if (this.length === MAX_RECORDED_ARRIVALS) throw tooMany();
    if (this.length === this.atNs.length) this.grow(2 * this.length);
    return this.length++;
  }

  protected grow(capacity: number): void {
    this.processor = grown(this.processor, new Uint16Array(capacity));
    this.atNs = grown(this.atNs, new Float64Array(capacity));
  }
}

class RoutineColumns extends Columns {
  durationNs = new Float64Array(FIRST_CAPACITY);
  name = new Uint32Array(FIRST_CAPACITY);
  isIsr = new Uint8Array(FIRST_CAPACITY);
  isExclusive = new Uint8Array(FIRST_CAPACITY);

  add({ kind, processor, stampNs, durationNs, name, isExclusive }: RoutineSpan): void {
    const i = this.next();
    this.processor[i] = processor;
    this.atNs[i] = stampNs;
    this.durationNs[i] = durationNs;
    this.name[i] = name;
    this.isIsr[i] = Number(kind === 'isr');
    this.isExclusive[i] = Number(isExclusive);
  }

  protected override grow(capacity: number): void {
    super.grow(capacity);
    this.durationNs = grown(this.durationNs, new Float64Array(capacity));
    this.name = grown(this.name, new Uint32Array(capacity));
    this.isIsr = grown(this.isIsr, new Uint8Array(capacity));
    this.isExclusive = grown(this.isExclusive, new Uint8Array(capacity));
  }

  /** When it was entered, if the stamp is that end of it. */
  entryNs(i: number, stamped: StampedEnd): number {
    return stamped === 'entry' ? this.atNs[i] : this.atNs[i] - this.durationNs[i];
  }
}

class SwitchColumns extends Columns {
  isIdle = new Uint8Array(FIRST_CAPACITY);

  add({ processor, atNs, isIdle }: ThreadSwitch): void {
    const i = this.next();
    this.processor[i] = processor;
    this.atNs[i] = atNs;
    this.isIdle[i] = Number(isIdle);
  }

  protected override grow(capacity: number): void {
    super.grow(capacity);
    this.isIdle = grown(this.isIdle, new Uint8Array(capacity));
  }
}

function grown<T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Routines and thread switches of a recording without entries and exits of their own. */
export class RoutineSpans {
  readonly routines = new RoutineColumns();
  readonly switches = new SwitchColumns();
  readonly names: string[] = [];
  private readonly places = new Map<string, number>();

  nameIndex(name: string): number {
    let index = this.places.get(name);
    if (index === undefined) {
      index = this.names.push(name) - 1;
      this.places.set(name, index);
    }
    return index;
  }

  add(span: RoutineSpan): void {
    this.routines.add(span);
  }

  addSwitch(change: ThreadSwitch): void {
    this.switches.add(change);
  }
}

function tooMany(): Error {
  return inputError(
    `the recording has more than ${formatCount(MAX_RECORDED_ARRIVALS)} routines or switches`,
    'export a shorter part of it',
  );
}

/** Places in the columns, by processor in the order in which processors appear. */
export function placesByProcessor({ processor, length }: Columns): Map<number, Uint32Array> {
  const counts = new Map<number, number>();
  for (let i = 0; i < length; i++) counts.set(processor[i], (counts.get(processor[i]) ?? 0) + 1);
  const groups = new Map<number, Uint32Array>();
  for (const [each, count] of counts) groups.set(each, new Uint32Array(count));
  counts.clear();
  for (let i = 0; i < length; i++) {
    const at = counts.get(processor[i]) ?? 0;
    groups.get(processor[i])![at] = i;
    counts.set(processor[i], at + 1);
  }
  return groups;
}

/**
 * Sorts places; what compares equal stays in the order of places. Recorders write nearly in order,
 * which the sort of plain lists is quick at, unlike that of typed arrays.
 */
export function sortPlaces(
  places: Uint32Array,
  compare: (a: number, b: number) => number,
): Uint32Array {
  const full = (a: number, b: number): number => compare(a, b) || a - b;
  for (let i = 1; i < places.length; i++) {
    if (full(places[i - 1], places[i]) < 0) continue;
    places.set(Array.from(places).sort(full));
    break;
  }
  return places;
}

/** So many contradictions are no accident, and the other reading has at most a quarter of them. */
const LEAST_CONTRADICTIONS = 3;
const CLEARLY_FEWER = 4;

/** How well the file fits either reading of its stamps. */
export interface StampEvidence {
  /** Null: the file does not tell. */
  end: StampedEnd | null;
  contradictions: Record<StampedEnd, number>;
}

/**
 * Finds out which end of a routine the stamps are. On one processor DPC routines follow each other,
 * an ISR lies within what it interrupts, and no thread is switched to while either runs; the
 * reading under which that fails more often is wrong. Stamps may be off by `stepNs`.
 */
export function findStampedEnd(spans: RoutineSpans, stepNs: number): StampEvidence {
  const contradictions = {
    entry: contradictionsOf(spans, 'entry', stepNs),
    exit: contradictionsOf(spans, 'exit', stepNs),
  };
  const { entry, exit } = contradictions;
  const isClear =
    Math.max(entry, exit) >= LEAST_CONTRADICTIONS &&
    CLEARLY_FEWER * Math.min(entry, exit) <= Math.max(entry, exit);
  return { end: isClear ? (entry < exit ? 'entry' : 'exit') : null, contradictions };
}

function contradictionsOf(
  { routines, switches }: RoutineSpans,
  end: StampedEnd,
  stepNs: number,
): number {
  const { durationNs, isIsr } = routines;
  const entry = (i: number): number => routines.entryNs(i, end);
  const exit = (i: number): number => entry(i) + durationNs[i];
  const bySwitch = placesByProcessor(switches);
  let count = 0;
  for (const [processor, own] of placesByProcessor(routines)) {
    sortPlaces(own, (a, b) => entry(a) - entry(b) || exit(b) - exit(a));
    const changes = bySwitch.get(processor) ?? new Uint32Array();
    sortPlaces(changes, (a, b) => switches.atNs[a] - switches.atNs[b]);
    let next = 0;
    const open: number[] = [];
    for (const i of own) {
      while (open.length > 0 && exit(open[open.length - 1]) - stepNs <= entry(i)) open.pop();
      const outer = open.at(-1);
      const isCrossing = outer !== undefined && exit(i) > exit(outer) + stepNs;
      if (outer !== undefined && (isCrossing || isIsr[i] === 0)) count += 1;
      open.push(i);
      while (next < changes.length && switches.atNs[changes[next]] <= entry(i) + stepNs) next += 1;
      if (next < changes.length && switches.atNs[changes[next]] < exit(i) - stepNs) count += 1;
    }
  }
  return count;
}

/** Routines in their places on their processors, each outside or within any other there. */
export interface PlacedRoutines {
  /** By processor: the routines in the order of their entries. */
  order: Map<number, Uint32Array>;
  entryNs: Float64Array;
  /** With what interrupted it in it. */
  exitNs: Float64Array;
  /** Routines that overlap another by more than the step of the stamps. */
  overlaps: number;
}

/**
 * Places routines so that they nest. Where stamps overlap, be it by rounding, the later routine is
 * moved to the end of the earlier one: durations are what was measured.
 */
export function placeRoutines(
  { routines }: RoutineSpans,
  end: StampedEnd,
  stepNs: number,
): PlacedRoutines {
  const { durationNs, isIsr, length } = routines;
  const entryNs = new Float64Array(length);
  const exitNs = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    entryNs[i] = routines.entryNs(i, end);
    exitNs[i] = entryNs[i] + durationNs[i];
  }
  const placed = { order: placesByProcessor(routines), entryNs, exitNs, overlaps: 0 };
  for (const own of placed.order.values()) {
    // At one instant the DPC comes first: an ISR interrupts it.
    sortPlaces(
      own,
      (a, b) => entryNs[a] - entryNs[b] || exitNs[b] - exitNs[a] || isIsr[a] - isIsr[b],
    );
    const open: number[] = [];
    for (const i of own) place(i, open, placed, routines, stepNs);
  }
  return placed;
}

/** Puts a routine within, or behind, the ones that are open. */
function place(
  i: number,
  open: number[],
  placed: PlacedRoutines,
  { durationNs, isExclusive, isIsr }: RoutineColumns,
  stepNs: number,
): void {
  const { entryNs, exitNs } = placed;
  while (open.length > 0) {
    const outer = open[open.length - 1];
    const overlapNs = exitNs[outer] - entryNs[i];
    // What is moved begins later than it was stamped, and may have left others behind.
    const mayNest = entryNs[i] >= entryNs[outer] && (isIsr[i] === 1 || isIsr[outer] === 0);
    if (overlapNs > 0 && mayNest && (exitNs[i] <= exitNs[outer] || isExclusive[outer] === 1)) {
      if (isExclusive[outer] === 1) {
        for (const each of open) if (isExclusive[each] === 1) exitNs[each] += durationNs[i];
      }
      break;
    }
    open.pop();
    if (overlapNs <= 0) continue;
    if (overlapNs > stepNs) placed.overlaps += 1;
    entryNs[i] += overlapNs;
    exitNs[i] += overlapNs;
  }
  open.push(i);
}
