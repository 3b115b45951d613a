import type { Recording, RecordedStream } from './recording.js';
import { UNKNOWN_LATENCY } from './recording.js';

/** Where in the recording an arrival stands. */
export interface ArrivalPlace {
  stream: RecordedStream;
  /** Index into the stream's columns. */
  index: number;
}

/**
 * What stood between a softirq's raise and its entry.
 *
 * `nothing`: raised by a thread, and no handler and no softirq ran until it was entered. `handler`:
 * raised in a handler that had interrupted a thread, and entered when that was left. `softirq`: the
 * softirq before it in the same round was left last. `other`: anything else, such as a thread's
 * raise that was interrupted.
 */
export type Obstacle = 'nothing' | 'handler' | 'softirq' | 'other';

/** One softirq whose raise was seen. */
export interface RaiseContext {
  place: ArrivalPlace;
  /** Who ran when it was raised: known then, whatever came after. */
  raisedBy: 'thread' | 'handler' | 'softirq';
  /** The outermost handler at the raise, if a handler above a thread raised it; else null. */
  handler: ArrivalPlace | null;
  obstacle: Obstacle;
  /** From the instant at which nothing stood in the way any more, or the raise if later, in ns. */
  entryNs: number;
}

/** In the order of events at one instant: a raise stands in the handler entered there. */
const STEP = { handler: 0, raise: 1, softirq: 2 } as const;

interface Step {
  atNs: number;
  kind: (typeof STEP)[keyof typeof STEP];
  place: ArrivalPlace;
  ownNs: number;
}

interface OpenSpan {
  isSoftirq: boolean;
  place: ArrivalPlace;
  leftNs: number;
}

/**
 * Takes a recording apart again, processor by processor: which handler or softirq ran when each
 * softirq was raised, and what ended last before it was entered. Own times and instants of entry
 * tell both, since handlers and softirqs nest.
 */
export function raiseContexts(recording: Recording): RaiseContext[] {
  return stepsByProcessor(recording).flatMap((steps) => contextsOf(steps));
}

function stepsByProcessor(recording: Recording): Step[][] {
  const byProcessor = recording.processors.map((): Step[] => []);
  for (const stream of recording.streams) {
    for (let index = 0; index < stream.atNs.length; index++) {
      addSteps(byProcessor, { stream, index });
    }
  }
  for (const steps of byProcessor) steps.sort((a, b) => a.atNs - b.atNs || a.kind - b.kind);
  return byProcessor;
}

function addSteps(byProcessor: readonly Step[][], place: ArrivalPlace): void {
  const { stream: { kind, target, atNs, processor, isrNs, serviceNs }, index } = place;
  const steps = byProcessor[target ?? processor[index]];
  const ownNs = isrNs[index] + serviceNs[index];
  const enteredNs = entryNs(place);
  if (kind !== 'softirq') {
    steps.push({ atNs: enteredNs, kind: STEP.handler, place, ownNs });
    return;
  }
  if (isRaiseKnown(place)) steps.push({ atNs: atNs[index], kind: STEP.raise, place, ownNs: 0 });
  steps.push({ atNs: enteredNs, kind: STEP.softirq, place, ownNs });
}

/** When its handler or routine was entered, in ns from the recording's start. */
export function entryNs({ stream, index }: ArrivalPlace): number {
  const latencyNs = stream.latencyNs[index];
  return stream.atNs[index] + (latencyNs === UNKNOWN_LATENCY ? 0 : latencyNs);
}

export function isRaiseKnown({ stream, index }: ArrivalPlace): boolean {
  return stream.latencyNs[index] !== UNKNOWN_LATENCY;
}

function contextsOf(steps: readonly Step[]): RaiseContext[] {
  const contexts: RaiseContext[] = [];
  const stack = new SpanStack();
  const raised = new Map<RecordedStream, RaiseContext>();
  for (const { atNs, kind, place, ownNs } of steps) {
    stack.advance(atNs);
    if (kind === STEP.raise) {
      raised.set(place.stream, stack.raise(place));
      continue;
    }
    const context = kind === STEP.softirq ? raised.get(place.stream) : undefined;
    if (context !== undefined && context.place.index === place.index) {
      raised.delete(place.stream);
      const { obstacle, sinceNs } = stack.obstacleOf(context);
      contexts.push({ ...context, obstacle, entryNs: atNs - sinceNs });
    }
    stack.enter({ isSoftirq: kind === STEP.softirq, place, leftNs: 0 }, atNs, ownNs);
  }
  return contexts;
}

/** What runs above the thread of one processor, and what was left last. */
class SpanStack {
  readonly #open: OpenSpan[] = [];
  readonly #restNs: number[] = [];
  #atNs = 0;
  #last: OpenSpan | null = null;

  /** Time goes on: what is over by then is left. */
  advance(atNs: number): void {
    while (this.#open.length > 0) {
      const top = this.#open.length - 1;
      const leftNs = this.#atNs + this.#restNs[top];
      if (leftNs > atNs) {
        this.#restNs[top] -= atNs - this.#atNs;
        break;
      }
      this.#last = { ...this.#open[top], leftNs };
      this.#open.pop();
      this.#restNs.pop();
      this.#atNs = leftNs;
    }
    this.#atNs = atNs;
  }

  enter(span: OpenSpan, atNs: number, ownNs: number): void {
    this.advance(atNs);
    this.#open.push(span);
    this.#restNs.push(ownNs);
  }

  raise(place: ArrivalPlace): RaiseContext {
    const context = { place, handler: null, obstacle: 'other', entryNs: 0 } as const;
    if (this.#open.length === 0) return { ...context, raisedBy: 'thread' };
    if (this.#open.some((span) => span.isSoftirq)) return { ...context, raisedBy: 'softirq' };
    return { ...context, raisedBy: 'handler', handler: this.#open[0].place };
  }

  /** What was left last since the raise, and when; nothing, and the raise itself, if none was. */
  obstacleOf({ place, raisedBy, handler }: RaiseContext): { obstacle: Obstacle; sinceNs: number } {
    const raisedNs = place.stream.atNs[place.index];
    const last = this.#last;
    if (this.#open.length > 0) return { obstacle: 'other', sinceNs: raisedNs };
    if (last === null || last.leftNs <= raisedNs) {
      return { obstacle: raisedBy === 'thread' ? 'nothing' : 'other', sinceNs: raisedNs };
    }
    if (last.isSoftirq) return { obstacle: 'softirq', sinceNs: last.leftNs };
    const isItsOwn = last.place.stream === handler?.stream && last.place.index === handler.index;
    return { obstacle: isItsOwn ? 'handler' : 'other', sinceNs: last.leftNs };
  }
}
