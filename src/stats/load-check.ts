/** How far a simulated time may lie from the reported one without being named. */
export const MOST_DIFFERENCE = 0.03;

/** Time of a processor in ns: what a report says, and what its model made of it in as long. */
export interface TimePair {
  reportedNs: number;
  simulatedNs: number;
  /** The standard deviation that chance alone gives the simulated time, as a share of it. */
  chance: number;
}

/** A load model beside the report that it was made of. */
export interface LoadCheck {
  policy: string;
  seed: number;
  /** How long the trace was, and how much was simulated and measured for it. */
  spanNs: number;
  measuredNs: number;
  processors: { dpc: TimePair; isr: TimePair }[];
}

/** By how much of the reported time the simulated one differs; null if none was reported. */
export function differenceOf({ reportedNs, simulatedNs }: TimePair): number | null {
  return reportedNs === 0 ? null : simulatedNs / reportedNs - 1;
}
