import type { DrainOrigin, LogEvent, Request } from './log-event.js';
import type { MachineState } from './machine-state.js';
import {
  DISPATCH_LEVEL,
  type Frame,
  type ProcessorState,
  type Routine,
  type Sections,
} from './processor-state.js';

export type SpanKind =
  /** The idle loop with nothing above it: polling, or halted (R14). */
  | 'poll'
  | 'halt'
  /** A thread with nothing above it: at PASSIVE, or holding a spin lock (R17). */
  | 'passive'
  | 'spin-lock'
  /** The DPC thread, and the switch to it (R22). */
  | 'dpc-thread'
  | 'switch'
  | 'wake'
  /** From its entry to its end (R12); its routines are spans of their own. */
  | 'drain'
  | 'routine'
  | 'isr'
  | 'clock'
  | 'ipi';

/** What a processor did from one instant to another. What interrupts it lies within, higher up. */
export interface Span {
  processor: number;
  kind: SpanKind;
  irql: number;
  /** Place in the stack, 0 at the bottom; a routine has one of its own above what runs it. */
  level: number;
  startNs: number;
  endNs: number;
  /** A routine's DPC object, an ISR's source; else "". */
  label: string;
  /** The index of the source of an ISR or a routine; −1 for none and for KiTimerExpiration. */
  index: number;
  /** A drain's and its routines': on the DPC stack (`dispatch`), or on the idle stack. */
  origin: DrainOrigin | null;
  /** It went on when the log was over. */
  isOpen: boolean;
}

/** The idle loop polls, or the processor is halted: it leaves its lane empty. */
export function isHalted({ kind }: Span): boolean {
  return kind === 'halt' || kind === 'poll';
}

/** From the insert of a DPC to its routine, or from the request of an IPI to its delivery. */
export interface Arrow {
  kind: 'dpc' | 'ipi';
  /** The DPC object that was queued. */
  label: string;
  /** Its source's; −1 for KiTimerExpiration. */
  index: number;
  from: number;
  fromNs: number;
  to: number;
  toNs: number;
  /** What the insert asked for. */
  request: Request;
}

/** Takes what is over; `onSpan` in the order of ends. */
export interface SpanSink {
  /** A span above level 0 begins; it has no end yet. */
  onOpen?(span: Span): void;
  onSpan(span: Span): void;
  onArrow(arrow: Arrow): void;
}

/** What of a processor is under way. */
interface Lane {
  frames: { frame: Frame; span: Span }[];
  routines: { routine: Routine; span: Span }[];
  /** The stretch of a bare bottom. */
  bottom: Span | null;
  /** Where that is a thread: its sections, and how far it had come when the stretch began. */
  sections: Sections | null;
  ranNs: number;
}

/**
 * Tells spans and arrows from the events that it hands on to a `MachineState`. The machine may be
 * under way: what is open then began when it did, but for the idle loop, whose halt or polling
 * begins with the last event before.
 */
export class SpanRecorder {
  private readonly lanes: Lane[];

  constructor(
    readonly state: MachineState,
    private readonly sink: SpanSink,
  ) {
    this.lanes = state.processors.map(() => ({
      frames: [],
      routines: [],
      bottom: null,
      sections: null,
      ranNs: 0,
    }));
    for (const cpu of state.processors) this.adopt(cpu, state.nowNs);
  }

  /** Applies the event to the state. */
  add(event: LogEvent): void {
    const { ipis, processors } = this.state;
    const arrived = event.e === 'ipi' ? ipis[0] : undefined;
    this.state.apply(event);
    const cpu = processors[event.p];
    this.follow(cpu, event.t);
    if (arrived !== undefined) {
      const { dpc: label, from, index, sentNs: fromNs, to } = arrived;
      const toNs = event.t;
      this.sink.onArrow({ kind: 'ipi', label, index, from, fromNs, to, toNs, request: 'ipi' });
    }
    if (event.e === 'dpc-start') this.arrive(cpu, event.object, event.t);
  }

  /** Ends what is under way at the end of the log. Afterwards nothing more may be added. */
  finish(nowNs: number): void {
    for (const lane of this.lanes) {
      this.closeBottom(lane, nowNs, true);
      for (const { span } of lane.routines) this.close(span, nowNs, true);
      for (const { span } of lane.frames.toReversed()) this.close(span, nowNs, true);
    }
  }

  private arrive(cpu: ProcessorState, object: number, nowNs: number): void {
    const started = this.lanes[cpu.index].routines.find(
      ({ routine }) => routine.dpc.object === object && routine.startNs === nowNs,
    );
    if (started === undefined) return;
    const { by: from, index, name: label, queuedNs: fromNs, request } = started.routine.dpc;
    const to = cpu.index;
    this.sink.onArrow({ kind: 'dpc', label, index, from, fromNs, to, toNs: nowNs, request });
  }

  /** Opens all that stands on a stack. */
  private adopt(cpu: ProcessorState, nowNs: number): void {
    const lane = this.lanes[cpu.index];
    cpu.stack.slice(1).forEach((frame, place) => {
      this.openFrame(lane, cpu, frame);
      if (frame.routine !== null) this.openRoutine(lane, cpu, frame, place + 1);
    });
    this.openBottom(cpu, nowNs);
  }

  /** Closes what has left the stack and opens what is new on it. */
  private follow(cpu: ProcessorState, nowNs: number): void {
    const lane = this.lanes[cpu.index];
    if (lane.bottom !== null && !isOnTop(cpu, lane.bottom)) this.closeBottom(lane, nowNs, false);
    this.followRoutines(lane, cpu, nowNs);
    const above = cpu.stack.slice(1);
    for (let last = lane.frames.at(-1); last !== undefined; last = lane.frames.at(-1)) {
      if (above.includes(last.frame)) break;
      lane.frames.pop();
      this.close(last.span, nowNs, false);
    }
    for (const frame of above.slice(lane.frames.length)) this.openFrame(lane, cpu, frame);
    if (lane.bottom === null) this.openBottom(cpu, nowNs);
  }

  private openFrame(lane: Lane, cpu: ProcessorState, frame: Frame): void {
    const span = spanOf(cpu, frame, lane.frames.length + 1 + lane.routines.length);
    lane.frames.push({ frame, span });
    this.sink.onOpen?.(span);
  }

  private followRoutines(lane: Lane, cpu: ProcessorState, nowNs: number): void {
    const isRunning = (routine: Routine): boolean =>
      cpu.stack.some((frame) => frame.routine === routine);
    for (const { routine, span } of lane.routines) {
      if (!isRunning(routine)) this.close(span, nowNs, false);
    }
    lane.routines = lane.routines.filter(({ routine }) => isRunning(routine));
    cpu.stack.forEach((frame, place) => {
      const { routine } = frame;
      if (routine === null || lane.routines.some((known) => known.routine === routine)) return;
      this.openRoutine(lane, cpu, frame, place);
    });
  }

  /** The routine of the frame at a place of the stack. */
  private openRoutine(lane: Lane, cpu: ProcessorState, frame: Frame, place: number): void {
    const { routine } = frame;
    if (routine === null) return;
    const { index, name: label } = routine.dpc;
    const { startNs } = routine;
    const carried = spanOf(cpu, frame, place + 1 + lane.routines.length);
    const span: Span = { ...carried, kind: 'routine', startNs, label, index };
    lane.routines.push({ routine, span });
    this.sink.onOpen?.(span);
  }

  private openBottom(cpu: ProcessorState, nowNs: number): void {
    if (cpu.stack.length > 1) return;
    const lane = this.lanes[cpu.index];
    const [frame] = cpu.stack;
    lane.sections = frame.sections;
    lane.ranNs = frame.sections?.ranNs ?? 0;
    const startNs = frame.sections?.resumedNs ?? nowNs;
    lane.bottom = { ...spanOf(cpu, frame, 0), kind: bottomKind(cpu), startNs };
  }

  /** A thread's stretch is cut into its sections. */
  private closeBottom(lane: Lane, nowNs: number, isOpen: boolean): void {
    const { bottom, ranNs, sections } = lane;
    lane.bottom = null;
    if (bottom === null || bottom.startNs === nowNs) return;
    if (sections === null || sections.dispatchNs === 0) {
      this.close(bottom, nowNs, isOpen);
      return;
    }
    for (const piece of sectionsOf(bottom, sections, ranNs, nowNs)) {
      this.close(piece, piece.endNs, isOpen && piece.endNs === nowNs);
    }
  }

  private close(span: Span, endNs: number, isOpen: boolean): void {
    span.endNs = endNs;
    span.isOpen = isOpen;
    this.sink.onSpan(span);
  }
}

function isOnTop(cpu: ProcessorState, bottom: Span): boolean {
  return cpu.stack.length === 1 && bottomKind(cpu) === bottom.kind;
}

function bottomKind({ halted, stack }: ProcessorState): 'poll' | 'halt' | 'passive' {
  if (stack[0].kind === 'thread') return 'passive';
  return halted ? 'halt' : 'poll';
}

function spanOf(cpu: ProcessorState, frame: Frame, level: number): Span {
  const { index, irql, origin, source: label, startNs } = frame;
  const kind = frame.kind === 'idle' || frame.kind === 'thread' ? bottomKind(cpu) : frame.kind;
  const endNs = startNs;
  const processor = cpu.index;
  return { processor, kind, irql, level, startNs, endNs, label, index, origin, isOpen: false };
}

/** A stretch of more sections than that is told as a whole. */
const MOST_SECTIONS = 10_000;

/** The sections that a thread went through from the start of a stretch on, the last one cut. */
function sectionsOf(
  stretch: Span,
  { dispatchNs, passiveNs }: Sections,
  ranNs: number,
  endNs: number,
): Span[] {
  const cycleNs = passiveNs + dispatchNs;
  if ((endNs - stretch.startNs) / cycleNs > MOST_SECTIONS / 2) return [{ ...stretch, endNs }];
  const pieces: Span[] = [];
  let place = ranNs % cycleNs;
  for (let startNs = stretch.startNs; startNs < endNs;) {
    const isHeld = place >= passiveNs;
    const nextNs = Math.min(endNs, startNs + (isHeld ? cycleNs : passiveNs) - place);
    pieces.push({
      ...stretch,
      kind: isHeld ? 'spin-lock' : 'passive',
      irql: isHeld ? DISPATCH_LEVEL : 0,
      startNs,
      endNs: nextNs,
    });
    place = isHeld ? 0 : passiveNs;
    startNs = nextNs;
  }
  return pieces;
}
