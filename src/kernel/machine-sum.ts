import * as abi from '../../assembly/shared/abi.js';
import type { Scenario } from '../scenario/scenario.js';
import {
  COUNTER_NAMES, type Counters, type HistogramData, type ProcessorOutcome, type ScopeOutcome,
  type ShardOutcome, type TimeSplit,
} from './outcome.js';
import {
  HistogramPacker, unpackHistogram, type PackedHistograms,
} from './packed-histograms.js';
import { ResultBlock } from './result-block.js';

/** The kernel's order. */
const LATENCIES = ['isrWait', 'dpcWait', 'interruptToDpc'] as const;
/** Those that the kernel measures stand first, in its order. */
const TIMES = [
  'isrNs', 'clockNs', 'ipiNs', 'dispatchDrainNs', 'idleDrainNs', 'threadNs', 'idleNs',
] as const satisfies readonly (keyof TimeSplit)[];
const MEASURED_TIMES = 5;
const THREAD_TIME = TIMES.indexOf('threadNs');
const IDLE_TIME = TIMES.indexOf('idleNs');
/** So many packed histograms of a kind are added up at once, not when one is asked for. */
const MOST_PACKED = 32;

/** A sum as it crosses a worker boundary. */
export interface MachineSumState {
  sources: number;
  processors: number;
  shards: number;
  durationNs: bigint;
  unserved: bigint;
  /** By scope (the machine, the sources, the processors) and counter. */
  counters: bigint[];
  /** By processor and time. */
  times: bigint[];
  depthAreaNs: bigint[];
  depthMaximum: number[];
  /** Each holds all latencies of some shards, in the order of scopes; together those of all. */
  latencies: PackedHistograms[];
}

/** One shard as a whole, without its sources and processors. */
export type ShardTotal = Pick<ShardOutcome, 'endNs' | 'startNs' | 'unserved' | 'machine'>;

/**
 * Shards of one scenario under one policy, added up in place: all that their outcomes hold.
 *
 * Whatever a shard reports is a whole number and every sum is exact (BigInt where it may pass
 * 2^53), so the sum is the same in whatever order and in whatever groups shards are added.
 */
export class MachineSum {
  private constructor(readonly state: MachineSumState) {}

  static create(scenario: Scenario): MachineSum {
    const sources = scenario.sources.length;
    const { processors } = scenario.machine;
    const scopes = 1 + sources + processors;
    return new MachineSum({
      sources,
      processors,
      shards: 0,
      durationNs: 0n,
      unserved: 0n,
      counters: zeros(scopes * COUNTER_NAMES.length),
      times: zeros(processors * TIMES.length),
      depthAreaNs: zeros(processors),
      depthMaximum: new Array<number>(processors).fill(0),
      latencies: [],
    });
  }

  /** A sum out of another thread, which has given it away. */
  static adopt(state: MachineSumState): MachineSum {
    return new MachineSum(state);
  }

  /**
   * Adds what `finish` wrote of a shard into the result block at `address`, all but latencies; the
   * machine is the sum of its processors.
   */
  addShard(buffer: ArrayBuffer, address: number): ShardTotal {
    const { state } = this;
    const block = new ResultBlock(buffer, address);
    const endNs = block.integer(abi.RESULT_END_NS);
    const startNs = block.integer(abi.RESULT_START_NS);
    const unserved = block.integer(abi.RESULT_UNSERVED);
    this.addSpan(endNs - startNs, unserved);
    const machine = zeros(COUNTER_NAMES.length);
    for (let scope = 0; scope < state.sources + state.processors; scope++) {
      this.addRecord(block, scope, scope < state.sources ? null : machine);
    }
    addAll(state.counters, machine);
    const latency = (which: number): HistogramData =>
      block.histogram(abi.RESULT_LATENCIES + which * abi.SUMMARY_SLOTS);
    return {
      endNs,
      startNs,
      unserved,
      machine: {
        counters: namedNumbers(COUNTER_NAMES, machine, 0),
        isrWait: latency(abi.LATENCY_ISR_WAIT),
        dpcWait: latency(abi.LATENCY_DPC_WAIT),
        interruptToDpc: latency(abi.LATENCY_INTERRUPT_TO_DPC),
      },
    };
  }

  /** Adds the latencies that `collect` wrote into the result block: those of all its shards. */
  addLatencies(buffer: ArrayBuffer, address: number): void {
    const { sources, processors } = this.state;
    const block = new ResultBlock(buffer, address);
    const packer = this.packer();
    block.packLatencies(abi.RESULT_LATENCIES, packer);
    for (let scope = 0; scope < sources + processors; scope++) {
      block.packLatencies(block.record(scope) + abi.SCOPE_LATENCIES, packer);
    }
    this.addPacked(packer.finish());
  }

  private addPacked(packed: PackedHistograms): void {
    const { latencies } = this.state;
    latencies.push(packed);
    if (latencies.length < MOST_PACKED) return;
    const packer = this.packer();
    for (let i = 0; i < packed.sumNs.length; i++) {
      packer.addHistogram(unpackHistogram(latencies, i));
    }
    latencies.splice(0, latencies.length, packer.finish());
  }

  private packer(): HistogramPacker {
    return new HistogramPacker((1 + this.state.sources + this.state.processors) * LATENCIES.length);
  }

  private addSpan(durationNs: number, unserved: number): void {
    this.state.shards++;
    this.state.durationNs += BigInt(durationNs);
    this.state.unserved += BigInt(unserved);
  }

  /** `machine` is given for processors: the machine's counters of this shard. */
  private addRecord(block: ResultBlock, scope: number, machine: bigint[] | null): void {
    const { state } = this;
    const record = block.record(scope);
    const first = (1 + scope) * COUNTER_NAMES.length;
    for (let i = 0; i < COUNTER_NAMES.length; i++) {
      const value = block.big(record + i);
      state.counters[first + i] += value;
      if (machine !== null) machine[i] += value;
    }
    if (machine !== null) this.addProcessor(block, record, scope - state.sources);
  }

  private addProcessor(block: ResultBlock, record: number, index: number): void {
    const { depthAreaNs, depthMaximum, times } = this.state;
    const first = index * TIMES.length;
    const threadNs = block.big(record + abi.COUNTER_THREAD_NS);
    let idleNs = block.big(abi.RESULT_END_NS) - block.big(abi.RESULT_START_NS) - threadNs;
    for (let i = 0; i < MEASURED_TIMES; i++) {
      const ns = block.big(record + abi.SCOPE_ISR_NS + i);
      times[first + i] += ns;
      idleNs -= ns;
    }
    times[first + THREAD_TIME] += threadNs;
    times[first + IDLE_TIME] += idleNs;
    depthAreaNs[index] += block.unsigned(record + abi.SCOPE_DEPTH_AREA);
    const maximum = block.integer(record + abi.SCOPE_DEPTH_MAXIMUM);
    depthMaximum[index] = Math.max(depthMaximum[index], maximum);
  }

  /** Adds a shard that was unpacked elsewhere. */
  addOutcome(shard: ShardOutcome): void {
    const { state } = this;
    this.addSpan(shard.endNs - shard.startNs, shard.unserved);
    const packer = this.packer();
    [shard.machine, ...shard.sources, ...shard.processors].forEach((scope, index) => {
      COUNTER_NAMES.forEach((name, i) => {
        state.counters[index * COUNTER_NAMES.length + i] += BigInt(scope.counters[name]);
      });
      for (const name of LATENCIES) packer.addHistogram(scope[name]);
    });
    this.addPacked(packer.finish());
    shard.processors.forEach(({ queueDepth, timeSplit }, index) => {
      TIMES.forEach((name, i) => {
        state.times[index * TIMES.length + i] += BigInt(timeSplit[name]);
      });
      state.depthAreaNs[index] += queueDepth.areaNs;
      state.depthMaximum[index] = Math.max(state.depthMaximum[index], queueDepth.maximum);
    });
  }

  /** Adds a sum of other shards of the same scenario. */
  add(other: MachineSum): void {
    const { state } = this;
    const more = other.state;
    state.shards += more.shards;
    state.durationNs += more.durationNs;
    state.unserved += more.unserved;
    addAll(state.counters, more.counters);
    addAll(state.times, more.times);
    addAll(state.depthAreaNs, more.depthAreaNs);
    state.depthMaximum = state.depthMaximum.map((maximum, i) =>
      Math.max(maximum, more.depthMaximum[i]));
    for (const packed of more.latencies) this.addPacked(packed);
  }

  machine(): ScopeOutcome {
    return this.scope(0);
  }

  machineCounters(): Counters {
    return namedNumbers(COUNTER_NAMES, this.state.counters, 0);
  }

  source(index: number): ScopeOutcome {
    return this.scope(1 + index);
  }

  processor(index: number): ProcessorOutcome {
    const { depthAreaNs, depthMaximum, sources, times } = this.state;
    return {
      ...this.scope(1 + sources + index),
      timeSplit: namedNumbers(TIMES, times, index * TIMES.length),
      queueDepth: { maximum: depthMaximum[index], areaNs: depthAreaNs[index] },
    };
  }

  /** The outcome of the only shard that was added. */
  outcome(total: ShardTotal): ShardOutcome {
    const { processors, sources } = this.state;
    return {
      ...total,
      sources: Array.from({ length: sources }, (_, i) => this.source(i)),
      processors: Array.from({ length: processors }, (_, i) => this.processor(i)),
    };
  }

  private scope(index: number): ScopeOutcome {
    const { counters, latencies } = this.state;
    const first = index * LATENCIES.length;
    return {
      counters: namedNumbers(COUNTER_NAMES, counters, index * COUNTER_NAMES.length),
      isrWait: unpackHistogram(latencies, first),
      dpcWait: unpackHistogram(latencies, first + 1),
      interruptToDpc: unpackHistogram(latencies, first + 2),
    };
  }
}

function namedNumbers<Name extends string>(
  names: readonly Name[],
  values: readonly bigint[],
  first: number,
): Record<Name, number> {
  const entries = names.map((name, i) => [name, Number(values[first + i])]);
  return Object.fromEntries(entries) as Record<Name, number>;
}

function zeros(count: number): bigint[] {
  return new Array<bigint>(count).fill(0n);
}

function addAll(sums: bigint[], values: readonly bigint[]): void {
  for (let i = 0; i < values.length; i++) sums[i] += values[i];
}
