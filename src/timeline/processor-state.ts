import type { Importance } from '../policy/policy.js';
import type { Tunables } from '../scenario/scenario.js';
import type { DrainOrigin, Request } from './log-event.js';

export const DISPATCH_LEVEL = 2;
export const CLOCK_LEVEL = 13;
export const IPI_LEVEL = 14;

/** The IRQLs that have names (R3). */
export const IRQL_NAMES: Record<number, string> = {
  0: 'PASSIVE',
  2: 'DISPATCH',
  13: 'CLOCK',
  14: 'IPI',
};

/** What may stand on a processor's stack (R2); `idle` and `thread` at the bottom alone. */
export type FrameKind =
  'idle' | 'thread' | 'dpc-thread' | 'switch' | 'wake' | 'drain' | 'isr' | 'clock' | 'ipi';

/** An activity on a processor's stack. Only the top one makes progress. */
export interface Frame {
  kind: FrameKind;
  /** Its IRQL; a thread's is that of its PASSIVE sections: see `irqlOf`. */
  irql: number;
  startNs: number;
  /** An ISR's: its source's name and index. */
  source: string;
  index: number;
  /** A drain's. */
  origin: DrainOrigin | null;
  /** What a drain or the DPC thread runs; null during the entry of a drain, or between routines. */
  routine: Routine | null;
  /** A drain's, or the DPC thread's: routines begun so far. */
  routines: number;
  /** An ISR's: it has queued its DPC and pays for the IPI (R7). */
  isSending: boolean;
  /** A clock activity's: when its tick fell due. */
  dueNs: number;
  /** A thread's. */
  sections: Sections | null;
}

/** A routine under way. */
export interface Routine {
  dpc: QueuedDpc;
  items: number;
  startNs: number;
  waitNs: number;
}

/** A DPC object from the insert that linked it (R9). */
export interface QueuedDpc {
  object: number;
  name: string;
  /** Its source's; −1 for KiTimerExpiration. */
  index: number;
  importance: Importance;
  threaded: boolean;
  queuedNs: number;
  /** The processor that queued it. */
  by: number;
  request: Request;
  /** The facts of R10 about its target right after linking (src/policy/facts.ts). */
  facts: number;
}

/** The sections of a thread (R17), and how far it has come, in ns. */
export interface Sections {
  passiveNs: number;
  dispatchNs: number;
  ranNs: number;
  /** Since when it is on top; null while something stands above it. */
  resumedNs: number | null;
}

/** A device interrupt that waits to be accepted. */
export interface WaitingInterrupt {
  index: number;
  source: string;
  irql: number;
  sinceNs: number;
}

/** A processor (its PRCB) at an instant. */
export interface ProcessorState {
  index: number;
  /** From the bottom up. */
  stack: Frame[];
  /** The idle loop's at the bottom (R14). */
  halted: boolean;
  requested: boolean;
  draining: boolean;
  /** A DISPATCH interrupt waits. */
  dispatchWaiting: boolean;
  /** An IPI at IPI level waits. */
  ipiWaiting: boolean;
  /** The DPC thread has work and does not run yet (R22). */
  signalled: boolean;
  /** A thread waits for the idle loop (R17). */
  threadReady: boolean;
  /** Device interrupts that wait, in the order in which they were raised. */
  waiting: WaitingInterrupt[];
  /** From the head on. */
  queue: QueuedDpc[];
  threadedQueue: QueuedDpc[];
  maximumDepth: number;
  /** Ticks until the maximum depth may rise (R16). */
  countdown: number;
  requestRate: number;
  drainRate: number;
  insertsSinceTick: number;
  dpcsSinceTick: number;
}

/** Time 0: the idle loop, and nothing known of the rates. */
export function idleProcessor(index: number, tunables: Tunables): ProcessorState {
  return {
    index,
    stack: [frame('idle', 0, 0)],
    halted: false,
    requested: false,
    draining: false,
    dispatchWaiting: false,
    ipiWaiting: false,
    signalled: false,
    threadReady: false,
    waiting: [],
    queue: [],
    threadedQueue: [],
    maximumDepth: tunables.maximumDpcQueueDepth,
    countdown: tunables.adjustDpcThreshold,
    requestRate: 0,
    drainRate: 0,
    insertsSinceTick: 0,
    dpcsSinceTick: 0,
  };
}

export function frame(
  kind: FrameKind,
  irql: number,
  startNs: number,
  more: Partial<Frame> = {},
): Frame {
  return {
    kind,
    irql,
    startNs,
    source: '',
    index: -1,
    origin: null,
    routine: null,
    routines: 0,
    isSending: false,
    dueNs: 0,
    sections: null,
    ...more,
  };
}

export function topOf({ stack }: ProcessorState): Frame {
  return stack[stack.length - 1];
}

/** Whether the bottom is the idle loop, whatever stands above it (R10); not under a DPC thread. */
export function isIdle({ stack }: ProcessorState): boolean {
  return stack[0].kind === 'idle' && stack[1]?.kind !== 'dpc-thread';
}

/** The IRQL at which the processor runs at `nowNs`. */
export function irqlOf(processor: ProcessorState, nowNs: number): number {
  const top = topOf(processor);
  const isHeld = top.sections !== null && holdsSpinLock(top.sections, nowNs);
  return isHeld ? DISPATCH_LEVEL : top.irql;
}

/** Whether a thread is in one of its DISPATCH sections (R17). One that ends now has ended. */
export function holdsSpinLock(sections: Sections, nowNs: number): boolean {
  return sections.dispatchNs > 0 && placeInCycle(sections, nowNs) >= sections.passiveNs;
}

/** When the section ends that the thread is in, if nothing interrupts it; Infinity for none. */
export function sectionEndNs(sections: Sections, nowNs: number): number {
  const { dispatchNs, passiveNs } = sections;
  if (dispatchNs === 0) return Infinity;
  const place = placeInCycle(sections, nowNs);
  return nowNs + (place < passiveNs ? passiveNs : passiveNs + dispatchNs) - place;
}

function placeInCycle(
  { dispatchNs, passiveNs, ranNs, resumedNs }: Sections,
  nowNs: number,
): number {
  return (ranNs + (resumedNs === null ? 0 : nowNs - resumedNs)) % (passiveNs + dispatchNs);
}
