/** Durations of a module's routines: a histogram scaled to the time that is reported. */
export interface Durations {
  meanNs: number;
  edgesNs: number[];
  weights: number[];
  /** By how much the edges of the report were multiplied. */
  factor: number;
}

/** A source of the scenario: what a module does on a processor. */
export interface LoadSource {
  name: string;
  processor: number;
  ratePerSecond: number;
  /** Too few were reported here to tell a distribution: each takes the mean time. */
  isRare: boolean;
  isPeriodic: boolean;
  isr: Durations | null;
  dpc: Durations | null;
}

/** A module with its durations, which are the same on every processor. */
export interface LoadModule {
  name: string;
  isrCount: number;
  dpcCount: number;
  isr: Durations | null;
  dpc: Durations | null;
  sources: LoadSource[];
}
