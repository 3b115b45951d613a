import type { Counters, RateName, ReadCounters, TimeSplit } from './outcome.js';
import type { Arrivals, DeviceSource, Scenario, TimerSource } from '../scenario/scenario.js';

/**
 * The result document: what `run --json` prints, `report` reads and `compare` compares.
 * Versioned by `schema`; a reader refuses another major version.
 */
export const RESULT_SCHEMA = 'dpcbench-result/1';

export interface ResultDocument {
  schema: typeof RESULT_SCHEMA;
  meta: ResultMeta;
  /** Said before any figure; empty where nothing is wrong. */
  warnings: Warning[];
  scenario: SimulatedScenario;
  results: PolicyResult[];
  /** Every policy but the first against the first, in their order; shard by shard. */
  comparisons: PolicyComparison[];
}

/** Something that makes every other figure mean something else. */
export interface Warning {
  /**
   * `never served`, `never ran`: a device source with arrivals, a timer. `saturated`: a processor
   * without time for threads. `dropped`: over 1 % of a source's items, to a full FIFO. `unserved`:
   * over 1 % of all arrivals, when a run gave up (R21).
   */
  kind: 'never served' | 'never ran' | 'saturated' | 'dropped' | 'unserved';
  /** Under which it holds, in their order. */
  policies: string[];
  /** The sources or processors (`processor 3`) that it is about, worst first. */
  subjects: string[];
  /**
   * The greatest one, above 0 and at most 1. Of all arrivals: `never served`, `unserved`; of the
   * source's: `dropped`; of the processor's time: `saturated`; 1: `never ran`.
   */
  share: number;
  sentence: string;
}

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

/** Everything except `host` is a function of scenario, seed and kernel alone. */
export interface ResultMeta {
  versions: { dpcbench: string; abi: number; rules: number };
  /** SHA-256 of the kernel's bytes, of the resolved scenario's canonical JSON; hexadecimal. */
  kernelHash: string;
  scenarioHash: string;
  seed: number;
  shards: number;
  /** What was cut from the start of every shard. */
  warmup: Warmup;
  settling: Settling;
  /** Null when the number of shards was fixed beforehand. */
  precision: PrecisionReached | null;
  processors: number;
  /** Simulated ns of one policy, all shards together. */
  durationNs: number;
  /** Simulated interrupts of all policies together. */
  interrupts: number;
  /** Wall clock: differs from run to run, never compared. */
  host: {
    commandLine: string[];
    node: string;
    platform: string;
    workers: number;
    wallSeconds: number;
    interruptsPerSecond: number;
  };
}

export interface Warmup {
  kind: 'none' | 'fixed' | 'auto' | 'settle';
  /** Simulated ns that no statistic counts, in each shard. */
  ns: number;
  /** How the end was found, and whether it was; "" unless `kind` is `auto` or `settle`. */
  method: string;
  found: boolean;
}

/** Whether the figures are those of a machine that has forgotten its start. */
export interface Settling {
  /**
   * `from-start`: not asked, since the run was to begin with the idle machine (`--warmup none`) or
   * has a list of arrivals. `too-short`, `drifting`: no, and there are no intervals.
   */
  state: 'settled' | 'too-short' | 'drifting' | 'from-start';
  /** How long the machine needs by its own time constants, in ns, and which is the longest. */
  ns: number;
  slowest: string;
  /** What a reader must know: not settled, or no intervals, and the way out. "" for nothing. */
  sentence: string;
}

/** How far `--precision` got. */
export interface PrecisionReached {
  figure: string;
  /** Half of the interval's width over the figure: asked for, and reached (null: no interval). */
  target: number;
  reached: number | null;
  /** The most shards that were allowed. */
  limit: number;
}

export interface PolicyResult {
  policy: string;
  counters: ReadCounters & { unserved: number };
  latency: Record<LatencyName, LatencySummary>;
  /** Null with fewer than five shards. */
  intervals: FigureIntervals | null;
  distribution: Record<LatencyName, HistogramJson>;
  /** Intervals for all processors together; null unless asked for. */
  load: LoadIntervals | null;
  sources: ScopeResult[];
  processors: ProcessorResult[];
}

export const LATENCY_NAMES = ['isrWait', 'dpcWait', 'interruptToDpc'] as const;
export type LatencyName = (typeof LATENCY_NAMES)[number];

export interface ScopeResult {
  name: string;
  counters: ReadCounters;
  latency: Record<LatencyName, LatencySummary>;
  /** Null unless asked for; of counters per 1,000 interrupts of the scope's own. */
  intervals: FigureIntervals | null;
}

export interface ProcessorResult extends ScopeResult {
  index: number;
  timeSplit: TimeSplit;
  queueDepth: { maximum: number; mean: number };
  /** Null unless asked for. */
  load: LoadIntervals | null;
}

/** 95 % intervals over shards. Null: no time was simulated. */
export interface LoadIntervals {
  /** For each part of the time, as a share of all time. */
  timeShares: Record<keyof TimeSplit, Interval | null>;
  /** For the DPC queue's depth, its mean over time. */
  meanDepth: Interval | null;
}

/**
 * In ns. With no samples everything but `count` is 0 or null. A percentile is the greatest value of
 * its histogram bucket, never above `maxNs`; null when there are too few samples for it:
 * n × (1 − p) < 10.
 */
export interface LatencySummary {
  count: number;
  minNs: number;
  maxNs: number;
  sumNs: number;
  meanNs: number;
  p50Ns: number | null;
  p90Ns: number | null;
  p99Ns: number | null;
  p999Ns: number | null;
  p9999Ns: number | null;
}

/** A 95 % interval over shards; `low` is never above `high`. */
export interface Interval {
  low: number;
  high: number;
}

/** The figures of a latency that have intervals; the least and the greatest sample have none. */
export const INTERVAL_FIGURES = [
  'meanNs', 'p50Ns', 'p90Ns', 'p99Ns', 'p999Ns', 'p9999Ns',
] as const satisfies readonly (keyof LatencySummary)[];
export type IntervalFigure = (typeof INTERVAL_FIGURES)[number];

/** How often it happened; null when that was not counted. */
export function countOf(counters: Counters, name: RateName): number;
export function countOf(counters: ReadCounters, name: 'drains'): number;
export function countOf(counters: ReadCounters, name: RateName): number | null;
export function countOf(counters: ReadCounters, name: RateName): number | null {
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

/** A policy against the first one. Null: one of the two has no such figure. */
export interface PolicyComparison extends PerFigure<FigureComparison | null> {
  policy: string;
  against: string;
  /** What it says of IPIs and DPC latency, in words. */
  sentence: string;
}

export interface FigureComparison {
  first: number;
  other: number;
  /** `other` − `first`. */
  difference: number;
  differenceInterval: Interval | null;
  /** `other` / `first`; null when the first is 0. */
  ratio: number | null;
  ratioInterval: Interval | null;
  /**
   * `same`: equal, or closer than the histogram can tell. `indistinguishable`: the interval of the
   * difference holds 0. `unknown`: different, but without an interval to judge it by.
   */
  verdict: 'lower' | 'higher' | 'same' | 'indistinguishable' | 'unknown';
}

/** Non-empty buckets: least and greatest whole ns of each, ascending, and counts; equal lengths. */
export interface HistogramJson {
  lowNs: number[];
  highNs: number[];
  counts: number[];
}
