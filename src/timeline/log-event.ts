/**
 * The lines of a detailed event log: those of section 10 of docs/semantics.md, with numbers beside
 * the names, and what they leave to be worked out (from `clock-start` on). `t` is in ns, `p` the
 * processor.
 *
 * A `LogBatch` of the debug kernel hands them out (`detailedEvent`). Names may be equal, numbers
 * are not.
 */
export type LogEvent = At &
  (
    | { e: 'arrival'; source: string; index: number; outcome: Raise; dropped: boolean }
    | { e: 'raise'; source: string; index: number; outcome: Raise }
    | { e: 'isr-start' | 'isr-end'; source: string; index: number }
    | InsertEvent
    | { e: 'ipi' }
    | { e: 'drain-start'; origin: DrainOrigin }
    | DpcStartEvent
    | ({ e: 'dpc-end' } & DpcObject)
    | { e: 'drain-end'; dpcs: number }
    | TickEvent
    | { e: 'thread' | 'idle' | 'halt' | 'dpc-thread' | 'dpc-thread-end' }
    | { e: 'watchdog'; kind: 'routine' | 'dispatch'; dpc?: string; source?: string }
    /** The clock's activity starts; `due` is when its tick fell due. */
    | { e: 'clock-start'; due: number }
    /** The handler of an IPI at IPI level (R11). */
    | { e: 'ipi-start' | 'ipi-end' }
    /** The exit from a halt that no interrupt pays (R14). */
    | { e: 'wake' }
    /** A wake, or the switch to the DPC thread, is over. */
    | { e: 'dispatch-end' }
    /** A thread is ready (R17); `loop`: control reaches the idle loop (R14). */
    | { e: 'ready' | 'loop' }
    /** What was drawn for the thread that has just become the bottom, in ns (R17). */
    | { e: 'sections'; passive: number; dispatch: number }
  );

interface At {
  t: number;
  p: number;
}

export type Raise = 'raised' | 'merged' | 'held';
export type DrainOrigin = 'dispatch' | 'idle';
/** What an insert asked of its target (R10). */
export type Request = 'none' | 'suppressed' | 'local' | 'ipi';

interface DpcObject {
  /** Its name. */
  dpc: string;
  /** Its number, which no other object has. */
  object: number;
  /** Its source's; −1 for KiTimerExpiration. */
  index: number;
}

/** Where `queued` is true, `depth` and `request` are there. */
export interface InsertEvent extends DpcObject {
  e: 'insert';
  target: number;
  queued: boolean;
  depth?: number;
  request?: Request;
}

export interface DpcStartEvent extends DpcObject {
  e: 'dpc-start';
  items: number;
  /** Since it was linked, in ns. */
  wait: number;
}

export interface TickEvent {
  e: 'tick';
  requestRate: number;
  drainRate: number;
  maximum: number;
  rescue: boolean;
}
