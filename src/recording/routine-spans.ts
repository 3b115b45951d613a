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

/** A routine in its place on the processor; `exitNs` has what interrupted it in it. */
export interface PlacedRoutine {
  span: RoutineSpan;
  entryNs: number;
  exitNs: number;
}

/** The instants at which a processor changed threads, and to which: the idle loop or another. */
export interface ThreadSwitch {
  processor: number;
  atNs: number;
  isIdle: boolean;
}

/** Routines and thread switches of a recording without entries and exits of their own. */
export class RoutineSpans {
  readonly spans: RoutineSpan[] = [];
  readonly switches: ThreadSwitch[] = [];
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
    if (this.spans.length === MAX_RECORDED_ARRIVALS) throw tooMany();
    this.spans.push(span);
  }

  addSwitch(change: ThreadSwitch): void {
    if (this.switches.length === MAX_RECORDED_ARRIVALS) throw tooMany();
    this.switches.push(change);
  }
}

function tooMany(): Error {
  return inputError(
    `the recording has more than ${formatCount(MAX_RECORDED_ARRIVALS)} routines or switches`,
    'export a shorter part of it',
  );
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
  { spans, switches }: RoutineSpans,
  end: StampedEnd,
  stepNs: number,
): number {
  let count = 0;
  const bySwitch = groupByProcessor(switches);
  for (const [processor, own] of groupByProcessor(spans)) {
    const sorted = own
      .map((span) => ({ span, ...endsOf(span, end) }))
      .sort((a, b) => a.entryNs - b.entryNs || b.exitNs - a.exitNs);
    const changes = (bySwitch.get(processor) ?? []).map(({ atNs }) => atNs).sort((a, b) => a - b);
    let next = 0;
    const open: typeof sorted = [];
    for (const routine of sorted) {
      while (open.length > 0 && open[open.length - 1].exitNs - stepNs <= routine.entryNs)
        open.pop();
      const outer = open.at(-1);
      if (outer !== undefined && isImpossible(outer, routine, stepNs)) count += 1;
      open.push(routine);
      while (next < changes.length && changes[next] <= routine.entryNs + stepNs) next += 1;
      if (next < changes.length && changes[next] < routine.exitNs - stepNs) count += 1;
    }
  }
  return count;
}

function isImpossible(
  outer: { span: RoutineSpan; exitNs: number },
  inner: { span: RoutineSpan; exitNs: number },
  stepNs: number,
): boolean {
  const isCrossing = inner.exitNs > outer.exitNs + stepNs;
  return isCrossing || inner.span.kind === 'dpc';
}

function endsOf(
  { stampNs, durationNs }: RoutineSpan,
  end: StampedEnd,
): { entryNs: number; exitNs: number } {
  return end === 'entry'
    ? { entryNs: stampNs, exitNs: stampNs + durationNs }
    : { entryNs: stampNs - durationNs, exitNs: stampNs };
}

export function groupByProcessor<T extends { processor: number }>(
  all: readonly T[],
): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const each of all) {
    const group = groups.get(each.processor);
    if (group === undefined) groups.set(each.processor, [each]);
    else group.push(each);
  }
  return groups;
}

/** Routines of one processor, each outside or within any other; how many had to be moved. */
export interface PlacedRoutines {
  routines: PlacedRoutine[];
  /** Routines that overlap another by more than the step of the stamps. */
  overlaps: number;
}

/**
 * Places the routines of one processor so that they nest. Where stamps overlap, be it by rounding,
 * the later routine is moved to the end of the earlier one: durations are what was measured.
 */
export function placeRoutines(
  spans: readonly RoutineSpan[],
  end: StampedEnd,
  stepNs: number,
): PlacedRoutines {
  const sorted = spans
    .map((span) => ({ span, ...endsOf(span, end) }))
    .sort((a, b) => a.entryNs - b.entryNs || b.exitNs - a.exitNs || rank(a.span) - rank(b.span));
  const routines: PlacedRoutine[] = [];
  const open: PlacedRoutine[] = [];
  let overlaps = 0;
  for (const { span, entryNs } of sorted) {
    const routine = { span, entryNs, exitNs: entryNs + span.durationNs };
    for (;;) {
      const outer = open.at(-1);
      if (outer === undefined) break;
      const overlapNs = outer.exitNs - routine.entryNs;
      if (overlapNs > 0 && isWithin(routine, outer)) {
        if (outer.span.isExclusive) for (const each of open) lengthen(each, span.durationNs);
        break;
      }
      open.pop();
      if (overlapNs <= 0) continue;
      if (overlapNs > stepNs) overlaps += 1;
      routine.entryNs += overlapNs;
      routine.exitNs += overlapNs;
    }
    routines.push(routine);
    open.push(routine);
  }
  return { routines, overlaps };
}

/** At one instant the DPC comes first: an ISR interrupts it. */
function rank({ kind }: RoutineSpan): number {
  return kind === 'dpc' ? 0 : 1;
}

function isWithin({ span, exitNs }: PlacedRoutine, outer: PlacedRoutine): boolean {
  if (span.kind === 'dpc' && outer.span.kind === 'isr') return false;
  return exitNs <= outer.exitNs || outer.span.isExclusive;
}

function lengthen(routine: PlacedRoutine, ns: number): void {
  if (routine.span.isExclusive) routine.exitNs += ns;
}
