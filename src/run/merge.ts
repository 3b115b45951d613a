import { PolicySum, type PolicySumState } from '../kernel/policy-sum.js';
import type { ShardHalves } from '../result/observation.js';
import type { Scenario } from '../scenario/scenario.js';
import { focusedSources } from '../scenario/focus.js';
import type { FocusedResult } from '../stats/answer.js';
import type { ShardedResult } from '../stats/compare-policies.js';
import { executionTimes } from '../result/execution-shape.js';
import type { Execution } from '../result/outcome.js';
import { decisionsOf } from '../result/decisions.js';
import { nonEmptyBuckets, summarize } from '../result/histogram.js';
import { LoadFigures } from '../stats/load-figures.js';
import type {
  PolicyResult,
  ProcessorResult,
  ScopeResult,
  StoppedShards,
} from '../result/document.js';
import { LATENCY_NAMES, type LatencyName } from '../result/figures.js';
import type { ScopeLine, ShardLine } from '../result/shard-line.js';
import { ShardFigures } from '../stats/shard-figures.js';

/**
 * All shards of one policy, and what a result says of them: the sums, and intervals of their lines.
 *
 * The sums are exact, so the result is the same to the last byte however the shards were shared out
 * among workers. Means and percentiles are taken once, of the sums; lines are put in the order of
 * shards before anything is computed of them.
 */
export class PolicyTotal {
  private sum: PolicySum;
  private isSorted = true;

  constructor(
    private readonly scenario: Scenario,
    private readonly policyIndex: number,
  ) {
    this.sum = PolicySum.create(scenario, policyIndex);
  }

  /** Takes the sum over. */
  add(state: PolicySumState): void {
    const sum = PolicySum.adopt(state);
    if (this.sum.state.lines.length === 0) this.sum = sum;
    else this.sum.add(sum);
    this.isSorted = false;
  }

  /** In the order of shards. */
  private get lines(): ShardLine[] {
    const { lines } = this.sum.state;
    if (!this.isSorted) lines.sort((a, b) => a.shardIndex - b.shardIndex);
    this.isSorted = true;
    return lines;
  }

  /** The figures of every shard, in the order of shards. */
  get figures(): ShardFigures {
    return figuresOf(this.lines);
  }

  /** The figures of the sources that the scenario's focus names. */
  focused(): FocusedResult {
    const { policy, ...machine } = this.machine();
    const { lines, scenario, sum } = this;
    const sources = focusedSources(scenario).map(({ name, index }): [string, ShardedResult] => {
      const { counters, latency } = sum.source(index);
      const result = { policy, latency, counters: { ...counters, unserved: 0 } };
      return [name, { result, figures: figuresOf(lines.map((line) => line.focused[name])) }];
    });
    return {
      machine: { result: { policy, ...machine }, figures: this.figures },
      sources: new Map(sources),
    };
  }

  /** What was seen of shards that were looked at half-way. */
  get halves(): readonly ShardHalves[] {
    return this.lines.flatMap(({ halves }) => halves ?? []);
  }

  /** Simulated ns and interrupts of the shards so far, and whether a watchdog stopped any (R23). */
  simulated(): { durationNs: number; interrupts: number; isStopped: boolean } {
    return {
      isStopped: this.stopped() !== null,
      durationNs: Number(this.sum.state.durationNs),
      interrupts: this.sum.machineCounters().arrivals,
    };
  }

  /** What stands for the whole machine in a result, intervals left out. */
  machine(): Pick<PolicyResult, 'policy' | 'counters' | 'latency'> {
    const machine = this.sum.machine();
    return {
      policy: this.scenario.policies[this.policyIndex].name,
      counters: { ...machine.counters, unserved: Number(this.sum.state.unserved) },
      latency: perLatency((name) => summarize(machine[name])),
    };
  }

  /** `hasIntervals`: false for a machine that has not settled, whose intervals would pretend. */
  result(hasIntervals = true): PolicyResult {
    const { scenario, sum } = this;
    const { census } = sum.state;
    const machine = sum.machine();
    const processors = Array.from({ length: scenario.machine.processors }, (_, i) => i);
    // Those with lines of every source and processor.
    const lines = hasIntervals ? this.lines.filter((line) => line.processors.length > 0) : [];
    const loads = lines.length === 0 ? [] : processors.map((i) => loadOf(lines, i));
    const latency = perLatency((name) => summarize(machine[name]));
    const stopped = this.stopped();
    return {
      policy: scenario.policies[this.policyIndex].name,
      ...(stopped === null ? {} : { stopped }),
      counters: { ...machine.counters, unserved: Number(sum.state.unserved) },
      latency,
      execution: executionTimes(sum.executions[0]),
      intervals: hasIntervals ? this.figures.intervals(latency) : null,
      shards: hasIntervals ? this.figures.columns() : null,
      distribution: perLatency((name) => nonEmptyBuckets(machine[name])),
      load: LoadFigures.together(loads)?.intervals() ?? null,
      sources: scenario.sources.map(({ name }, i) =>
        scopeResult(
          name,
          { ...sum.source(i), execution: sum.executions[1 + i] },
          lines.map(({ sources }) => sources[i]),
        ),
      ),
      processors: processors.map((i) => this.processorResult(i, lines, loads[i])),
      decisions: census && decisionsOf(census, scenario.policies[this.policyIndex]),
    };
  }

  private stopped(): StoppedShards | null {
    const stops = this.lines.flatMap(({ shardIndex, stop }) =>
      stop ? [{ ...stop, shard: shardIndex }] : [],
    );
    return stops.length === 0 ? null : { shards: stops.length, first: stops[0] };
  }

  private processorResult(
    index: number,
    lines: readonly ShardLine[],
    load: LoadFigures | undefined,
  ): ProcessorResult {
    const { sum } = this;
    const processor = sum.processor(index);
    const { queueDepth, timeSplit } = processor;
    const execution = sum.executions[1 + this.scenario.sources.length + index];
    const own = lines.map(({ processors }) => processors[index]);
    const durationNs = Number(sum.state.durationNs);
    const mean = durationNs === 0 ? 0 : Number(queueDepth.areaNs) / durationNs;
    return {
      index,
      ...scopeResult(`processor ${index}`, { ...processor, execution }, own),
      timeSplit,
      queueDepth: { maximum: queueDepth.maximum, mean },
      load: load?.intervals() ?? null,
    };
  }
}

function scopeResult(
  name: string,
  { counters, execution, latency }: ScopeLine & { execution: Execution },
  lines: readonly ScopeLine[],
): ScopeResult {
  const intervals = figuresOf(lines).intervals(latency);
  return { name, counters, latency, execution: executionTimes(execution), intervals };
}

function figuresOf(lines: readonly ScopeLine[]): ShardFigures {
  const figures = new ShardFigures();
  for (const line of lines) figures.add(line);
  return figures;
}

function loadOf(lines: readonly ShardLine[], processor: number): LoadFigures {
  const figures = new LoadFigures();
  for (const { endNs, processors, startNs } of lines) {
    const { queueDepth, timeSplit } = processors[processor];
    figures.add(endNs - startNs, queueDepth.areaNs, timeSplit);
  }
  return figures;
}

function perLatency<T>(make: (name: LatencyName) => T): Record<LatencyName, T> {
  const entries = LATENCY_NAMES.map((name) => [name, make(name)]);
  return Object.fromEntries(entries) as Record<LatencyName, T>;
}
