import type { ShardOutcome } from '../src/result/outcome.js';

/** What a case's figure counts. Rates are better when higher, everything else when lower. */
export type Unit =
  'interrupts/s' | 'inserts/s' | 'DPCs/s' | 'ticks/s' | 'MB/s' | 'ms' | '% of the run' | 'MB';

/** What a figure or a ratio should be. */
export interface Goal {
  relation: 'at least' | 'at most';
  value: number;
}

export function meetsGoal({ relation, value }: Goal, figure: number): boolean {
  return relation === 'at least' ? figure >= value : figure <= value;
}

/** Something that is measured once a round. */
export interface BenchCase {
  /** What is timed: cases of one subject are shown together, such as `w8 vista`. */
  subject: string;
  /** By what: `wasm`, `lockstep`, `twin`, `native`, `1 worker`. With the subject it is unique. */
  variant: string;
  unit: Unit;
  /** Cases with the same key must come to the same result. */
  resultKey: string;
  /** What the figure should be. */
  goal?: Goal;
  /** Makes ready for one run; not timed. */
  prepare(): TimedRun | Promise<TimedRun>;
}

export interface TimedRun {
  /**
   * The part that is timed, from outside, unless it answers the duration in ms that it measured
   * itself: another process does.
   */
  run(): void | number | Promise<void | number>;
  /** What came of it, once the clock has stopped; `ms` is how long it took. */
  finish(ms: number): RunFigure | Promise<RunFigure>;
}

export interface RunFigure {
  /** In the unit of the case. */
  value: number;
  /** SHA-256 of the result, hexadecimal. */
  hash: string;
}

/** What came of a shard that took `ms`. */
export type FigureOf = (outcome: ShardOutcome, ms: number) => RunFigure;

/** `w8 vista, wasm`: how a case is named in a message, and found by `--only`. */
export function caseName({ subject, variant }: { subject: string; variant: string }): string {
  return `${subject}, ${variant}`;
}

/** Work per second, from a duration in ms. */
export function perSecond(work: number, ms: number): number {
  return work / (ms / 1e3);
}
