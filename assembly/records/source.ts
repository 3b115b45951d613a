import { Scope } from './scope';
import { Stream } from '../ground/random';

/** A source of interrupts (R5) or a timer (R8), with its streams and its place in them. */
@unmanaged
export class Source extends Scope {
  index: i32;
  /** First slot of its record in the config block. */
  record: i32;
  level: u32;
  hasDpc: bool;
  /**
   * All its interrupts go to one processor; all its DPCs run on one. Then what is counted of the
   * source is counted of that processor too, and is added there when the result is written.
   */
  soleLine: bool;
  soleTarget: bool;
  /** No arrival will ever be drawn again. */
  exhausted: bool;
  /** Its lines hold interrupts back (R24). */
  moderated: bool;
  /** Has an arrival to come, as the machine in step has counted. */
  comes: bool;
  constantWork: bool;
  constantIsrNs: u32;
  constantServiceNs: u32;
  constantPerItemNs: u32;

  /** Distributions (first slots). */
  isr: i32;
  service: i32;
  perItem: i32;
  gap: i32;

  gaps: Stream;
  phases: Stream;
  isrTimes: Stream;
  services: Stream;
  perItems: Stream;

  /** How many arrivals were drawn so far, and the last one's time. */
  drawn: i64;
  lastNs: i64;
  /** Bursts: the end of the phase that `lastNs` stands in. */
  phaseEndNs: i64;

  /**
   * Lines in the order of processors, count; and for each place of the routing list its line (R18).
   */
  lines: usize;
  lineCount: i32;
  route: usize;
  routeLength: i32;
  routeAt: i32;

  /** Successful inserts, for round-robin targets (R19). */
  queuedCount: i64;

  // --- Timers.
  dueNs: i64;
  periodNs: i64;
}
