import type { Counters, RateName } from './outcome.js';

/** The result document's version: a reader refuses another major one. */
export const RESULT_SCHEMA = 'dpcbench-result/1';

export const LATENCY_NAMES = ['isrWait', 'dpcWait', 'interruptToDpc'] as const;
export type LatencyName = (typeof LATENCY_NAMES)[number];

/** The figures of a latency that have intervals; the least and the greatest sample have none. */
export const INTERVAL_FIGURES = ['meanNs', 'p50Ns', 'p90Ns', 'p99Ns', 'p999Ns', 'p9999Ns'] as const;
export type IntervalFigure = (typeof INTERVAL_FIGURES)[number];

/**
 * One value for each figure: counters per 1,000 interrupts, latencies in ns. As intervals, null is
 * for a figure without samples and for a percentile of which some shard has too few.
 */
export interface PerFigure<Value> {
  perThousand: Record<RateName, Value>;
  latency: Record<LatencyName, Record<IntervalFigure, Value>>;
}

/** How often it happened; null when that was not counted. */
export function countOf(counters: Counters, name: 'drains'): number;
export function countOf(counters: Counters, name: RateName): number | null;
export function countOf(counters: Counters, name: RateName): number | null {
  return name === 'drains'
    ? counters.dispatchDrains + counters.idleDrains
    : (counters[name] ?? null);
}
