import * as abi from '../../assembly/shared/abi.js';
import type { Scenario } from '../scenario/scenario.js';
import { addCensus, type CensusCell } from '../result/census.js';
import type { LatencyName } from '../result/figures.js';
import {
  addExecutions,
  countedNames,
  COUNTER_NAMES,
  named,
  namedCounters,
  noExecution,
  type CounterName,
  type Counters,
  type Execution,
  type ProcessorOutcome,
  type ScopeOutcome,
  type ShardOutcome,
  type TimeSplit,
} from '../result/outcome.js';
import type { ProcessorLine, ScopeLine, ShardLine } from '../result/shard-line.js';
import { HistogramPacker, type PackedHistograms } from '../result/histogram-packer.js';
import { summarizePacked, unpackHistogram } from '../result/packed-histograms.js';
import type { ResultBlock } from './result-block.js';
import type { Allocate, SimulateOptions } from './shard.js';

/** The kernel's order. */
const LATENCIES = ['isrWait', 'dpcWait', 'interruptToDpc'] as const;
export const TIMES = [
  'isrNs',
  'clockNs',
  'ipiNs',
  'dispatchDrainNs',
  'idleDrainNs',
  'threadNs',
  'dpcThreadNs',
  'idleNs',
] as const satisfies readonly (keyof TimeSplit)[];
/** Where each of TIMES stands in a processor's record. */
const TIME_SLOTS = [
  abi.SCOPE_ISR_NS,
  abi.SCOPE_CLOCK_NS,
  abi.SCOPE_IPI_NS,
  abi.SCOPE_DISPATCH_DRAIN_NS,
  abi.SCOPE_IDLE_DRAIN_NS,
  COUNTER_NAMES.indexOf('threadNs'),
  COUNTER_NAMES.indexOf('dpcThreadNs'),
  abi.SCOPE_IDLE_NS,
];
/** So many packed histograms of a kind are added up at once, not when one is asked for. */
const MOST_PACKED = 32;
/**
 * And fewer, when those behind the first hold more bytes than this and than the first: a part of a
 * large machine has tens of megabytes, and there is one for every few billion interrupts.
 */
const MOST_PACKED_BYTES = 2 ** 26;

/** A sum as it crosses a worker boundary. */
export interface PolicySumState {
  policyIndex: number;
  sources: number;
  processors: number;
  /** The counters that the scenario has. */
  counted: CounterName[];
  /** One for each shard, in any order. */
  lines: ShardLine[];
  durationNs: bigint;
  unserved: bigint;
  /** By scope (the machine, the sources, the processors) and counter. */
  counters: bigint[];
  /** By scope. */
  executions: Execution[];
  /** By processor and time. */
  times: bigint[];
  depthAreaNs: bigint[];
  depthMaximum: number[];
  /** Each holds all latencies of some shards, in the order of scopes; together those of all. */
  latencies: PackedHistograms[];
  /** Null where decisions are not counted. */
  census: CensusCell[] | null;
}

type ProcessorLoad = Pick<ProcessorOutcome, 'timeSplit' | 'queueDepth'>;

/**
 * Shards of one scenario under one policy, added up in place. Of each a line of figures is kept.
 *
 * Whatever a shard reports is a whole number and every sum is exact (BigInt where it may pass
 * 2^53), so the sum is the same in whatever order and in whatever groups shards are added.
 */
export class PolicySum {
  private constructor(
    readonly state: PolicySumState,
    private readonly allocate?: Allocate,
  ) {}

  static create(
    scenario: Scenario,
    policyIndex: number,
    { allocate, census = true }: Pick<SimulateOptions, 'allocate' | 'census'> = {},
  ): PolicySum {
    const sources = scenario.sources.length;
    const { processors } = scenario.machine;
    const scopes = 1 + sources + processors;
    return new PolicySum(
      {
        policyIndex,
        sources,
        processors,
        counted: countedNames(scenario),
        lines: [],
        durationNs: 0n,
        unserved: 0n,
        counters: zeros(scopes * COUNTER_NAMES.length),
        executions: Array.from({ length: scopes }, noExecution),
        times: zeros(processors * TIMES.length),
        depthAreaNs: zeros(processors),
        depthMaximum: new Array<number>(processors).fill(0),
        latencies: [],
        census: census ? [] : null,
      },
      allocate,
    );
  }

  /** A sum out of another thread, which has given it away. */
  static adopt(state: PolicySumState): PolicySum {
    return new PolicySum(state);
  }

  /**
   * Adds what shards added up to in a kernel's memory, once `collect` has written all of it; `pack`
   * hands the latency at a slot of the block on to the packer.
   */
  addBlock(block: ResultBlock, pack: (packer: HistogramPacker, slot: number) => void): void {
    const { processors, sources } = this.state;
    const packer = this.packer();
    const packFrom = (first: number): void => {
      for (let i = 0; i < LATENCIES.length; i++) pack(packer, first + i * abi.SUMMARY_SLOTS);
    };
    packFrom(abi.RESULT_LATENCIES);
    for (let scope = 0; scope < sources + processors; scope++) {
      const record = block.record(scope);
      this.addCounters(block, record, 1 + scope);
      if (scope >= sources) {
        this.addCounters(block, record, 0);
        this.addProcessor(block, record, scope - sources);
      }
      packFrom(record + abi.SCOPE_LATENCIES);
    }
    this.addPacked(packer.finish());
    this.addCensus(block.census());
  }

  /** Decisions that were not counted of all shards would mislead. */
  private addCensus(census: readonly CensusCell[] | null): void {
    const { state } = this;
    state.census = state.census && census && addCensus(state.census, census);
  }

  private addCounters(block: ResultBlock, record: number, scope: number): void {
    const first = scope * COUNTER_NAMES.length;
    const { counters, executions } = this.state;
    for (let i = 0; i < COUNTER_NAMES.length; i++) counters[first + i] += block.big(record + i);
    executions[scope] = addExecutions(executions[scope], block.execution(record));
  }

  private addProcessor(block: ResultBlock, record: number, index: number): void {
    const { depthAreaNs, depthMaximum, times } = this.state;
    TIME_SLOTS.forEach((slot, i) => {
      times[index * TIMES.length + i] += block.big(record + slot);
    });
    depthAreaNs[index] += block.wide(record + abi.SCOPE_DEPTH_AREA);
    const maximum = block.integer(record + abi.SCOPE_DEPTH_MAXIMUM);
    depthMaximum[index] = Math.max(depthMaximum[index], maximum);
  }

  private addPacked(packed: PackedHistograms): void {
    const { latencies } = this.state;
    latencies.push(packed);
    const [first, ...later] = latencies.map(({ bytes }) => bytes.length);
    const laterBytes = later.reduce((sum, bytes) => sum + bytes, 0);
    const isLarge = laterBytes > Math.max(MOST_PACKED_BYTES, first);
    if (!isLarge && latencies.length < MOST_PACKED) return;
    const packer = this.packer();
    for (let i = 0; i < packed.sumNs.length; i++) {
      packer.addHistogram(unpackHistogram(latencies, i));
    }
    latencies.splice(0, latencies.length, packer.finish());
  }

  private packer(): HistogramPacker {
    const { sources, processors } = this.state;
    return new HistogramPacker((1 + sources + processors) * LATENCIES.length, this.allocate);
  }

  /** Counts a shard, of which all else is added apart. */
  addLine(line: ShardLine): void {
    this.state.lines.push(line);
    this.state.durationNs += BigInt(line.endNs - line.startNs);
    this.state.unserved += BigInt(line.unserved);
  }

  /** Adds a sum of other shards of the same scenario. */
  add(other: PolicySum): void {
    const { state } = this;
    const more = other.state;
    for (const line of more.lines) state.lines.push(line);
    state.durationNs += more.durationNs;
    state.unserved += more.unserved;
    addAll(state.counters, more.counters);
    state.executions = state.executions.map((one, i) => addExecutions(one, more.executions[i]));
    addAll(state.times, more.times);
    addAll(state.depthAreaNs, more.depthAreaNs);
    state.depthMaximum = state.depthMaximum.map((maximum, i) =>
      Math.max(maximum, more.depthMaximum[i]),
    );
    for (const packed of more.latencies) this.addPacked(packed);
    this.addCensus(more.census);
  }

  machine(): ScopeOutcome {
    return this.scope(0);
  }

  machineCounters(): Counters {
    return this.countersOf(0);
  }

  /** The outcome of the only shard that was added. */
  outcome(): ShardOutcome {
    const {
      lines: [{ endNs, halves, startNs, stop, unserved }],
      processors,
      sources,
    } = this.state;
    return {
      endNs,
      startNs,
      unserved,
      halves,
      stop,
      machine: this.machine(),
      census: this.state.census,
      sources: Array.from({ length: sources }, (_, i) => this.scope(1 + i)),
      processors: Array.from({ length: processors }, (_, i) => ({
        ...this.scope(1 + sources + i),
        ...this.load(i),
      })),
    };
  }

  source(index: number): ScopeLine {
    return this.figures(1 + index);
  }

  /** How long routines ran: the machine comes first, then the sources, then the processors. */
  get executions(): readonly Execution[] {
    return this.state.executions;
  }

  processor(index: number): ProcessorLine {
    return { ...this.figures(1 + this.state.sources + index), ...this.load(index) };
  }

  private load(index: number): ProcessorLoad {
    const { depthAreaNs, depthMaximum } = this.state;
    return {
      timeSplit: this.timeSplit(index),
      queueDepth: { maximum: depthMaximum[index], areaNs: depthAreaNs[index] },
    };
  }

  private timeSplit(index: number): TimeSplit {
    const { counted, times } = this.state;
    const { dpcThreadNs, ...others } = named(TIMES, times, index * TIMES.length);
    return counted.includes('dpcThreadNs') ? { ...others, dpcThreadNs } : others;
  }

  private scope(index: number): ScopeOutcome {
    return {
      counters: this.countersOf(index),
      execution: this.state.executions[index],
      ...this.perLatency(index, unpackHistogram),
    };
  }

  private figures(index: number): ScopeLine {
    return { counters: this.countersOf(index), latency: this.perLatency(index, summarizePacked) };
  }

  private countersOf(index: number): Counters {
    const { counted, counters } = this.state;
    return namedCounters(counted, counters, index * COUNTER_NAMES.length);
  }

  private perLatency<T>(
    index: number,
    read: (all: readonly PackedHistograms[], histogram: number) => T,
  ): Record<LatencyName, T> {
    const first = index * LATENCIES.length;
    const of = (which: number): T => read(this.state.latencies, first + which);
    return { isrWait: of(0), dpcWait: of(1), interruptToDpc: of(2) };
  }
}

function zeros(count: number): bigint[] {
  return new Array<bigint>(count).fill(0n);
}

function addAll(sums: bigint[], values: readonly bigint[]): void {
  for (let i = 0; i < values.length; i++) sums[i] += values[i];
}
