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
  };
  vectors: VectorFit[];
}

export interface EntryTimes {
  name: string;
  entry: LatencySummary;
  pooled: boolean;
}
