import {
  COUNTER_NAMES,
  type Counters,
  type HistogramData,
  type ProcessorOutcome,
  type ScopeOutcome,
  type ShardOutcome,
  type TimeSplit,
} from '../kernel/outcome.js';
import type { Scenario } from '../scenario/scenario.js';
import { HistogramSum } from '../stats/histogram-sum.js';
import { nonEmptyBuckets, summarize } from '../stats/histogram.js';
import { ShardFigures } from '../stats/shard-figures.js';
import {
  LATENCY_NAMES,
  type LatencyName,
  type PolicyResult,
  type ProcessorResult,
  type ScopeResult,
} from '../stats/result.js';

const TIME_SPLIT_NAMES = [
  'isrNs', 'clockNs', 'ipiNs', 'dispatchDrainNs', 'idleDrainNs', 'threadNs', 'idleNs',
] as const satisfies readonly (keyof TimeSplit)[];

/**
 * Adds up the shards of one policy as they come, in their order, and keeps of each only a line of
 * figures, for intervals over shards.
 *
 * Whatever a shard reports is a whole number, and the sums are whole numbers (BigInt where they may
 * pass 2^53), so the result is the same to the last byte however the shards were shared out among
 * workers. Means and percentiles are taken once, of the sums.
 */
export class PolicyTotal {
  readonly figures = new ShardFigures();
  private durationNs = 0n;
  private unserved = 0n;
  private readonly machine = new ScopeTotal();
  private readonly sources: ScopeTotal[];
  private readonly processors: ProcessorTotal[];

  constructor(
    private readonly scenario: Scenario,
    private readonly policyIndex: number,
  ) {
    const { sources, machine } = scenario;
    this.sources = sources.map(() => new ScopeTotal());
    this.processors = Array.from({ length: machine.processors }, () => new ProcessorTotal());
  }

  add(shard: ShardOutcome): void {
    this.durationNs += BigInt(shard.endNs - shard.startNs);
    this.unserved += BigInt(shard.unserved);
    this.machine.add(shard.machine);
    this.figures.add(shard.machine);
    this.sources.forEach((total, i) => total.add(shard.sources[i]));
    this.processors.forEach((total, i) => total.addProcessor(shard.processors[i]));
  }

  /** Simulated ns and interrupts of the shards so far. */
  simulated(): { durationNs: number; interrupts: number } {
    return {
      durationNs: Number(this.durationNs),
      interrupts: this.machine.counters().arrivals,
    };
  }

  result(): PolicyResult {
    const { machine, scenario } = this;
    const latency = machine.latency();
    return {
      policy: scenario.policies[this.policyIndex].name,
      counters: { ...machine.counters(), unserved: Number(this.unserved) },
      latency,
      intervals: this.figures.intervals(latency),
      distribution: perLatency((name) => nonEmptyBuckets(machine.histogram(name))),
      sources: this.sources.map((total, i) => total.result(scenario.sources[i].name)),
      processors: this.processors.map((total, i) => total.processorResult(i, this.durationNs)),
    };
  }
}

class ScopeTotal {
  private readonly sums = COUNTER_NAMES.map(() => 0n);
  private readonly histograms = perLatency(() => new HistogramSum());

  add(scope: ScopeOutcome): void {
    COUNTER_NAMES.forEach((name, i) => {
      this.sums[i] += BigInt(scope.counters[name]);
    });
    for (const name of LATENCY_NAMES) this.histograms[name].add(scope[name]);
  }

  counters(): Counters {
    return namedNumbers(COUNTER_NAMES, this.sums);
  }

  histogram(name: LatencyName): HistogramData {
    return this.histograms[name].total();
  }

  latency(): ScopeResult['latency'] {
    return perLatency((name) => summarize(this.histogram(name)));
  }

  result(name: string): ScopeResult {
    return { name, counters: this.counters(), latency: this.latency() };
  }
}

class ProcessorTotal extends ScopeTotal {
  private readonly times = TIME_SPLIT_NAMES.map(() => 0n);
  private maximumDepth = 0;
  private depthAreaNs = 0n;

  addProcessor(processor: ProcessorOutcome): void {
    this.add(processor);
    TIME_SPLIT_NAMES.forEach((name, i) => {
      this.times[i] += BigInt(processor.timeSplit[name]);
    });
    this.maximumDepth = Math.max(this.maximumDepth, processor.queueDepth.maximum);
    this.depthAreaNs += processor.queueDepth.areaNs;
  }

  processorResult(index: number, durationNs: bigint): ProcessorResult {
    const mean = durationNs === 0n ? 0 : Number(this.depthAreaNs) / Number(durationNs);
    const { name, counters, latency } = this.result(`processor ${index}`);
    return {
      name,
      index,
      counters,
      latency,
      timeSplit: namedNumbers(TIME_SPLIT_NAMES, this.times),
      queueDepth: { maximum: this.maximumDepth, mean },
    };
  }
}

function namedNumbers<Name extends string>(
  names: readonly Name[],
  values: readonly bigint[],
): Record<Name, number> {
  const entries = names.map((name, i) => [name, Number(values[i])]);
  return Object.fromEntries(entries) as Record<Name, number>;
}

function perLatency<T>(make: (name: LatencyName) => T): Record<LatencyName, T> {
  const entries = LATENCY_NAMES.map((name) => [name, make(name)]);
  return Object.fromEntries(entries) as Record<LatencyName, T>;
}
