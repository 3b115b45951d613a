import type { RecordedStream } from './recording.js';
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
  /** The raises that one entry serves, if a thread seems to have made them; else null. */
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

/** When its handler or routine was entered, in ns from the recording's start. */
export function entryNs({ stream, index }: ArrivalPlace): number {
  const latencyNs = stream.latencyNs[index];
  return stream.atNs[index] + (latencyNs === UNKNOWN_LATENCY ? 0 : latencyNs);
}

export function isRaiseKnown({ stream, index }: ArrivalPlace): boolean {
  return stream.latencyNs[index] !== UNKNOWN_LATENCY;
}
