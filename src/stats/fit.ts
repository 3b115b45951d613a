import type { LatencySummary } from '../result/document.js';
import type { VectorFit } from './prediction.js';

export const FIT_SCHEMA = 'dpcbench-fit/1';

/** What `fit --json` prints: how well the machine predicts the second half of a recording. */
export interface FitDocument {
  schema: typeof FIT_SCHEMA;
  meta: {
    versions: { dpcbench: string; abi: number; rules: number };
    kernelHash: string;
    origin: string;
    processors: number;
    spanNs: number;
    /** Costs are measured before this instant, predictions judged from it on. */
    halfNs: number;
    seed: number;
  };
  policy: { name: string; sentence: string; source: string };
  calibration: {
    dispatchNs: number;
    dequeueNs: number;
    dequeueCount: number;
    /** Above `dispatchNs` entry times are drawn from these; `pooled`: from all of their group. */
    afterRaise: EntryTimes[];
    afterHandler: EntryTimes[];
    /**
     * What was measured between the exit of a handler that had raised a softirq and the entry of a
     * handler that came in before the softirq's: most of it went into taking the interrupt.
     */
    beforeHandler: EntryTimes[];
  };
  vectors: VectorFit[];
}

export interface EntryTimes {
  name: string;
  entry: LatencySummary;
  pooled: boolean;
  /**
   * Of these, outliers: over ten times the p90 of what is drawn from, and over its p99 if that is
   * known. Who draws one waits alone; any other time drawn is time of the processor.
   */
  lateCount: number;
}
