/** What a sweep trades where nobody says. */
export const DEFAULT_FRONT = ['ipis', 'dpcWait.p99'] as const;

/** A sweep: one scenario at many points, each a choice of a value for every parameter. */
export interface SweepDocument {
  /** The scenario's name and question. */
  name: string;
  question: string;
  parameters: SweepParameter[];
  /** Every policy that some point is of, in the order of the scenario. */
  policies: string[];
  figures: SweepFigure[];
  /** The two of the figures, by place, that are traded against each other; less is better. */
  front: readonly [number, number];
  points: SweepPoint[];
  seed: number;
}

export interface SweepParameter {
  /** A path of the scenario, as `--set` takes it. */
  path: string;
  /** As written, in the order of presentation. */
  values: string[];
  /** Where each value stands on an axis: a number, ns or events per second; null for words. */
  numbers: number[] | null;
  unit: 'count' | 'ns' | 'perSecond' | null;
  isLog: boolean;
}

export interface SweepFigure {
  /** Without the policy, such as `dpcWait.p99`. */
  name: string;
  unit: 'ns' | 'count';
}

/** `value` is null for a figure of no or too few samples, the ends for one without an interval. */
export interface FigureEstimate {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** One policy at one choice of values. */
export interface SweepPoint {
  /** From 1. */
  number: number;
  /** For each parameter, the place of its value. */
  choice: number[];
  /** "" where the choice is no scenario. */
  policy: string;
  /** Why the choice is no scenario; "" otherwise. */
  problem: string;
  /** In the order of the document's; empty with a problem. */
  figures: FigureEstimate[];
  shards: number;
  interrupts: number;
  /** Not settled, or no intervals, in words; "" for neither. */
  note: string;
  /** Its report, from the folder of the sweep; "" for none. */
  report: string;
  /** The command line that repeats it. */
  command: string;
}
