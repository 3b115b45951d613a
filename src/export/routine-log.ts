import type { TraceEvent } from '../kernel/simulate.js';

/** An ISR or a DPC routine that is over, times in ns. */
export interface RoutineRun {
  kind: 'dpc' | 'isr';
  processor: number;
  /** The source as a driver's file; the kernel's image for the DPC of the timers. */
  module: string;
  routine: string;
  entryNs: number;
  exitNs: number;
  /** Without the ISRs that interrupted it. */
  ownNs: number;
  /** How long a DPC was queued; 0 for an ISR. */
  waitNs: number;
}

/** A processor went to a thread or to the idle loop. */
export interface BottomChange {
  processor: number;
  atNs: number;
  isIdle: boolean;
}

export interface RoutineSink {
  onRoutine(run: RoutineRun): void;
  onBottom(change: BottomChange): void;
}

const KERNEL = 'ntoskrnl.exe';
const TIMERS = 'KiTimerExpiration';

interface Open {
  kind: 'dpc' | 'isr';
  entryNs: number;
  waitNs: number;
  interruptedNs: number;
}

/** Tells the routines that ran of an event log (section 10 of docs/semantics.md), by their ends. */
export class RoutineLog {
  private readonly stacks = new Map<number, Open[]>();

  constructor(readonly sink: RoutineSink) {}

  take(events: readonly TraceEvent[]): void {
    for (const event of events) {
      const { e, p: processor, t: atNs } = event;
      if (e === 'isr-start') this.enter('isr', event, 0);
      else if (e === 'dpc-start') this.enter('dpc', event, Number(event.wait));
      else if (e === 'isr-end') this.leave(event, String(event.source));
      else if (e === 'dpc-end') this.leave(event, String(event.dpc));
      else if (e === 'thread' || e === 'idle') {
        this.sink.onBottom({ processor, atNs, isIdle: e === 'idle' });
      }
    }
  }

  private enter(kind: Open['kind'], { p, t }: TraceEvent, waitNs: number): void {
    const stack = this.stacks.get(p) ?? [];
    this.stacks.set(p, stack);
    stack.push({ kind, entryNs: t, waitNs, interruptedNs: 0 });
  }

  private leave({ p: processor, t: exitNs }: TraceEvent, name: string): void {
    const stack = this.stacks.get(processor);
    const open = stack?.pop();
    if (stack === undefined || open === undefined) return;
    const { kind, entryNs, waitNs, interruptedNs } = open;
    const outer = stack.at(-1);
    if (outer !== undefined) outer.interruptedNs += exitNs - entryNs;
    const source = name.replace(/@\d+$/, '');
    const isTimers = source === TIMERS;
    this.sink.onRoutine({
      kind,
      processor,
      module: isTimers ? KERNEL : driverFile(source),
      routine: isTimers ? TIMERS : kind === 'isr' ? 'Isr' : 'Dpc',
      entryNs,
      exitNs,
      ownNs: exitNs - entryNs - interruptedNs,
      waitNs,
    });
  }
}

/**
 * A source as the file of a driver: scripts know a module by its ending and take a name up to a
 * blank, and nothing in it may end a cell, a line or a name.
 */
function driverFile(source: string): string {
  const name = source.replace(/[^\p{L}\p{N}_.]+/gu, '_');
  return /\.(?:sys|exe|dll)$/i.test(name) ? name : `${name}.sys`;
}
