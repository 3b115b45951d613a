import type { CounterName, TimeSplit } from '../kernel/outcome.js';
import type { Scenario } from '../scenario/scenario.js';

/**
 * The result document: what `run --json` prints, `report` reads and `compare` compares.
 * Versioned by `schema`; a reader refuses another major version.
 */
export const RESULT_SCHEMA = 'dpcbench-result/1';

export interface ResultDocument {
  schema: typeof RESULT_SCHEMA;
  meta: ResultMeta;
  /** The scenario as simulated, defaults filled in; recordings by name and hash, not by content. */
  scenario: Scenario;
  results: PolicyResult[];
}

/** Everything except `host` is a function of scenario, seed and kernel alone. */
export interface ResultMeta {
  versions: { dpcbench: string; abi: number; rules: number };
  /** SHA-256 of the kernel's bytes, of the resolved scenario's canonical JSON; hexadecimal. */
  kernelHash: string;
  scenarioHash: string;
  seed: number;
  shards: number;
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

export interface PolicyResult {
  policy: string;
  counters: Record<CounterName, number> & { unserved: number };
  latency: Record<LatencyName, LatencySummary>;
  distribution: Record<LatencyName, HistogramJson>;
  sources: ScopeResult[];
  processors: ProcessorResult[];
}

export const LATENCY_NAMES = ['isrWait', 'dpcWait', 'interruptToDpc'] as const;
export type LatencyName = (typeof LATENCY_NAMES)[number];

export interface ScopeResult {
  name: string;
  counters: Record<CounterName, number>;
  latency: Record<LatencyName, LatencySummary>;
}

export interface ProcessorResult extends ScopeResult {
  index: number;
  timeSplit: TimeSplit;
  queueDepth: { maximum: number; mean: number };
}

/**
 * In ns. With no samples everything but `count` is 0. A percentile is the upper edge of its histogram
 * bucket, never above `maxNs`; null when there are too few samples for it: n × (1 − p) < 10.
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

/** Non-empty buckets of the histogram: equal lengths, lower edges ascending. */
export interface HistogramJson {
  lowNs: number[];
  highNs: number[];
  counts: number[];
}
