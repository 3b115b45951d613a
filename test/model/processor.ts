import type { CounterName, ProcessorOutcome } from '../../src/result/outcome.js';
import type { InterruptLine } from './device.js';
import { DpcQueue } from './dpc.js';
import type { Dpc } from './dpc.js';
import { ExactSum, Tally } from './tally.js';
import type { Draw } from './draws.js';

/** Kinds of activity (R2). The first two stand at the bottom of a processor's stack. */
export const IDLE = 0;
export const THREAD = 1;
/** A halt exit that is not paid by an interrupt (R14). */
export const WAKE = 2;
export const DISPATCH_DRAIN = 3;
export const IDLE_DRAIN = 4;
export const ISR = 5;
export const CLOCK = 6;
export const IPI_HANDLER = 7;
/** R22; it stands right above what was the bottom before. */
export const DPC_THREAD = 8;
const KINDS = 9;

/** IRQLs (R3); devices have 3 to 12. */
export const PASSIVE_LEVEL = 0;
export const DISPATCH_LEVEL = 2;
export const CLOCK_LEVEL = 13;
export const IPI_LEVEL = 14;
/** The bottom, one activity for each IRQL above PASSIVE, and room to spare. */
const STACK_LEVELS = 16;

/** The threads of a processor, one after the other (R17). Times are those of the current one. */
export interface Background {
  draw: { busy: Draw; idle: Draw; passive: Draw; dispatch: Draw };
  passiveNs: number;
  dispatchNs: number;
  isReady: boolean;
  /** What is left of its `busy`, the section under way included. */
  busyLeftNs: number;
  sectionNs: number;
  atDispatch: boolean;
}

/** A timer source in motion. */
export interface Timer {
  source: number;
  dueNs: number;
  periodNs: number;
  service: Draw;
}

/** One processor (its PRCB): stack of activities, interrupts that wait, and DPC queue. */
export class Processor {
  // The stack. Level 0 is the bottom; only the level `top` makes progress.
  readonly kinds = new Uint8Array(STACK_LEVELS);
  readonly irqls = new Uint8Array(STACK_LEVELS);
  /** What each level below the top has left to run, in ns. */
  readonly leftNs = new Float64Array(STACK_LEVELS);
  readonly lines: (InterruptLine | null)[] = new Array(STACK_LEVELS).fill(null);
  top = 0;
  /** When the top ends; Infinity for the idle loop. */
  endNs = Infinity;

  // The idle loop (R14).
  halted = false;
  haltExitPaid = false;

  // Interrupts that wait to be accepted.
  dispatchWaits = false;
  ipiWaits = false;
  clockWaits = false;
  /** Instants at which the tick that waits, and the one being handled, fell due. */
  waitingTickNs = 0;
  runningTickNs = 0;
  readonly waitingLines: InterruptLine[] = [];

  // The queue and what a policy asks of it.
  readonly queue = new DpcQueue();
  draining = false;
  requested = false;
  maximumDepth: number;
  countdown: number;
  insertsSinceTick = 0;
  dpcsSinceTick = 0;
  requestRate = 0;
  drainRate = 0;

  // The DPC thread (R22): its list, and what is known of it.
  readonly threadedQueue = new DpcQueue();
  signalled = false;
  /** A drain has passed the signal on. */
  dpcThreadIsReady = false;
  switching = false;
  threadedRoutine: Dpc | null = null;
  threadedLeavesItems = false;

  // Ticks in a row (R23).
  routineTicks = 0;
  dispatchTicks = 0;

  // The drain under way.
  drainStartNs = 0;
  entering = false;
  routine: Dpc | null = null;
  /** Its budget made the routine leave items. */
  leavesItems = false;
  routinesRun = 0;

  background: Background | null = null;
  timers: Timer[] = [];
  timerDpc: Dpc | null = null;
  nextTickNs = 0;

  // Statistics.
  readonly tally = new Tally();
  private readonly spentNs = new Float64Array(KINDS);
  private spentUntilNs = 0;
  private readonly depthArea = new ExactSum();
  private depthUntilNs = 0;
  private deepest = 0;

  constructor(
    readonly index: number,
    tunables: { maximumDpcQueueDepth: number; adjustDpcThreshold: number },
  ) {
    this.maximumDepth = tunables.maximumDpcQueueDepth;
    this.countdown = tunables.adjustDpcThreshold;
  }

  irql(): number {
    return this.irqls[this.top];
  }

  /** Whether nothing stands above the idle loop. */
  isInIdleLoop(): boolean {
    return this.top === 0 && this.kinds[0] === IDLE;
  }

  /** Whether the DPC thread is active, whatever stands above it. */
  hasDpcThread(): boolean {
    return this.top > 0 && this.kinds[1] === DPC_THREAD;
  }

  /** Whether nothing stands above the DPC thread. */
  isInDpcThread(): boolean {
    return this.kinds[this.top] === DPC_THREAD;
  }

  /** Books the time since the last change of the top to what was at the top. */
  spend(nowNs: number): void {
    this.spentNs[this.kinds[this.top]] += nowNs - this.spentUntilNs;
    this.spentUntilNs = nowNs;
  }

  /** Call just before the queue's depth changes. */
  bookDepth(nowNs: number): void {
    this.depthArea.addTimes(this.depth(), nowNs - this.depthUntilNs);
    this.depthUntilNs = nowNs;
  }

  noteDepth(): void {
    this.deepest = Math.max(this.deepest, this.depth());
  }

  /** Objects on both lists. */
  depth(): number {
    return this.queue.depth + this.threadedQueue.depth;
  }

  outcome(counted: readonly CounterName[]): ProcessorOutcome {
    const spent = this.spentNs;
    const hasThreaded = counted.includes('dpcThreadNs');
    return {
      ...this.tally.outcome(counted),
      timeSplit: {
        isrNs: spent[ISR],
        clockNs: spent[CLOCK],
        ipiNs: spent[IPI_HANDLER],
        dispatchDrainNs: spent[DISPATCH_DRAIN],
        idleDrainNs: spent[IDLE_DRAIN],
        threadNs: spent[THREAD],
        ...(hasThreaded ? { dpcThreadNs: spent[DPC_THREAD] } : {}),
        idleNs: spent[IDLE] + spent[WAKE],
      },
      queueDepth: { maximum: this.deepest, areaNs: this.depthArea.total() },
    };
  }

  threadNs(): number {
    return this.spentNs[THREAD];
  }

  dpcThreadNs(): number {
    return this.spentNs[DPC_THREAD];
  }
}
