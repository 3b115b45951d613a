import type { CounterName, TimeSplit } from '../kernel/outcome.js';
import type { Arrivals, DeviceSource, Scenario, TimerSource } from '../scenario/scenario.js';

/**
 * The result document: what `run --json` prints, `report` reads and `compare` compares.
 * Versioned by `schema`; a reader refuses another major version.
 */
export const RESULT_SCHEMA = 'dpcbench-result/1';

export interface ResultDocument {
  schema: typeof RESULT_SCHEMA;
  meta: ResultMeta;
  scenario: SimulatedScenario;
  results: PolicyResult[];
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

/** Non-empty buckets: least and greatest whole ns of each, ascending, and counts; equal lengths. */
export interface HistogramJson {
  lowNs: number[];
  highNs: number[];
  counts: number[];
}
