import type { Interval } from '../result/document.js';

/** Tidy: one figure of one scope of one policy. */
export interface FigureRow {
  result: string;
  scenario: string;
  seed: number;
  /** "" for what all policies of a run share. */
  policy: string;
  scope: 'run' | 'machine' | 'source' | 'processor' | 'decision' | 'bin';
  /**
   * The source's name, the processor's index, a situation's words, or a bin's number and perhaps
   * processors; "" for run and machine.
   */
  name: string;
  /** As in the path of a figure (`stats/figure-path.ts`), such as `dpcWait.p99`. */
  figure: string;
  unit: 'count' | 'per1000' | 'ns' | 'share' | 'ratio';
  /** Null: no samples, or too few for a percentile. */
  value: number | null;
  /** The 95 % interval over shards; null where there is none. */
  low: number | null;
  high: number | null;
}

/** In the order in which a table has them. */
export const ROW_COLUMNS = [
  'result',
  'scenario',
  'seed',
  'policy',
  'scope',
  'name',
  'figure',
  'unit',
  'value',
  'low',
  'high',
] as const satisfies readonly (keyof FigureRow)[];

/** What a row says of its scope. */
export type Figure = Pick<FigureRow, 'figure' | 'unit' | 'value' | 'low' | 'high'>;

/** A figure with its interval, where there is one. */
export function figure(
  name: string,
  unit: Figure['unit'],
  value: number | null,
  interval: Interval | null = null,
): Figure {
  return {
    figure: name,
    unit,
    value,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  };
}
