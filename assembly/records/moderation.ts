/** What a line whose device moderates its interrupts holds back (R24). */
@unmanaged
export class Moderation {
  /** Limits: NEVER for none; 0 for none. */
  timeNs: i64;
  count: u32;
  /** Arrivals since the last raise. */
  pending: u32;
  /** When the time is over; NEVER while none is pending, or where there is no such limit. */
  dueNs: i64;
  /** What the first arrival pending brought. */
  isrNs: u32;
  serviceNs: u32;
}
