import { Dpc } from './dpc';
import { DpcThread } from './dpc-thread';
import { Scope } from './scope';
import { Stream } from '../ground/random';
import { NEVER } from '../ground/config';
import { NsSum } from '../ground/ns-sum';

/** IRQLs of x64 (R3). */
export const PASSIVE_LEVEL: u32 = 0;
export const DISPATCH_LEVEL: u32 = 2;
export const CLOCK_LEVEL: u32 = 13;
export const IPI_LEVEL: u32 = 14;
/** Bits of the device IRQLs, 3 to 12. */
export const DEVICE_LEVELS: u32 = 0x1ff8;
const LEVELS: i32 = 16;

/** What runs at DISPATCH_LEVEL. */
export const DRAIN_ENTRY: u8 = 0;
export const DRAIN_ROUTINE: u8 = 1;
export const WAKE: u8 = 2;
export const THREAD_SWITCH: u8 = 3;

/** What is at the bottom of the stack (R2, R22). */
export const IDLE_LOOP: u8 = 0;
export const THREAD: u8 = 1;
export const DPC_THREAD: u8 = 2;

/**
 * A processor, after nt!_KPRCB. Its activities form a stack with at most one at each IRQL (R3
 * accepts only what is higher), so the stack is a bit mask: bit q is set while something runs, or
 * lies interrupted, at IRQL q; no bit set means that the bottom itself, idle loop or thread, is on
 * top.
 */
@unmanaged
export class Prcb extends Scope {
  index: i32;
  /** Activities above the bottom, by IRQL. */
  levels: u32;
  /** When the top activity ends; NEVER for an idle loop. */
  topEndNs: i64;
  nextArrivalNs: i64;
  nextTickNs: i64;
  /** When the next thread becomes ready; NEVER while one is or runs, or when there are none. */
  threadReadyNs: i64;
  /** The earlier of the two. */
  timerNs: i64;

  // --- The queue: nt!_KDPC_DATA and the adaptive threshold (R16).
  head: Dpc | null;
  tail: Dpc | null;
  depth: i32;
  /** The length of the second list, which the DPC thread empties (R22). */
  threadedDepth: i32;
  maximumDepth: i32;
  countdown: i32;
  requestRate: i32;
  drainRate: i32;
  insertsSinceTick: i32;
  dpcsSinceTick: i32;

  // --- Flags, a byte each.
  bottom: u8;
  threadIsReady: bool;
  exitPaid: bool;
  draining: bool;
  requested: bool;
  dispatchWaiting: bool;
  drainIsIdle: bool;
  /** An empty line of this processor was given arrivals: `nextArrivalNs` is to be found again. */
  arrivalsChanged: bool;
  /** The running routine left items because of its budget: it queues its object again (R13). */
  leftOver: bool;
  /** Counted among the processors that still have work, once arrivals are over. */
  countedBusy: bool;
  /** What the activity at DISPATCH_LEVEL is. */
  dispatchPhase: u8;
  /** A drain that ends passes the processor on to its DPC thread (R22). */
  signalled: bool;

  /** Interrupts that wait, by IRQL (3 to 14). */
  waitingLevels: u32;
  drainStartNs: i64;
  /** Routines run by this drain. */
  drained: i32;
  running: Dpc | null;

  /**
   * When the idle loop sets or has set its halted flag (R14); NEVER once interrupted before that.
   */
  haltNs: i64;
  /** When the halt is due as an event, which only the log needs; NEVER when it is not. */
  haltEventNs: i64;

  // --- Thread (R17), or the DPC thread's routine (R22).
  threadRanNs: i64;
  threadResumedNs: i64;
  threadBusyNs: i64;
  passiveNs: i64;
  dispatchSectionNs: i64;
  threadStream: Stream;
  /** First slot of its background record; 0 when it runs no threads. */
  background: i32;

  // --- Clock (R15): due time of the tick that runs and of the one that waits.
  clockDueNs: i64;
  clockWaitingDueNs: i64;

  // --- Time by activity.
  isrNs: i64;
  clockTimeNs: i64;
  ipiTimeNs: i64;
  dispatchDrainNs: i64;
  idleDrainNs: i64;

  // --- Queue depth over time.
  depthMaximum: i32;
  /** What the objects queued when statistics began had waited by then. */
  waitedBefore: NsSum;

  timerDpc: Dpc;
  /** Its timers, in the order of the scenario: first pointer, count. */
  timers: usize;
  timerCount: i32;

  /** Lines that interrupt it, in the order of sources: first pointer, count. */
  lines: usize;
  lineCount: i32;
  /** Its lines ordered by IRQL, then source; those of IRQL q start at `byLevelStart[q]`. */
  linesByLevel: usize;
  byLevelStart: usize;
  /** Next arrival of each of its lines, and the place of the earliest, which `nextArrivalNs` is. */
  arrivalKeys: usize;
  nextPlace: u32;
  /** Lines with a foreign target: first pointer, count. */
  foreignLines: usize;
  foreignCount: i32;

  /** By IRQL: remaining ns of an interrupted activity (i64), and the line of an ISR. */
  remaining: usize;
  frames: usize;

  // --- What few scenarios use.
  /** Ticks in a row over a routine or an ISR, and over DISPATCH_LEVEL or above (R23). */
  routineTicks: i64;
  dispatchTicks: i64;
  /** Where the scenario has threaded DPCs. */
  dpcThread: DpcThread;

  /** IRQL of the top activity, threads apart: 0 on a bare bottom. */
  // @ts-ignore: decorator
  @inline
  topLevel(): u32 {
    return 31 - clz<u32>(this.levels | 1);
  }

  // @ts-ignore: decorator
  @inline
  isOnBottom(): bool {
    return this.levels == 0;
  }

  /** Is the bottom no idle loop? */
  // @ts-ignore: decorator
  @inline
  get isThread(): bool {
    return this.bottom != IDLE_LOOP;
  }

  /**
   * Is the halted flag of the idle loop at the bottom set? Halts come last at an instant (R4), so
   * one that is due now is not. No event sets the flag: it is worked out when someone asks.
   */
  // @ts-ignore: decorator
  @inline
  isHalted(nowNs: i64): bool {
    return this.haltNs < nowNs;
  }

  remainingAt(level: u32): i64 {
    return load<i64>(this.remaining + ((<usize>level) << 3));
  }

  setRemaining(level: u32, ns: i64): void {
    store<i64>(this.remaining + ((<usize>level) << 3), ns);
  }

  /** Where the line stands whose ISR runs or lies interrupted at a device IRQL. */
  // @ts-ignore: decorator
  @inline
  frameAt(level: u32): usize {
    return this.frames + ((<usize>level) << 2);
  }

  /** Bytes of the two tables by IRQL. */
  static frameBytes(): usize {
    return LEVELS * 12;
  }

  attachFrames(memory: usize): void {
    this.remaining = memory;
    this.frames = memory + LEVELS * 8;
  }

  setThreadReady(ns: i64): void {
    this.threadReadyNs = ns;
    this.timerNs = min(ns, this.nextTickNs);
  }

  setNextTick(ns: i64): void {
    this.nextTickNs = ns;
    this.timerNs = min(ns, this.threadReadyNs);
  }

  /** Nothing is due: time 0, before the idle loop is entered. */
  start(firstTickNs: i64): void {
    this.topEndNs = NEVER;
    this.nextTickNs = firstTickNs;
    this.threadReadyNs = NEVER;
    this.timerNs = firstTickNs;
    this.haltNs = NEVER;
    this.haltEventNs = NEVER;
  }
}
