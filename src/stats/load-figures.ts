import type { TimeSplit } from '../kernel/outcome.js';
import { LEAST_SHARDS, ratioInterval } from './interval.js';
import type { Interval, LoadIntervals } from './result.js';

/**
 * How a processor, or several together, spent the time of every shard, and how deep its DPC queue
 * was: sums of which the ratios to the time are figures.
 */
export class LoadFigures {
  private readonly times = new Map<keyof TimeSplit, number[]>();
  private readonly spansNs: number[] = [];
  private readonly depthAreas: number[] = [];

  /** Adds the next shard; `spanNs` is the time of all processors together. */
  add(spanNs: number, depthAreaNs: bigint, timeSplit: TimeSplit): void {
    this.spansNs.push(spanNs);
    this.depthAreas.push(Number(depthAreaNs));
    for (const [name, ns] of Object.entries(timeSplit) as [keyof TimeSplit, number][]) {
      const column = this.times.get(name);
      if (column === undefined) this.times.set(name, [ns]);
      else column.push(ns);
    }
  }

  /** Null with fewer than five shards. */
  intervals(): LoadIntervals | null {
    if (this.spansNs.length < LEAST_SHARDS) return null;
    const interval = (sums: readonly number[]): Interval | null => {
      const range = ratioInterval(sums, this.spansNs);
      return range && { low: Math.max(0, range.low), high: range.high };
    };
    const shares = [...this.times].map(([name, column]) => [name, interval(column)]);
    return {
      timeShares: Object.fromEntries(shares) as LoadIntervals['timeShares'],
      meanDepth: interval(this.depthAreas),
    };
  }
}
