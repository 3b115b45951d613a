import type { TimeSplit } from '../result/outcome.js';
import { LEAST_SHARDS, notNegative, ratioInterval } from './interval.js';
import type { Interval, LoadIntervals } from '../result/document.js';

/**
 * How a processor, or several together, spent the time of every shard, and how deep its DPC queue
 * was: sums of which the ratios to the time are figures.
 */
export class LoadFigures {
  private readonly times = new Map<keyof TimeSplit, number[]>();
  private readonly spansNs: number[] = [];
  private readonly depthAreas: number[] = [];

  /** The figures of several processors for the same shards, added up; null for none. */
  static together(processors: readonly LoadFigures[]): LoadFigures | null {
    if (processors.length === 0) return null;
    const all = new LoadFigures();
    for (const { depthAreas, spansNs, times } of processors) {
      addColumn(all.spansNs, spansNs);
      addColumn(all.depthAreas, depthAreas);
      for (const [name, column] of times) addColumn(all.column(name), column);
    }
    return all;
  }

  /** Adds the next shard. */
  add(spanNs: number, depthAreaNs: bigint, timeSplit: TimeSplit): void {
    this.spansNs.push(spanNs);
    this.depthAreas.push(Number(depthAreaNs));
    for (const [name, ns] of Object.entries(timeSplit) as [keyof TimeSplit, number][]) {
      this.column(name).push(ns);
    }
  }

  private column(name: keyof TimeSplit): number[] {
    const known = this.times.get(name);
    if (known !== undefined) return known;
    const column: number[] = [];
    this.times.set(name, column);
    return column;
  }

  /** Null with fewer than five shards. */
  intervals(): LoadIntervals | null {
    if (this.spansNs.length < LEAST_SHARDS) return null;
    const interval = (sums: readonly number[]): Interval | null =>
      notNegative(ratioInterval(sums, this.spansNs));
    const shares = [...this.times].map(([name, column]) => [name, interval(column)]);
    return {
      timeShares: Object.fromEntries(shares) as LoadIntervals['timeShares'],
      meanDepth: interval(this.depthAreas),
    };
  }
}

function addColumn(sums: number[], column: readonly number[]): void {
  column.forEach((value, i) => {
    sums[i] = (sums[i] ?? 0) + value;
  });
}
