import type { Calibration, EntrySamples } from '../recording/calibration.js';
import type {
  ArrivalPlace,
  HandlerContext,
  RaiseBatch,
  RecordingContexts,
} from '../recording/raise-context.js';
import { entryNs } from '../recording/raise-context.js';
import type { RecordedStream, Recording } from '../recording/recording.js';
import { SeededStream } from '../stats/seeded-stream.js';

/** Fewer samples of its own than this, and a name draws from all of its group. */
export const OWN_SAMPLES = 10;
/** The vectors that Linux's tick raises: kernel/time/timer.c, update_process_times. */
const CLOCK_STREAMS = new Set(
  ['TIMER', 'SCHED', 'HRTIMER', 'RCU'].map((vector) => `softirq/${vector}`),
);
/** With so many samples a p99 can be told: ten of them lie beyond it. */
const P99_SAMPLES = 1000;
/** An entry that took longer than this times the p90 was waited for, not worked at. */
const LATE_FACTOR = 10;

/** By stream and arrival, in ns. */
export type TimesByArrival = Map<RecordedStream, Float64Array>;

/** What the machine does between a raise and its entry, beside what was recorded. */
export interface FitDraws {
  /** Raises above a thread: how long the processor is kept from the first raise on, in ns. */
  sections: { batch: RaiseBatch; busyNs: number }[];
  /** After a handler that raises something above a thread, beyond `dispatchNs`. */
  afterHandler: TimesByArrival;
  /** Before a handler that interrupts a thread: how much earlier than its entry it begins. */
  beforeHandler: TimesByArrival;
  /** How long a softirq is left waiting while the processor does other things; else 0. */
  lateNs: TimesByArrival;
}

/**
 * From which time on an entry was late: the processor did not work at it for so long. Such a
 * softirq was left to a thread, or the processor was taken away. Replayed as work, one of 40 ms
 * would hold up every softirq of 40 ms.
 */
export function lateFromNs(samplesNs: readonly number[]): number {
  if (samplesNs.length === 0) return Infinity;
  const sorted = Float64Array.from(samplesNs).sort();
  const percentile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))];
  const known = sorted.length < P99_SAMPLES ? 0 : percentile(0.99);
  return Math.max(LATE_FACTOR * percentile(0.9), known) + 1;
}

interface Samples {
  samplesNs: readonly number[];
  lateFromNs: number;
}

/**
 * The names of a group with what each draws from: its own samples if they are enough, else those of
 * all names of its kind, else what the pool is told to fall back on.
 */
export class SamplePool {
  private readonly byName = new Map<string, Samples>();
  private readonly byKind = new Map<string, Samples>();

  constructor(
    group: readonly EntrySamples[],
    readonly kindOf: (name: string) => string = () => '',
    readonly fallback: SamplePool | null = null,
  ) {
    for (const { name, samplesNs } of group) {
      if (samplesNs.length >= OWN_SAMPLES) this.byName.set(name, samplesWithLimit(samplesNs));
      const ofKind = group.filter((each) => kindOf(each.name) === kindOf(name));
      this.byKind.set(kindOf(name), samplesWithLimit(ofKind.flatMap((each) => each.samplesNs)));
    }
  }

  /** Empty if nothing was measured: the entry takes `dispatchNs`. */
  of(name: string): Samples {
    return (
      this.byName.get(name) ??
      this.byKind.get(this.kindOf(name)) ??
      this.fallback?.of(name) ?? { samplesNs: [], lateFromNs: Infinity }
    );
  }
}

function samplesWithLimit(samplesNs: readonly number[]): Samples {
  return { samplesNs, lateFromNs: lateFromNs(samplesNs) };
}

/** What threads raise is entered sooner than what the clock does where its handler is not seen. */
export function raisePool({ afterRaise, afterHandler }: Calibration): SamplePool {
  return new SamplePool(
    afterRaise,
    (name) => (CLOCK_STREAMS.has(name) ? 'clock' : 'other'),
    new SamplePool(afterHandler),
  );
}

/** A time drawn, and whether it is one in which the processor does something else. */
interface Draw {
  ns: number;
  isLate: boolean;
}

/**
 * An entry time for every batch of raises by a thread, and for every handler that raised something
 * above a thread. Drawn from the samples, never taken from the arrival itself: what a raise waited
 * for is looked at for calibration alone.
 */
export function drawFit(
  { streams }: Recording,
  { raises, handlers }: RecordingContexts,
  calibration: Calibration,
  seed: number,
): FitDraws {
  // In an order that the latencies, which are to be predicted, have no part in.
  const rank = new Map(streams.map((stream, i) => [stream, i]));
  const inOrder = [...raises].sort(
    ({ place: a }, { place: b }) => rank.get(a.stream)! - rank.get(b.stream)! || a.index - b.index,
  );
  const drawer = new Drawer(streams, calibration, seed);
  for (const { place, batch, handler } of inOrder) {
    if (batch !== null) drawer.batch(place, batch);
    else if (handler !== null) drawer.handler(place, handler);
  }
  for (const handler of handlers) drawer.taking(handler);
  return drawer.draws;
}

class Drawer {
  readonly draws: FitDraws;
  private readonly raises: SamplePool;
  private readonly handlers: SamplePool;
  private readonly random: SeededStream;
  private readonly handlerDraws = new Map<RecordedStream, Map<number, Draw>>();

  constructor(
    streams: readonly RecordedStream[],
    readonly calibration: Calibration,
    seed: number,
  ) {
    this.draws = {
      sections: [],
      afterHandler: emptyTimes(streams),
      beforeHandler: emptyTimes(streams),
      lateNs: emptyTimes(streams),
    };
    this.random = new SeededStream([seed]);
    this.handlers = new SamplePool(calibration.afterHandler);
    this.raises = raisePool(calibration);
  }

  batch(place: ArrivalPlace, batch: RaiseBatch): void {
    const lastNs = raisedNs(batch.places[batch.places.length - 1]);
    if (batch.places[batch.places.length - 1] !== place) return;
    const { ns, isLate } = draw(this.raises.of(place.stream.name), this.random);
    if (isLate) {
      for (const each of batch.places) this.setLate(each, lastNs - raisedNs(each) + ns);
      return;
    }
    const busyNs = lastNs - raisedNs(batch.places[0]) + this.aboveDispatch(ns);
    this.draws.sections.push({ batch, busyNs });
  }

  handler(place: ArrivalPlace, handler: ArrivalPlace): void {
    const { stream, index } = handler;
    const before = this.handlerDraws.get(stream) ?? new Map<number, Draw>();
    this.handlerDraws.set(stream, before);
    // One for all that it raised.
    const drawn = before.get(index) ?? draw(this.handlers.of(stream.name), this.random);
    before.set(index, drawn);
    if (drawn.isLate) {
      const leftNs = entryNs(handler) + stream.isrNs[index] + stream.serviceNs[index];
      this.setLate(place, Math.max(0, leftNs - raisedNs(place)) + drawn.ns);
    } else {
      this.draws.afterHandler.get(stream)![index] = this.aboveDispatch(drawn.ns);
    }
  }

  /**
   * How long before its entry a handler stopped the thread: not before what came last. The entry
   * that it comes before then begins anew behind it, as the recorded one did.
   */
  taking({ place: { stream, index }, sinceNs }: HandlerContext): void {
    const own = this.calibration.beforeHandler.find(({ name }) => name === stream.name);
    if (own === undefined || own.samplesNs.length < OWN_SAMPLES) return;
    this.draws.beforeHandler.get(stream)![index] = Math.min(sinceNs, medianNs(own.samplesNs));
  }

  private aboveDispatch(ns: number): number {
    return Math.max(0, ns - this.calibration.dispatchNs);
  }

  private setLate({ stream, index }: ArrivalPlace, ns: number): void {
    this.draws.lateNs.get(stream)![index] = Math.max(1, ns);
  }
}

function draw({ samplesNs, lateFromNs: fromNs }: Samples, random: SeededStream): Draw {
  if (samplesNs.length === 0) return { ns: 0, isLate: false };
  const ns = samplesNs[random.below(samplesNs.length)];
  return { ns, isLate: ns >= fromNs };
}

function raisedNs({ stream, index }: ArrivalPlace): number {
  return stream.atNs[index];
}

function emptyTimes(streams: readonly RecordedStream[]): TimesByArrival {
  return new Map(streams.map((stream) => [stream, new Float64Array(stream.atNs.length)]));
}

function medianNs(samplesNs: readonly number[]): number {
  const sorted = Float64Array.from(samplesNs).sort();
  return sorted[(sorted.length - 1) >> 1];
}
