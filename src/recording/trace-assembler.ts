import type { Span } from './processor-timeline.js';
import type { RecordedProcessor, RecordedStream } from './recording.js';
import type { KnownEvent, SpanKind, TraceEvent } from './trace-event.js';
import type { ImportReport } from './import-report.js';
import { FURTHER_NAMES, SHOWN_EVENT_NAMES } from './import-report.js';
import { ProcessorTimeline } from './processor-timeline.js';
import {
  MAX_RECORDED_LATENCY_NS,
  MAX_RECORDED_PROCESSORS,
  MAX_RECORDED_SPAN_NS,
  MAX_RECORDED_WORK_NS,
  UNKNOWN_LATENCY,
} from './recording.js';
import { MAX_VECTORS, StreamTable } from './stream-table.js';
import { CALL_FUNCTION, KNOWN_EVENTS, RESCHEDULE, numberAfter, wholeNumber } from './trace-event.js';

/** What is known of a processor between two events. */
interface ProcessorState {
  timeline: ProcessorTimeline;
  /** When each vector was raised that waits for its entry; NaN for the rest. */
  raisedNs: Float64Array;
  /** When the oldest unanswered request for a reschedule or a function call was sent here; NaN for none. */
  requestedNs: { reschedule: number; call: number };
}

export type AssembledCounts = Pick<
  ImportReport,
  'outOfOrder' | 'interleaved' | 'softirqs' | 'interrupts' | 'unpaired' | 'ipis' | 'cut'
>;

/**
 * Turns events into streams of arrivals and timelines of processors. Bounded memory: the arrivals
 * themselves, and per processor one stamp a vector and a short stack.
 *
 * The mapping: a device interrupt, `irq_handler_entry` to `exit`, is an arrival with its ISR time.
 * `softirq_raise` is `KeInsertQueueDpc`; raising a vector that is pending on that processor is its
 * answer FALSE. `softirq_entry` to `exit` is the routine, and makes one arrival at the time of the raise
 * that led to it. Own times: what interrupts a span does not count as the span's.
 */
export class TraceAssembler {
  readonly counts: AssembledCounts = {
    outOfOrder: 0,
    interleaved: 0,
    softirqs: {
      arrivals: 0,
      paired: 0,
      coalesced: 0,
      raisesWithoutEntry: 0,
      entriesWithoutRaise: 0,
    },
    interrupts: { arrivals: 0 },
    unpaired: {
      softirq: { entries: 0, exits: 0 },
      irq: { entries: 0, exits: 0 },
      clock: { entries: 0, exits: 0 },
      ipi: { entries: 0, exits: 0 },
    },
    ipis: { sent: 0, received: 0, paired: 0, merged: 0, unanswered: 0 },
    cut: 0,
  };
  /** Of the finest stamp: it tells the recorder's step. */
  stampDecimals = 0;
  readonly #used = new Float64Array(KNOWN_EVENTS.length);
  readonly #skipped = new Map<string, number>();
  readonly #streams = new StreamTable();
  readonly #processors: (ProcessorState | undefined)[] = [];
  #originSeconds = NaN;
  #originNanoseconds = 0;
  #startNs = 0;
  #endNs = 0;
  #lastNs = 0;

  /** Time of an event in ns from the first one: an exact whole number, unless far out of range. */
  relativeNs(event: TraceEvent): number {
    if (Number.isNaN(this.#originSeconds)) return 0;
    return (
      (event.seconds - this.#originSeconds) * 1e9 + (event.nanoseconds - this.#originNanoseconds)
    );
  }

  /** Takes an event. False if its numbers cannot be: then nothing has changed. */
  take(event: TraceEvent): boolean {
    const known = event.known < 0 ? null : KNOWN_EVENTS[event.known];
    const atNs = this.relativeNs(event);
    const spanNs = Math.max(this.#endNs, atNs) - Math.min(this.#startNs, atNs);
    if (event.processor >= MAX_RECORDED_PROCESSORS || spanNs > MAX_RECORDED_SPAN_NS) return false;
    const id = known === null ? 0 : identify(known, event.detail);
    if (id < 0) return false;
    if (Number.isNaN(this.#originSeconds)) {
      this.#originSeconds = event.seconds;
      this.#originNanoseconds = event.nanoseconds;
    }
    const state = this.#state(event.processor);
    if (atNs < state.timeline.lastNs) {
      this.counts.outOfOrder += 1;
      return true;
    }
    if (atNs < this.#lastNs) this.counts.interleaved += 1;
    this.#lastNs = atNs;
    this.#startNs = Math.min(this.#startNs, atNs);
    this.#endNs = Math.max(this.#endNs, atNs);
    this.stampDecimals = Math.max(this.stampDecimals, event.stampDecimals);
    state.timeline.advance(atNs, event.pid === 0);
    if (known === null) {
      this.#skip(event.name);
    } else {
      this.#used[event.known] += 1;
      this.#apply(known, id, atNs, event, state);
    }
    return true;
  }

  #state(processor: number): ProcessorState {
    return (this.#processors[processor] ??= {
      timeline: new ProcessorTimeline(),
      raisedNs: new Float64Array(MAX_VECTORS).fill(NaN),
      requestedNs: { reschedule: NaN, call: NaN },
    });
  }

  #skip(name: string): void {
    const full = this.#skipped.size >= SHOWN_EVENT_NAMES && !this.#skipped.has(name);
    const key = full ? FURTHER_NAMES : name.slice(0, 60);
    this.#skipped.set(key, (this.#skipped.get(key) ?? 0) + 1);
  }

  #apply(
    known: KnownEvent,
    id: number,
    atNs: number,
    event: TraceEvent,
    state: ProcessorState,
  ): void {
    switch (known.role) {
      case 'raise':
        if (Number.isNaN(state.raisedNs[id])) state.raisedNs[id] = atNs;
        else this.counts.softirqs.coalesced += 1;
        return;
      case 'enter':
        this.#enter(known.span, id, atNs, event.detail, state);
        return;
      case 'leave':
        this.#leave(known.span, id, event.processor, state);
        return;
      case 'switch':
        state.timeline.switchTo(id === 0, atNs);
        return;
      case 'request':
        this.#request(id, atNs, event.detail, state);
        return;
      case 'request-many':
        for (const target of readCpuList(event.detail)) {
          this.#request(target, atNs, event.detail, state);
        }
    }
  }

  #enter(kind: SpanKind, id: number, atNs: number, detail: string, state: ProcessorState): void {
    const span: Span = {
      kind,
      id,
      enteredNs: atNs,
      ownNs: 0,
      streamIndex: -1,
      arrivalNs: atNs,
      latencyNs: UNKNOWN_LATENCY,
    };
    if (kind === 'softirq') {
      span.streamIndex = this.#streams.softirq(id, detail);
      this.#takeRaise(span, state);
    } else if (kind === 'irq') {
      span.streamIndex = this.#streams.irq(id, detail);
    } else if (kind === 'clock') {
      state.timeline.tick(atNs);
    } else if (id <= CALL_FUNCTION + 1) {
      this.#deliver(id, atNs, state);
    }
    const evicted = state.timeline.enter(span);
    if (evicted !== null) this.#giveUp(evicted);
  }

  #takeRaise(span: Span, state: ProcessorState): void {
    const raisedNs = state.raisedNs[span.id];
    if (Number.isNaN(raisedNs)) {
      this.counts.softirqs.entriesWithoutRaise += 1;
      return;
    }
    state.raisedNs[span.id] = NaN;
    span.arrivalNs = raisedNs;
    span.latencyNs = this.#bounded(span.enteredNs - raisedNs, MAX_RECORDED_LATENCY_NS);
    this.counts.softirqs.paired += 1;
  }

  #leave(kind: SpanKind, id: number, processor: number, state: ProcessorState): void {
    const left = state.timeline.leave(kind, id);
    if (left === null) {
      if (kind !== 'none') this.counts.unpaired[kind].exits += 1;
      return;
    }
    for (const span of left.givenUp) this.#giveUp(span);
    const { span } = left;
    if (span.streamIndex < 0) return;
    const ownNs = this.#bounded(span.ownNs, MAX_RECORDED_WORK_NS);
    if (kind === 'softirq') {
      this.counts.softirqs.arrivals += 1;
      this.#streams.add(span.streamIndex, span.arrivalNs, processor, 0, ownNs, span.latencyNs);
    } else {
      this.counts.interrupts.arrivals += 1;
      this.#streams.add(span.streamIndex, span.arrivalNs, processor, ownNs, 0, UNKNOWN_LATENCY);
    }
  }

  #giveUp(span: Span): void {
    if (span.kind !== 'none') this.counts.unpaired[span.kind].entries += 1;
  }

  #request(target: number, atNs: number, detail: string, sender: ProcessorState): void {
    this.counts.ipis.sent += 1;
    sender.timeline.ipisSent += 1;
    const requestedNs = this.#state(target).requestedNs;
    const handler = /callback=0x0\b/.test(detail) ? 'reschedule' : 'call';
    if (Number.isNaN(requestedNs[handler])) requestedNs[handler] = atNs;
    else this.counts.ipis.merged += 1;
  }

  #deliver(handlerId: number, atNs: number, state: ProcessorState): void {
    this.counts.ipis.received += 1;
    state.timeline.ipisReceived += 1;
    const handler = handlerId === RESCHEDULE ? 'reschedule' : 'call';
    const requestedNs = state.requestedNs[handler];
    if (!(requestedNs <= atNs)) return;
    state.requestedNs[handler] = NaN;
    state.timeline.flights.add(atNs - requestedNs);
    this.counts.ipis.paired += 1;
  }

  #bounded(ns: number, maximumNs: number): number {
    if (ns <= maximumNs) return ns;
    this.counts.cut += 1;
    return maximumNs;
  }

  /** The recorder lost events of a processor (−1: of all): nothing begun there can be paired any more. */
  lose(processor: number): void {
    for (const [i, state] of this.#processors.entries()) {
      if (state !== undefined && (processor < 0 || i === processor)) this.#abandon(state);
    }
  }

  #abandon(state: ProcessorState): void {
    for (const span of state.timeline.spans) this.#giveUp(span);
    state.timeline.spans.length = 0;
    for (const raisedNs of state.raisedNs) {
      if (!Number.isNaN(raisedNs)) this.counts.softirqs.raisesWithoutEntry += 1;
    }
    state.raisedNs.fill(NaN);
    for (const handler of ['reschedule', 'call'] as const) {
      if (!Number.isNaN(state.requestedNs[handler])) this.counts.ipis.unanswered += 1;
      state.requestedNs[handler] = NaN;
    }
  }

  /** Ends the recording. `processors` is what a header promised, 0 for nothing. */
  finish(processors: number): {
    spanNs: number;
    processors: RecordedProcessor[];
    streams: RecordedStream[];
    used: Record<string, number>;
    skipped: Record<string, number>;
  } {
    this.lose(-1);
    const promised = Math.min(processors, MAX_RECORDED_PROCESSORS);
    const length = Math.max(this.#processors.length, promised);
    const states = Array.from({ length }, (_, i) => this.#state(i));
    const used = KNOWN_EVENTS.map((known, i): [string, number] => [known.name, this.#used[i]]);
    return {
      spanNs: this.#endNs - this.#startNs,
      processors: states.map(({ timeline }) => timeline.finish(this.#startNs, this.#endNs)),
      streams: this.#streams.finish(this.#startNs),
      used: Object.fromEntries(used.filter(([, count]) => count > 0)),
      skipped: Object.fromEntries(this.#skipped),
    };
  }
}

/** The number that tells what the event is about: vector, line, handler, processor, pid; −1 if it is missing. */
function identify(known: KnownEvent, detail: string): number {
  switch (known.role) {
    case 'request': {
      const target = numberAfter(detail, 'cpu=');
      return target < MAX_RECORDED_PROCESSORS ? target : -1;
    }
    case 'request-many':
      return readCpuList(detail).length > 0 ? 0 : -1;
    case 'switch':
      return nextPid(detail);
    default:
      break;
  }
  if (known.span === 'irq') return numberAfter(detail, 'irq=');
  if (known.span !== 'softirq') return known.handler;
  const vector = numberAfter(detail, 'vec=');
  return vector < MAX_VECTORS ? vector : -1;
}

/** `next_pid=18` as the kernel prints it, or `… ==> migration/0:18 [0]` as trace-cmd does. */
function nextPid(detail: string): number {
  const pid = numberAfter(detail, 'next_pid=');
  if (pid >= 0) return pid;
  const arrow = detail.indexOf('==> ');
  const colon = arrow < 0 ? -1 : detail.lastIndexOf(':');
  return colon < 0 || colon < arrow ? -1 : wholeNumber(detail, colon + 1);
}

/** The processors of `cpumask=0-1,3`; none if the text is not such a list. */
function readCpuList(detail: string): number[] {
  const text = /cpumask=([0-9,-]{1,4000})/.exec(detail)?.[1] ?? '';
  const listed = new Set<number>();
  for (const part of text.split(',')) {
    const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    if (range === null) return [];
    const last = Number(range[2] ?? range[1]);
    if (last >= MAX_RECORDED_PROCESSORS) return [];
    for (let i = Number(range[1]); i <= last; i++) listed.add(i);
  }
  return [...listed];
}
