import { Histogram } from '../ground/histogram';

/**
 * What is counted of a source and of a processor, COUNTER_COUNT fields in the order in which they
 * are reported, then EXECUTION_SLOTS; the whole machine is the sum of its processors.
 */
@unmanaged
export class Scope {
  arrivals: i64;
  merged: i64;
  dropped: i64;
  isrs: i64;
  inserts: i64;
  coalesced: i64;
  localRequests: i64;
  ipis: i64;
  suppressed: i64;
  declined: i64;
  dispatchDrains: i64;
  idleDrains: i64;
  spurious: i64;
  dpcs: i64;
  ticks: i64;
  rescues: i64;
  missed: i64;
  threadNs: i64;
  dpcThreadNs: i64;
  held: i64;
  routineTimeouts: i64;
  dispatchTimeouts: i64;
  stillQueued: i64;

  // --- EXECUTION_*.
  isrRunNs: i64;
  isrRunMaxNs: i64;
  dpcRunNs: i64;
  dpcRunMaxNs: i64;

  isrWait: Histogram;
  dpcWait: Histogram;
  interruptToDpc: Histogram;

  /** An ISR starts that is to run for so long. */
  // @ts-ignore: decorator
  @inline
  noteIsr(ns: i64): void {
    this.isrRunNs += ns;
    if (ns > this.isrRunMaxNs) this.isrRunMaxNs = ns;
  }

  /** A DPC routine starts that is to run for so long. */
  // @ts-ignore: decorator
  @inline
  noteRoutine(ns: i64): void {
    this.dpcRunNs += ns;
    if (ns > this.dpcRunMaxNs) this.dpcRunMaxNs = ns;
  }
}
