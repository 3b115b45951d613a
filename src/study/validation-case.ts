import type { LatencySummary } from '../result/document.js';
import type { ShardLine } from '../result/shard-line.js';
import { resolveScenario } from '../scenario/parse.js';
import type { Scenario } from '../scenario/scenario.js';

/** A special case of the machine that is a model with a closed form. */
export interface ValidationCase {
  model: string;
  /** What sets this case apart: its load, or how many interrupts come in a tick. */
  load: string;
  scenario: Scenario;
  /** Cut from the start of each shard. */
  warmupNs: number;
  /** One shard, as long as its `until` says, and its figures must be those of theory exactly. */
  isExact: boolean;
  rows: ValidationRow[];
}

/** One figure: what theory says, and how a shard measures it. */
export interface ValidationRow {
  figure: string;
  unit: 'ns' | 'share' | 'count';
  /** Index among the scenario's policies. */
  policy: number;
  theory: number;
  measure: Measure;
  /** Known no closer than a histogram's bucket is wide. */
  isPercentile: boolean;
}

/** A shard's part of a ratio of sums, or null when it has too few samples for a percentile. */
export type Measure = (shard: ShardLine) => { numerator: number; denominator: number } | null;

type LatencyOf = (shard: ShardLine) => LatencySummary;

export const machineWait: LatencyOf = (shard) => shard.latency.interruptToDpc;
export const sourceWait =
  (source: number): LatencyOf =>
  (shard) =>
    shard.sources[source].latency.interruptToDpc;

export function mean(figure: string, theory: number, of: LatencyOf = machineWait): ValidationRow {
  const measure: Measure = (shard) => ({
    numerator: of(shard).sumNs,
    denominator: of(shard).count,
  });
  return { figure, unit: 'ns', policy: 0, theory, measure, isPercentile: false };
}

const PERCENTILES = { 5_000: 'p50Ns', 9_000: 'p90Ns', 9_900: 'p99Ns' } as const;

/** The percentile of `parts` in 10,000. */
export function quantile(
  parts: keyof typeof PERCENTILES,
  theory: number,
  of = machineWait,
): ValidationRow {
  const measure: Measure = (shard) => {
    const value = of(shard)[PERCENTILES[parts]];
    return value === null ? null : { numerator: value, denominator: 1 };
  };
  const figure = `p${parts / 100} wait`;
  return { figure, unit: 'ns', policy: 0, theory, measure, isPercentile: true };
}

/** The share of processor 0's time that one kind of activity has. */
export function timeShare(
  figure: string,
  theory: number,
  of: 'isrNs' | 'dispatchDrainNs',
): ValidationRow {
  const measure: Measure = (shard) => ({
    numerator: shard.processors[0].timeSplit[of],
    denominator: shard.endNs - shard.startNs,
  });
  return { figure, unit: 'share', policy: 0, theory, measure, isPercentile: false };
}

/** A row as it is judged under another policy of the scenario. */
export function under(policy: number, row: ValidationRow): ValidationRow {
  return { ...row, policy };
}

/** A machine that takes no time for itself, so that only the model's own times are left. */
export const FREE = {
  interrupt: 0,
  clock: 0,
  dispatch: 0,
  dequeue: 0,
  ipiSend: 0,
  ipiFlight: 0,
  ipiHandler: 0,
  haltExit: 0,
};
/** A thread at PASSIVE that never ends: DPCs come in by the DISPATCH interrupt. */
export const ALWAYS_BUSY = { busy: '1h', idle: 0, passive: 0, dispatch: 0 };

/** One processor, always busy, that costs nothing; ticks are rare and do nothing. */
export function oneServer(name: string, sources: object[], policies: unknown[]): Scenario {
  return resolveScenario({
    name,
    machine: { processors: 1, tick: '100ms', costs: FREE, background: ALWAYS_BUSY },
    sources,
    policies,
    until: { interrupts: 1 },
  });
}
