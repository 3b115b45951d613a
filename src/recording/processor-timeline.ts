import type { SpanKind } from './trace-event.js';
import type { RecordedProcessor } from './recording.js';
import { BoundedMedian, PeriodHistogram } from './period-histogram.js';

/** Softirq, interrupt, NMI and a few nested handlers: no kernel stacks more of them. */
const MAX_NESTING = 16;

/** A span that has been entered and not left. */
export interface Span {
  kind: SpanKind;
  /** Vector of a softirq, line of an irq, handler of the rest. */
  id: number;
  enteredNs: number;
  /** Time in the span itself, without what interrupted it. */
  ownNs: number;
  /** What the caller wants back when the span is left. */
  streamIndex: number;
  arrivalNs: number;
  /** Where it arrived: of an IPI the processor that sent it. */
  arrivalProcessor: number;
  latencyNs: number;
}

/**
 * The timeline of one recorded processor: a stack of spans above a thread or the idle loop. Every
 * nanosecond between two events goes to exactly one of them, so the shares add up to the span.
 *
 * Who runs at the bottom is known only at events. If the idle loop is seen at one and a thread at
 * the next, without a `sched_switch` between, the change is taken to lie half way.
 */
export class ProcessorTimeline {
  readonly spans: Span[] = [];
  readonly spentNs = { softirq: 0, irq: 0, clock: 0, ipi: 0, none: 0, thread: 0, idle: 0 };
  readonly tickGaps = new BoundedMedian();
  readonly flights = new BoundedMedian();
  clockTicks = 0;
  ipisSent = 0;
  ipisReceived = 0;
  firstNs = NaN;
  lastNs = NaN;
  private lastTickNs = NaN;
  private idle = true;
  private firstIdle = true;
  private idleSinceNs = 0;
  private busyNs = 0;
  private readonly busyPeriods = new PeriodHistogram();
  private readonly idlePeriods = new PeriodHistogram();

  /** Who ran at the bottom when that was last seen; before, a thread. */
  get isIdle(): boolean {
    return !Number.isNaN(this.firstNs) && this.idle;
  }

  /** Time goes on to `atNs`, never back; `idle` says whether the idle loop is the bottom there. */
  advance(atNs: number, idle: boolean): void {
    if (Number.isNaN(this.firstNs)) {
      this.firstNs = this.lastNs = this.idleSinceNs = atNs;
      this.idle = this.firstIdle = idle;
      return;
    }
    const passedNs = atNs - this.lastNs;
    if (this.idle === idle || this.spans.length > 0) {
      this.spend(passedNs);
      this.switchTo(idle, atNs);
    } else {
      const halfNs = Math.floor(passedNs / 2);
      this.spend(halfNs);
      this.switchTo(idle, this.lastNs + halfNs);
      this.spend(passedNs - halfNs);
    }
    this.lastNs = atNs;
  }

  /** The bottom changes at this instant, or stays. */
  switchTo(idle: boolean, atNs: number): void {
    if (idle === this.idle) return;
    if (idle) {
      this.busyPeriods.add(this.busyNs);
      this.idleSinceNs = atNs;
    } else {
      this.idlePeriods.add(atNs - this.idleSinceNs);
      this.busyNs = 0;
    }
    this.idle = idle;
  }

  private spend(ns: number): void {
    const top = this.spans.at(-1);
    if (top !== undefined) {
      top.ownNs += ns;
      this.spentNs[top.kind] += ns;
    } else if (this.idle) {
      this.spentNs.idle += ns;
    } else {
      this.spentNs.thread += ns;
      this.busyNs += ns;
    }
  }

  /** Enters a span now. Returns the outermost one, given up, if the stack was full. */
  enter(span: Span): Span | null {
    this.spans.push(span);
    return this.spans.length > MAX_NESTING ? this.spans.shift()! : null;
  }

  /**
   * Leaves the innermost span of that kind and id, and gives up those above it, whose exit was
   * never seen. Null if there is none; then nothing changes.
   */
  leave(kind: SpanKind, id: number): { span: Span; givenUp: Span[] } | null {
    for (let i = this.spans.length - 1; i >= 0; i--) {
      if (this.spans[i].kind !== kind || this.spans[i].id !== id) continue;
      const [span, ...givenUp] = this.spans.splice(i);
      return { span, givenUp };
    }
    return null;
  }

  tick(atNs: number): void {
    this.clockTicks += 1;
    if (!Number.isNaN(this.lastTickNs)) this.tickGaps.add(atNs - this.lastTickNs);
    this.lastTickNs = atNs;
  }

  /**
   * The measurements of the whole recording, when no span is open. What was not seen at its ends
   * continues what was.
   */
  finish(startNs: number, endNs: number): RecordedProcessor {
    if (Number.isNaN(this.firstNs)) this.advance(startNs, true);
    this.advance(endNs, this.idle);
    const headNs = this.firstNs - startNs;
    this.spentNs[this.firstIdle ? 'idle' : 'thread'] += headNs;
    if (this.idle) this.idlePeriods.add(endNs - this.idleSinceNs);
    else this.busyPeriods.add(this.busyNs);
    return {
      irqNs: this.spentNs.irq,
      softirqNs: this.spentNs.softirq,
      clockNs: this.spentNs.clock,
      ipiNs: this.spentNs.ipi,
      threadNs: this.spentNs.thread,
      idleNs: this.spentNs.idle,
      clockTicks: this.clockTicks,
      tickPeriodNs: this.tickGaps.value(),
      ipisSent: this.ipisSent,
      ipisReceived: this.ipisReceived,
      ipiFlightNs: this.flights.value(),
      busyPeriods: this.busyPeriods.toCounts(),
      idlePeriods: this.idlePeriods.toCounts(),
    };
  }
}
