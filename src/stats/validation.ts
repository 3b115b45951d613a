import type { Interval } from '../result/document.js';

/** What `validate --json` prints. */
export interface Validation {
  schema: 'dpcbench-validation/1';
  /** Simulated for each random case, all shards together. */
  interrupts: number;
  seed: number;
  shards: number;
  figures: ValidatedFigure[];
}

/** A figure of a special case of the machine against its closed form. */
export interface ValidatedFigure {
  model: string;
  load: string;
  figure: string;
  unit: 'ns' | 'share' | 'count';
  theory: number;
  /** Null: too few samples. */
  measured: number | null;
  /** At 95 % over shards; null for a figure that must be exact, and without `measured`. */
  interval: Interval | null;
  isExact: boolean;
  verdict: 'agrees' | 'differs' | 'too few samples';
}
