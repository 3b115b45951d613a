import { Dpc } from './dpc';

/**
 * The DPC thread of a processor (R22): its list, its routine, and what it keeps of the bottom that
 * it has taken the place of. The routine's own time stands where a thread's does.
 */
@unmanaged
export class DpcThread {
  head: Dpc | null;
  tail: Dpc | null;
  /** Null while it is not active, during the switch to it and between routines. */
  running: Dpc | null;
  /** The routine left items because of its budget: it queues its object again (R13). */
  leftOver: bool;

  bottomBelow: u8;
  ranBelowNs: i64;
  busyBelowNs: i64;
  passiveBelowNs: i64;
  dispatchSectionBelowNs: i64;
}
