import type { CounterName, RateName } from '../kernel/outcome.js';
import type { Arrivals, DeviceSource, Scenario, TimerSource } from '../scenario/scenario.js';
import type { Interval, LatencySummary } from './result-shape.js';

/**
 * The result document: what `run --json` prints, `report` reads and `compare` compares. Its fields
 * are declared in `result-shape.ts`; here are its names.
 */
export type {
  FigureComparison, HistogramJson, Interval, LatencySummary, LoadIntervals, PolicyComparison,
  PolicyResult, PrecisionReached, ProcessorResult, ResultDocument, ResultMeta, ScopeResult, Warmup,
} from './result-shape.js';

/** Versioned: a reader refuses another major version. */
export const RESULT_SCHEMA = 'dpcbench-result/1';

/** The scenario as simulated, defaults filled in; recordings by name and hash, not by content. */
export interface SimulatedScenario extends Omit<Scenario, 'sources'> {
  sources: (SimulatedDevice | TimerSource)[];
}

export interface SimulatedDevice extends Omit<DeviceSource, 'arrivals'> {
  arrivals:
    | Exclude<Arrivals, { kind: 'recording' }>
    | { kind: 'recording'; recording: RecordingReference };
}

/** What stands for a recording's columns. */
export interface RecordingReference {
  origin: string;
  /** SHA-256 of the columns in their order, little-endian; hexadecimal. */
  hash: string;
  arrivals: number;
  /** Recorded ISRs over 25 µs and service times over 100 µs (see `guidelines.ts`). */
  longIsrs: number;
  longServices: number;
}

export const LATENCY_NAMES = ['isrWait', 'dpcWait', 'interruptToDpc'] as const;
export type LatencyName = (typeof LATENCY_NAMES)[number];

/** The figures of a latency that have intervals; the least and the greatest sample have none. */
export const INTERVAL_FIGURES = [
  'meanNs', 'p50Ns', 'p90Ns', 'p99Ns', 'p999Ns', 'p9999Ns',
] as const satisfies readonly (keyof LatencySummary)[];
export type IntervalFigure = (typeof INTERVAL_FIGURES)[number];

/** How often it happened. */
export function countOf(counters: Record<CounterName, number>, name: RateName): number {
  return name === 'drains' ? counters.dispatchDrains + counters.idleDrains : counters[name];
}

/**
 * One value for each figure: counters per 1,000 interrupts, latencies in ns. As intervals, null is
 * for a figure without samples and for a percentile of which some shard has too few.
 */
export interface PerFigure<Value> {
  perThousand: Record<RateName, Value>;
  latency: Record<LatencyName, Record<IntervalFigure, Value>>;
}
export type FigureIntervals = PerFigure<Interval | null>;
