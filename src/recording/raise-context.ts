import type { Recording, RecordedStream } from './recording.js';
import { SpanStack } from './span-stack.js';
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

/**
 * Raises above a thread one soon after another, with nothing entered in between: those of one
 * handler that was not recorded, or of one section in which a thread holds softirqs off. Linux
 * enters once for all of them, after the last.
 */
export interface RaiseBatch {
  /** In the order of the raises. */
  places: ArrivalPlace[];
}

/** One softirq whose raise was seen. */
export interface RaiseContext {
  place: ArrivalPlace;
  /** Who ran when it was raised: known then, whatever came after. */
  raisedBy: 'thread' | 'handler' | 'softirq';
  /** The outermost handler at the raise, if a handler above a thread raised it; else null. */
  handler: ArrivalPlace | null;
  /** Of a raise above a thread, with the further ones; else null. */
  batch: RaiseBatch | null;
  obstacle: Obstacle;
  /**
   * From the instant at which nothing stood in the way any more, or the last raise of the batch if
   * later, in ns.
   */
  entryNs: number;
}

/** One handler that interrupted a thread. */
export interface HandlerContext {
  place: ArrivalPlace;
  /** Since the handler before it was left, or a thread's raise if later, in ns; or Infinity. */
  sinceNs: number;
  /** Came when a softirq was about to be entered: a handler or a thread had just raised it. */
  beforeEntry: boolean;
}

export interface RecordingContexts {
  raises: RaiseContext[];
  handlers: HandlerContext[];
}

/**
 * In the order of events at one instant. A raise stands in the handler or softirq entered there. A
 * softirq that was entered when it was raised stands behind its raise.
 */
const STEP = { handler: 0, softirq: 1, raise: 2, softirqAtRaise: 3 } as const;

interface Step {
  atNs: number;
  kind: (typeof STEP)[keyof typeof STEP];
  place: ArrivalPlace;
  ownNs: number;
}

/**
 * Takes a recording apart again, processor by processor: which handler or softirq ran when each
 * softirq was raised, and what ended last before it was entered. Own times and instants of entry
 * tell both, since handlers and softirqs nest.
 */
export function recordingContexts(recording: Recording): RecordingContexts {
  const contexts = stepsByProcessor(recording).map((steps) => contextsOf(steps));
  return {
    raises: contexts.flatMap(({ raises }) => raises),
    handlers: contexts.flatMap(({ handlers }) => handlers),
  };
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
  const isSeen = isRaiseKnown(place);
  if (isSeen) steps.push({ atNs: atNs[index], kind: STEP.raise, place, ownNs: 0 });
  const step = isSeen && enteredNs === atNs[index] ? STEP.softirqAtRaise : STEP.softirq;
  steps.push({ atNs: enteredNs, kind: step, place, ownNs });
}

/** When its handler or routine was entered, in ns from the recording's start. */
export function entryNs({ stream, index }: ArrivalPlace): number {
  const latencyNs = stream.latencyNs[index];
  return stream.atNs[index] + (latencyNs === UNKNOWN_LATENCY ? 0 : latencyNs);
}

export function isRaiseKnown({ stream, index }: ArrivalPlace): boolean {
  return stream.latencyNs[index] !== UNKNOWN_LATENCY;
}

function contextsOf(steps: readonly Step[]): RecordingContexts {
  const contexts: RecordingContexts = { raises: [], handlers: [] };
  const stack = new SpanStack();
  const raised = new Map<RecordedStream, RaiseContext>();
  for (const { atNs, kind, place, ownNs } of steps) {
    if (kind === STEP.raise) {
      raised.set(place.stream, stack.raise(place));
      continue;
    }
    stack.advance(atNs);
    const isSoftirq = kind !== STEP.handler;
    const context = isSoftirq ? raised.get(place.stream) : undefined;
    if (context !== undefined && context.place.index === place.index) {
      raised.delete(place.stream);
      const { obstacle, sinceNs } = stack.obstacleOf(context);
      contexts.raises.push({ ...context, obstacle, entryNs: atNs - sinceNs });
    } else if (!isSoftirq && stack.isAtThread) {
      contexts.handlers.push(stack.handlerContext(place, atNs, raised.size > 0));
    }
    stack.enter({ isSoftirq, place, leftNs: 0 }, ownNs);
  }
  return contexts;
}
