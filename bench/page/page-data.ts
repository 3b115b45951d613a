/** What is embedded in the bench's page for its script. */
export interface BenchPageData {
  /** Rates, in millions a second, one chart each. */
  bars: RateBars[];
  history: RateHistory;
}

/** For each subject one bar a variant. */
export interface RateBars {
  /** The element that the chart goes into. */
  id: string;
  unit: string;
  subjects: string[];
  variants: string[];
  /** `[variant][subject]`; null where it was not measured. */
  values: (number | null)[][];
}

/** One line a workload, over the recorded benches, oldest first. */
export interface RateHistory {
  id: string;
  /** What is said of each record: commit, date, machine. */
  records: string[];
  workloads: string[];
  /** `[workload][record]`, millions of interrupts a second. */
  values: (number | null)[][];
}
