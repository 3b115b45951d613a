import type { Span } from './processor-timeline.js';
import type { RecordedProcessor, RecordedStream } from './recording.js';
import type { KnownEvent, SpanKind, TraceEvent } from './trace-event.js';
import type { ImportReport } from './import-report.js';
import { countName } from './event-names.js';
import { ProcessorTimeline } from './processor-timeline.js';
import {
  MAX_RECORDED_LATENCY_NS,
  MAX_RECORDED_PROCESSORS,
  MAX_RECORDED_SPAN_NS,
  MAX_RECORDED_WORK_NS,
  UNKNOWN_LATENCY,
} from './recording.js';
import { IpiRequests } from './ipi-requests.js';
import type { IpiHandler } from './stream-table.js';
import { MAX_VECTORS, StreamTable } from './stream-table.js';
import {
  armHandler,
  armHandlerName,
  readCpuList,
  readCpuMask,
  requestedHandler,
} from './ipi-text.js';
import {
  CALL_FUNCTION,
  KNOWN_EVENTS,
  OTHER_HANDLERS_FROM,
  RESCHEDULE,
  UNKNOWN_PID,
  numberAfter,
  wholeNumber,
} from './trace-event.js';

/** What is known of a processor between two events. */
interface ProcessorState {
  timeline: ProcessorTimeline;
  /** When each vector was raised that waits for its entry; NaN for the rest. */
  raisedNs: Float64Array;
  /** The last event here asked for an IPI. */
  justRequested: boolean;
}

export type AssembledCounts = Pick<
  ImportReport,
  'outOfOrder' | 'interleaved' | 'softirqs' | 'interrupts' | 'unpaired' | 'ipis' | 'vectors' | 'cut'
>;

/**
 * Turns events into streams of arrivals and timelines of processors. Bounded memory: the arrivals
 * themselves, and per processor one stamp a vector and a short stack.
 *
 * The mapping: a device interrupt, `irq_handler_entry` to `exit`, is an arrival with its ISR time.
 * `softirq_raise` is `KeInsertQueueDpc`; raising a vector that is pending on that processor is its
 * answer FALSE. `softirq_entry` to `exit` is the routine, and makes one arrival at the time of the
 * raise that led to it. `ipi_send_cpu` is a request to another processor, and the handler's entry
 * there its delivery: one arrival at the time of the request, on the processor that sent it; a
 * request that finds one under way is FALSE again. Own times: what interrupts a span does not count
 * as the span's. Every other handler, the clock's above all, is an arrival with its own time, where
 * and when it was entered.
 */
export class TraceAssembler {
  private readonly ipis = new IpiRequests();
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
    ipis: this.ipis.counts,
    vectors: { arrivals: 0 },
    cut: 0,
  };
  /** Digits behind the point in the finest stamp: they tell the recorder's step. */
  stampDecimals = 0;
  private readonly used = new Float64Array(KNOWN_EVENTS.length);
  private readonly skipped = new Map<string, number>();
  private readonly streams = new StreamTable();
  private readonly processors: (ProcessorState | undefined)[] = [];
  private originSeconds = NaN;
  private originNanoseconds = 0;
  private startNs = 0;
  private endNs = 0;
  private lastNs = 0;
  /** The event before, of the same processor, was a request: `ipi_raise` then tells of the same. */
  private isRepeated = false;

  /** Time of an event in ns from the first one: an exact whole number, unless far out of range. */
  relativeNs(event: TraceEvent): number {
    if (Number.isNaN(this.originSeconds)) return 0;
    return (
      (event.seconds - this.originSeconds) * 1e9 + (event.nanoseconds - this.originNanoseconds)
    );
  }

  /** Takes an event. False if its numbers cannot be: then nothing has changed. */
  take(event: TraceEvent): boolean {
    const known = event.known < 0 ? null : KNOWN_EVENTS[event.known];
    const atNs = this.relativeNs(event);
    const spanNs = Math.max(this.endNs, atNs) - Math.min(this.startNs, atNs);
    if (event.processor >= MAX_RECORDED_PROCESSORS || spanNs > MAX_RECORDED_SPAN_NS) return false;
    const id = known === null ? 0 : identify(known, event.detail);
    if (id < 0) return false;
    if (Number.isNaN(this.originSeconds)) {
      this.originSeconds = event.seconds;
      this.originNanoseconds = event.nanoseconds;
    }
    const state = this.state(event.processor);
    if (atNs < state.timeline.lastNs) {
      this.counts.outOfOrder += 1;
      return true;
    }
    if (atNs < this.lastNs) this.counts.interleaved += 1;
    this.lastNs = atNs;
    this.startNs = Math.min(this.startNs, atNs);
    this.endNs = Math.max(this.endNs, atNs);
    this.stampDecimals = Math.max(this.stampDecimals, event.stampDecimals);
    const isIdle = event.pid === UNKNOWN_PID ? state.timeline.isIdle : event.pid === 0;
    state.timeline.advance(atNs, isIdle);
    if (known === null) {
      this.skip(event.name);
    } else {
      this.used[event.known] += 1;
      this.isRepeated = state.justRequested;
      state.justRequested = known.role === 'request' || known.role === 'request-many';
      this.apply(known, id, atNs, event, state);
    }
    return true;
  }

  private state(processor: number): ProcessorState {
    return (this.processors[processor] ??= {
      timeline: new ProcessorTimeline(),
      raisedNs: new Float64Array(MAX_VECTORS).fill(NaN),
      justRequested: false,
    });
  }

  /** Counts events that are not used. */
  skip(name: string, count = 1): void {
    countName(this.skipped, name, count);
  }

  private apply(
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
        this.enter(known.span, id, atNs, event, state);
        return;
      case 'leave':
        this.leave(known.span, id, state);
        return;
      case 'switch':
        state.timeline.switchTo(id === 0, atNs);
        this.ipis.overtake(event.processor, atNs);
        return;
      default:
        this.requestAll(known, id, atNs, event, state);
    }
  }

  /** What one event asks for, of whichever processors. */
  private requestAll(
    known: KnownEvent,
    id: number,
    atNs: number,
    event: TraceEvent,
    state: ProcessorState,
  ): void {
    const { detail, processor } = event;
    const request = (handler: IpiHandler, targets: readonly number[]): void => {
      for (const target of targets) {
        // A processor is there if it is asked, whatever it does.
        this.state(target);
        this.ipis.request(handler, target, atNs, processor);
      }
      state.timeline.ipisSent += targets.length;
    };
    if (known.role === 'request') request(requestedHandler(detail), [id]);
    else if (known.role === 'request-many') request(requestedHandler(detail), readCpuList(detail));
    else if (id >= OTHER_HANDLERS_FROM - 1 || this.isRepeated) return;
    else request(id === RESCHEDULE ? 'reschedule' : 'call', readCpuMask(detail));
  }

  private enter(
    kind: SpanKind,
    id: number,
    atNs: number,
    event: TraceEvent,
    state: ProcessorState,
  ): void {
    const span: Span = {
      kind,
      id,
      enteredNs: atNs,
      ownNs: 0,
      streamIndex: -1,
      arrivalNs: atNs,
      arrivalProcessor: event.processor,
      latencyNs: UNKNOWN_LATENCY,
    };
    if (kind === 'softirq' && event.name === 'dpc_entry') {
      span.streamIndex = this.streams.dpc(id, event.detail);
      this.counts.softirqs.entriesWithoutRaise += 1;
    } else if (kind === 'softirq') {
      span.streamIndex = this.streams.softirq(id, event.detail);
      this.takeRaise(span, state);
    } else if (kind === 'irq') {
      span.streamIndex = this.streams.irq(id, event.detail);
      this.ipis.overtake(event.processor, atNs);
    } else if (kind === 'clock') {
      state.timeline.tick(atNs);
      this.ipis.overtake(event.processor, atNs);
    } else if (id <= CALL_FUNCTION + 1) {
      this.deliver(span, event.processor, state);
    }
    if (span.streamIndex < 0) {
      const isArm = event.name === 'ipi_entry';
      const handler = isArm ? armHandlerName(event.detail) : event.name.replace(/_entry$/, '');
      span.streamIndex = this.streams.vector(handler);
    }
    const evicted = state.timeline.enter(span);
    if (evicted !== null) this.giveUp(evicted);
  }

  private takeRaise(span: Span, state: ProcessorState): void {
    const raisedNs = state.raisedNs[span.id];
    if (Number.isNaN(raisedNs)) {
      this.counts.softirqs.entriesWithoutRaise += 1;
      return;
    }
    state.raisedNs[span.id] = NaN;
    span.arrivalNs = raisedNs;
    span.latencyNs = this.bounded(span.enteredNs - raisedNs, MAX_RECORDED_LATENCY_NS);
    this.counts.softirqs.paired += 1;
  }

  private leave(kind: SpanKind, id: number, state: ProcessorState): void {
    const left = state.timeline.leave(kind, id);
    if (left === null) {
      if (kind !== 'none') this.counts.unpaired[kind].exits += 1;
      return;
    }
    for (const span of left.givenUp) this.giveUp(span);
    const { span } = left;
    if (span.streamIndex < 0) return;
    const ownNs = this.bounded(span.ownNs, MAX_RECORDED_WORK_NS);
    const { streamIndex, arrivalNs, arrivalProcessor, latencyNs } = span;
    const isAnswer = kind === 'ipi' && latencyNs !== UNKNOWN_LATENCY;
    if (kind === 'softirq') this.counts.softirqs.arrivals += 1;
    else if (kind === 'irq') this.counts.interrupts.arrivals += 1;
    else this.counts[isAnswer ? 'ipis' : 'vectors'].arrivals += 1;
    const [isrNs, serviceNs] = kind === 'softirq' || isAnswer ? [0, ownNs] : [ownNs, 0];
    this.streams.add(streamIndex, arrivalNs, arrivalProcessor, isrNs, serviceNs, latencyNs);
  }

  private giveUp(span: Span): void {
    if (span.kind !== 'none') this.counts.unpaired[span.kind].entries += 1;
  }

  private deliver(span: Span, target: number, state: ProcessorState): void {
    state.timeline.ipisReceived += 1;
    const handler = span.id === RESCHEDULE ? 'reschedule' : 'call';
    const request = this.ipis.answer(handler, target, span.enteredNs);
    if (request === null) return;
    span.latencyNs = span.enteredNs - request.atNs;
    state.timeline.flights.add(span.latencyNs);
    span.streamIndex = this.streams.ipi(handler, target);
    span.arrivalNs = request.atNs;
    span.arrivalProcessor = request.sender;
  }

  private bounded(ns: number, maximumNs: number): number {
    if (ns <= maximumNs) return ns;
    this.counts.cut += 1;
    return maximumNs;
  }

  /** The recorder lost events of a processor (−1: of all): nothing begun there can be paired. */
  lose(processor: number): void {
    for (const [i, state] of this.processors.entries()) {
      if (state === undefined || (processor >= 0 && i !== processor)) continue;
      this.abandon(state);
      this.ipis.abandon(i);
    }
  }

  private abandon(state: ProcessorState): void {
    for (const span of state.timeline.spans) this.giveUp(span);
    state.timeline.spans.length = 0;
    for (const raisedNs of state.raisedNs) {
      if (!Number.isNaN(raisedNs)) this.counts.softirqs.raisesWithoutEntry += 1;
    }
    state.raisedNs.fill(NaN);
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
    const length = Math.max(this.processors.length, promised);
    const states = Array.from({ length }, (_, i) => this.state(i));
    const used = KNOWN_EVENTS.map((known, i): [string, number] => [known.name, this.used[i]]);
    return {
      spanNs: this.endNs - this.startNs,
      processors: states.map(({ timeline }) => timeline.finish(this.startNs, this.endNs)),
      streams: this.streams.finish(this.startNs),
      used: Object.fromEntries(used.filter(([, count]) => count > 0)),
      skipped: Object.fromEntries(this.skipped),
    };
  }
}

/** The number that tells what the event is about: vector, line, handler, processor, pid; or −1. */
function identify(known: KnownEvent, detail: string): number {
  switch (known.role) {
    case 'request': {
      const target = numberAfter(detail, 'cpu=');
      return target < MAX_RECORDED_PROCESSORS ? target : -1;
    }
    case 'request-many':
      return readCpuList(detail).length > 0 ? 0 : -1;
    case 'request-mask':
      return readCpuMask(detail).length > 0 ? armHandler(detail) : -1;
    case 'switch':
      return nextPid(detail);
    default:
      break;
  }
  if (known.span === 'irq') return numberAfter(detail, 'irq=');
  if (known.name === 'dpc_entry' || known.name === 'dpc_exit') return numberAfter(detail, 'dpc=');
  if (known.name === 'ipi_entry' || known.name === 'ipi_exit') return armHandler(detail);
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
