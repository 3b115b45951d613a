import { type PlacedRoutines, type RoutineSpans, sortPlaces } from './routine-spans.js';

/** What happens on one processor, or all switches of threads, in the order of time. */
interface Stream {
  /** At one instant, streams of a lower rank come first. */
  readonly rank: number;
  /** Infinity when it is over. */
  atNs: number;
  /** Place in the columns of routines, or of switches. */
  place: number;
  kind: 'entry' | 'exit' | 'switch';
  advance(): void;
}

/**
 * Entries and exits of placed routines and switches of threads, all in the order of time. Merged
 * from a stream for each processor, so that no list of all of them is needed.
 */
export class RoutineEvents {
  /** A heap: each before its two children. */
  private readonly heap: Stream[];

  constructor(spans: RoutineSpans, placed: PlacedRoutines) {
    const processors = [...placed.order.values()].map(
      (order, rank) => new ProcessorStream(order, placed, rank),
    );
    const streams = [...processors, new SwitchStream(spans, processors.length)];
    this.heap = streams.filter(({ atNs }) => atNs < Infinity).sort(inTime);
  }

  get isOver(): boolean {
    return this.heap.length === 0;
  }
  get atNs(): number {
    return this.heap[0].atNs;
  }
  get place(): number {
    return this.heap[0].place;
  }
  get kind(): Stream['kind'] {
    return this.heap[0].kind;
  }

  next(): void {
    const { heap } = this;
    heap[0].advance();
    if (heap[0].atNs === Infinity) {
      const last = heap.pop()!;
      if (heap.length === 0) return;
      heap[0] = last;
    }
    const moved = heap[0];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && inTime(heap[child + 1], heap[child]) < 0) child += 1;
      if (child >= heap.length || inTime(moved, heap[child]) < 0) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moved;
  }
}

function inTime(a: Stream, b: Stream): number {
  return a.atNs - b.atNs || a.rank - b.rank;
}

class ProcessorStream implements Stream {
  atNs = Infinity;
  place = 0;
  kind: 'entry' | 'exit' = 'entry';
  private taken = 0;
  /** Routines that were entered, the innermost last. */
  private readonly open: number[] = [];

  constructor(
    readonly order: Uint32Array,
    readonly placed: PlacedRoutines,
    readonly rank: number,
  ) {
    this.advance();
  }

  advance(): void {
    const { open, order, taken } = this;
    const { entryNs, exitNs } = this.placed;
    const nextNs = taken < order.length ? entryNs[order[taken]] : Infinity;
    const inner = open.at(-1);
    if (inner !== undefined && exitNs[inner] <= nextNs) {
      this.tell(inner, exitNs[inner], 'exit');
      open.pop();
    } else if (taken < order.length) {
      this.tell(order[taken], nextNs, 'entry');
      open.push(order[taken]);
      this.taken += 1;
    } else {
      this.atNs = Infinity;
    }
  }

  private tell(place: number, atNs: number, kind: 'entry' | 'exit'): void {
    this.place = place;
    this.atNs = atNs;
    this.kind = kind;
  }
}

class SwitchStream implements Stream {
  atNs = Infinity;
  place = 0;
  readonly kind = 'switch';
  private taken = 0;
  private readonly order: Uint32Array;
  private readonly times: Float64Array;

  constructor(
    { switches }: RoutineSpans,
    readonly rank: number,
  ) {
    const { atNs, length } = switches;
    this.times = atNs;
    this.order = sortPlaces(
      Uint32Array.from({ length }, (_, i) => i),
      (a, b) => atNs[a] - atNs[b],
    );
    this.advance();
  }

  advance(): void {
    const { order, taken } = this;
    this.taken += 1;
    this.place = order[taken];
    this.atNs = taken < order.length ? this.times[order[taken]] : Infinity;
  }
}
