import type {
  ArrivalPlace,
  HandlerContext,
  Obstacle,
  RaiseBatch,
  RaiseContext,
} from './raise-context.js';

/**
 * The raises of one handler come within this time of each other, unless the processor itself was
 * taken away meanwhile; and no entry is under way for longer.
 */
const MAX_GAP_NS = 100_000;

interface OpenSpan {
  isSoftirq: boolean;
  place: ArrivalPlace;
  leftNs: number;
}

/** What runs above the thread of one processor, what was left last, and what was raised since. */
export class SpanStack {
  private readonly open: OpenSpan[] = [];
  private readonly restNs: number[] = [];
  private atNs = 0;
  private last: OpenSpan | null = null;
  private handlerLeftNs = -Infinity;
  private raisedNs = -Infinity;
  /** Raises above the thread since anything was entered. */
  private batch: RaiseBatch | null = null;

  /** Nothing is open: what comes next interrupts a thread or the idle loop. */
  get isAtThread(): boolean {
    return this.open.length === 0;
  }

  /** Time goes on: what is over by then is left. */
  advance(atNs: number): void {
    this.advanceTo(atNs, true);
  }

  private advanceTo(atNs: number, leavesAtEnd: boolean): void {
    while (this.open.length > 0) {
      const top = this.open.length - 1;
      const leftNs = this.atNs + this.restNs[top];
      if (leftNs > atNs || (leftNs === atNs && !leavesAtEnd)) {
        this.restNs[top] -= atNs - this.atNs;
        break;
      }
      this.leave({ ...this.open[top], leftNs });
    }
    this.atNs = atNs;
  }

  private leave(span: OpenSpan): void {
    this.open.pop();
    this.restNs.pop();
    this.last = span;
    this.atNs = span.leftNs;
    if (!span.isSoftirq) this.handlerLeftNs = span.leftNs;
  }

  /** A span is entered at the instant that `advance` went to. */
  enter(span: OpenSpan, ownNs: number): void {
    this.open.push(span);
    this.restNs.push(ownNs);
    this.batch = null;
  }

  /**
   * Who ran at a raise. What ends at that very instant, as coarse stamps have it, raised it: a
   * routine that raises does so shortly before its end, and a thread that comes back takes longer.
   */
  raise(place: ArrivalPlace): RaiseContext {
    const raisedNs = place.stream.atNs[place.index];
    this.advanceTo(raisedNs, false);
    const context = { place, handler: null, batch: null, obstacle: 'other', entryNs: 0 } as const;
    if (this.open.some((span) => span.isSoftirq)) return { ...context, raisedBy: 'softirq' };
    if (this.open.length > 0) {
      return { ...context, raisedBy: 'handler', handler: this.open[0].place };
    }
    if (this.batch === null || raisedNs - this.raisedNs > MAX_GAP_NS) {
      this.batch = { places: [] };
    }
    this.batch.places.push(place);
    this.raisedNs = raisedNs;
    return { ...context, raisedBy: 'thread', batch: this.batch };
  }

  /** What was left last since the raise, and when; nothing, and the last raise, if none was. */
  obstacleOf(context: RaiseContext): { obstacle: Obstacle; sinceNs: number } {
    const { place, batch, handler } = context;
    const raisedNs = place.stream.atNs[place.index];
    const last = this.last;
    if (this.open.length > 0) return { obstacle: 'other', sinceNs: raisedNs };
    if (last === null || last.leftNs < raisedNs) {
      const isNewest = batch !== null && batch === this.batch;
      return { obstacle: isNewest ? 'nothing' : 'other', sinceNs: this.raisedNs };
    }
    if (last.isSoftirq) return { obstacle: 'softirq', sinceNs: last.leftNs };
    const isItsOwn = last.place.stream === handler?.stream && last.place.index === handler.index;
    return { obstacle: isItsOwn ? 'handler' : 'other', sinceNs: last.leftNs };
  }

  /** `isPending`: a softirq waits here for its entry. */
  handlerContext(place: ArrivalPlace, atNs: number, isPending: boolean): HandlerContext {
    const last = this.last;
    const isAfterHandler = last !== null && !last.isSoftirq && last.leftNs >= this.raisedNs;
    const sinceNs = atNs - Math.max(this.handlerLeftNs, this.raisedNs);
    const beforeEntry = isPending && isAfterHandler && sinceNs <= MAX_GAP_NS;
    return { place, sinceNs, beforeEntry };
  }
}
