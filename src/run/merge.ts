import { MachineSum, type ScopeFigures } from '../kernel/machine-sum.js';
import type { ShardHalves } from '../result/observation.js';
import type { ShardOutcome } from '../result/outcome.js';
import type { Scenario } from '../scenario/scenario.js';
import { nonEmptyBuckets, summarize } from '../result/histogram.js';
import { LoadFigures } from '../stats/load-figures.js';
import type {
  PolicyResult, ProcessorResult, ScopeResult, StoppedShards,
} from '../result/document.js';
import { LATENCY_NAMES, type LatencyName } from '../result/figures.js';
import { ShardFigures, shardLine, type ShardLine } from '../stats/shard-figures.js';
import type { PolicyPart } from './tasks.js';

export type IntervalScope = 'machine' | 'all';

/**
 * Adds up the shards of one policy, and keeps of each only a line of figures, for intervals over
 * shards.
 *
 * The sums are exact, so the result is the same to the last byte however the shards were shared out
 * among workers. Means and percentiles are taken once, of the sums; lines are put in the order of
 * shards before anything is computed of them.
 */
export class PolicyTotal {
  private sum: MachineSum;
  private readonly lines: ShardLine[] = [];
  private readonly lookedAt: ShardHalves[] = [];
  /** By scope, sources before processors; empty unless they are to have intervals. */
  private readonly scopeFigures: ShardFigures[];
  /** By processor; empty likewise. */
  private readonly loadFigures: LoadFigures[];

  constructor(
    private readonly scenario: Scenario,
    private readonly policyIndex: number,
    intervals: IntervalScope = 'machine',
  ) {
    const scopes = scenario.sources.length + scenario.machine.processors;
    this.scopeFigures = Array.from({ length: intervals === 'all' ? scopes : 0 }, () =>
      new ShardFigures());
    const loads = intervals === 'all' ? scenario.machine.processors : 0;
    this.loadFigures = Array.from({ length: loads }, () => new LoadFigures());
    this.sum = MachineSum.create(scenario);
  }

  /** Adds the next shard. */
  add(shard: ShardOutcome): void {
    const index = this.lines.length;
    this.lines.push({ ...shardLine(index, shard.machine), stop: shard.stop });
    if (shard.halves) this.lookedAt.push(shard.halves);
    this.sum.addOutcome(shard);
    const scopes = [...shard.sources, ...shard.processors];
    this.scopeFigures.forEach((figures, i) => figures.add(shardLine(index, scopes[i])));
    this.loadFigures.forEach((figures, i) => {
      const { queueDepth, timeSplit } = shard.processors[i];
      figures.add(shard.endNs - shard.startNs, queueDepth.areaNs, timeSplit);
    });
  }

  /** Adds shards that were added up elsewhere; takes the part over. */
  addPart(part: PolicyPart): void {
    this.lines.push(...part.lines);
    this.lookedAt.push(...part.halves);
    const sum = MachineSum.adopt(part.sum);
    if (this.sum.state.shards === 0) this.sum = sum;
    else this.sum.add(sum);
  }

  /** The figures of every shard, in the order of shards. */
  get figures(): ShardFigures {
    const figures = new ShardFigures();
    this.lines.sort((a, b) => a.shardIndex - b.shardIndex);
    for (const line of this.lines) figures.add(line);
    return figures;
  }

  /** What was seen of shards that were looked at half-way, in any order. */
  get halves(): readonly ShardHalves[] {
    return this.lookedAt;
  }

  /** Simulated ns and interrupts of the shards so far, and whether a watchdog stopped any (R23). */
  simulated(): { durationNs: number; interrupts: number; isStopped: boolean } {
    return {
      isStopped: this.stopped() !== null,
      durationNs: Number(this.sum.state.durationNs),
      interrupts: this.sum.machineCounters().arrivals,
    };
  }

  /** `hasIntervals`: false for a machine that has not settled, whose intervals would pretend. */
  result(hasIntervals = true): PolicyResult {
    const { scenario, sum } = this;
    const machine = sum.machine();
    const latency = perLatency((name) => summarize(machine[name]));
    const stopped = this.stopped();
    return {
      policy: scenario.policies[this.policyIndex].name,
      ...(stopped === null ? {} : { stopped }),
      counters: { ...machine.counters, unserved: Number(sum.state.unserved) },
      latency,
      intervals: hasIntervals ? this.figures.intervals(latency) : null,
      distribution: perLatency((name) => nonEmptyBuckets(machine[name])),
      load: hasIntervals
        ? LoadFigures.together(this.loadFigures)?.intervals() ?? null : null,
      sources: scenario.sources.map(({ name }, i) =>
        scopeResult(name, sum.source(i), hasIntervals ? this.scopeFigures[i] : undefined)),
      processors: Array.from({ length: scenario.machine.processors }, (_, i) =>
        this.processorResult(i, hasIntervals)),
    };
  }

  private stopped(): StoppedShards | null {
    const stops = this.lines
      .flatMap(({ shardIndex, stop }) => (stop ? [{ ...stop, shard: shardIndex }] : []))
      .sort((a, b) => a.shard - b.shard);
    return stops.length === 0 ? null : { shards: stops.length, first: stops[0] };
  }

  private processorResult(index: number, hasIntervals: boolean): ProcessorResult {
    const { scenario, scopeFigures, sum } = this;
    const processor = sum.processor(index);
    const { queueDepth, timeSplit } = processor;
    const figures = hasIntervals ? scopeFigures[scenario.sources.length + index] : undefined;
    const durationNs = Number(sum.state.durationNs);
    const mean = durationNs === 0 ? 0 : Number(queueDepth.areaNs) / durationNs;
    return {
      index,
      ...scopeResult(`processor ${index}`, processor, figures),
      timeSplit,
      queueDepth: { maximum: queueDepth.maximum, mean },
      load: hasIntervals ? this.loadFigures[index]?.intervals() ?? null : null,
    };
  }
}

function scopeResult(
  name: string,
  { counters, latency }: ScopeFigures,
  figures: ShardFigures | undefined,
): ScopeResult {
  return { name, counters, latency, intervals: figures?.intervals(latency) ?? null };
}

function perLatency<T>(make: (name: LatencyName) => T): Record<LatencyName, T> {
  const entries = LATENCY_NAMES.map((name) => [name, make(name)]);
  return Object.fromEntries(entries) as Record<LatencyName, T>;
}
