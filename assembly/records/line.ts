import { Dpc } from './dpc';
import { Moderation } from './moderation';
import { Prcb } from './prcb';
import { Source } from './source';

/** An arrival as its source's streams give it, the same under every policy: 24 bytes. */
@unmanaged
export class Arrival {
  atNs: i64;
  isrNs: u32;
  serviceNs: u32;
  perItemNs: u32;
  /** Its number k within the source, modulo 2^32. */
  number: u32;
}
export const ARRIVAL_BYTES: usize = 24;

/**
 * An interrupt line: a source as one processor sees it, like an MSI-X vector. It can wait to be
 * accepted once (R6), and holds the arrivals drawn ahead for it in a ring.
 */
@unmanaged
export class Line {
  /** The next arrival to raise, and the place in the ring after the last one drawn. */
  next: u32;
  end: u32;
  ring: usize;
  mask: u32;
  level: u32;

  waiting: bool;
  /** The ISR has queued its DPC and pays for the IPI (R7). */
  inSend: bool;
  /** Its ISR touches another processor's queue. */
  foreign: bool;
  /** The raising arrival of the ISR that waits, then of the one that runs. */
  raisedNs: i64;
  waitingIsrNs: u32;
  waitingServiceNs: u32;
  runningServiceNs: u32;

  /**
   * The next arrival whose item is not in the FIFO yet; follows `next` unless the line is foreign.
   */
  nextItem: u32;

  source: Source;
  prcb: Prcb;
  /** The object its arrivals leave their items in; also for a source without a DPC (R7). */
  dpc: Dpc;
  /** Null where each arrival raises the interrupt. */
  moderation: Moderation | null;

  // @ts-ignore: decorator
  @inline
  at(place: u32): Arrival {
    return changetype<Arrival>(this.ring + <usize>(place & this.mask) * ARRIVAL_BYTES);
  }

  // @ts-ignore: decorator
  @inline
  hasNext(): bool {
    return this.next != this.end;
  }

  /** Free places for arrivals to be drawn ahead. */
  room(): u32 {
    return this.mask + 1 - max<u32>(this.end - this.next, this.end - this.nextItem);
  }
}

/** The line whose ISR runs or lies interrupted at a device IRQL of a processor. */
// @ts-ignore: decorator
@inline
export function runningLine(prcb: Prcb, level: u32): Line {
  return changetype<Line>(load<usize>(prcb.frameAt(level)));
}

// @ts-ignore: decorator
@inline
export function setRunningLine(prcb: Prcb, line: Line): void {
  store<usize>(prcb.frameAt(line.level), changetype<usize>(line));
}
