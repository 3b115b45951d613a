import * as abi from '../../assembly/shared/abi.js';
import { sparseHistogram, summarizeRunning, type HistogramTotals } from '../result/histogram.js';
import type { CensusCell } from '../result/census.js';
import type { LatencySummary } from '../result/document.js';
import {
  countedNames,
  namedCounters,
  type Execution,
  type HistogramData,
  type MachineStop,
} from '../result/outcome.js';
import { sparseCounts } from '../result/sparse-counts.js';
import type { ShardLine } from '../result/shard-line.js';
import type { Scenario } from '../scenario/scenario.js';
import { dpcName } from './read-log.js';

/** A kernel's result block (assembly/shared/abi.ts) where it stands in the kernel's memory. */
export class ResultBlock {
  private readonly slots: BigInt64Array;
  private readonly words: Uint32Array;

  constructor(buffer: ArrayBuffer, address: number) {
    this.slots = new BigInt64Array(buffer, address);
    this.words = new Uint32Array(buffer);
  }

  /** The last shard's: what `finish` wrote. */
  line(scenario: Scenario, shardIndex: number): ShardLine {
    return {
      shardIndex,
      endNs: this.integer(abi.RESULT_END_NS),
      startNs: this.integer(abi.RESULT_START_NS),
      unserved: this.integer(abi.RESULT_UNSERVED),
      stop: this.stop(scenario),
      counters: namedCounters(countedNames(scenario), this.slots, abi.RESULT_COUNTERS),
      latency: {
        isrWait: this.summary(abi.LATENCY_ISR_WAIT),
        dpcWait: this.summary(abi.LATENCY_DPC_WAIT),
        interruptToDpc: this.summary(abi.LATENCY_INTERRUPT_TO_DPC),
      },
      halves: null,
      overTime: null,
      sources: [],
      processors: [],
      focused: {},
    };
  }

  private stop(scenario: Scenario): MachineStop | null {
    const stop = this.integer(abi.RESULT_STOP);
    if (stop === abi.WATCHDOG_NONE) return null;
    const culprit = this.integer(abi.RESULT_STOP_CULPRIT);
    const name = this.integer(abi.RESULT_STOP_NAME);
    return {
      kind: stop === abi.WATCHDOG_ROUTINE ? 'routine' : 'dispatch',
      processor: this.integer(abi.RESULT_STOP_PROCESSOR),
      atNs: this.integer(abi.RESULT_END_NS),
      dpc: culprit === abi.CULPRIT_DPC ? dpcName(name, scenario) : null,
      isr: culprit === abi.CULPRIT_ISR ? scenario.sources[name].name : null,
    };
  }

  private summary(which: number): LatencySummary {
    const slot = abi.RESULT_LATENCIES + which * abi.SUMMARY_SLOTS;
    const first = this.integer(slot + abi.SUMMARY_FIRST);
    return summarizeRunning(this.totals(slot), first, this.counts(slot));
  }

  big(slot: number): bigint {
    return this.slots[slot];
  }

  /** A sum of times in two slots, the lower 64 bits first. */
  wide(slot: number): bigint {
    return (this.slots[slot + 1] << 64n) + BigInt.asUintN(64, this.slots[slot]);
  }

  integer(slot: number): number {
    return Number(this.slots[slot]);
  }

  /** The first slot of a scope's record: the sources, then the processors. */
  record(scope: number): number {
    return abi.RESULT_SLOTS + scope * abi.SCOPE_SLOTS;
  }

  /** How long the routines of a scope ran, whose record this is. */
  execution(record: number): Execution {
    const first = record + abi.SCOPE_EXECUTION;
    return {
      isr: {
        totalNs: this.big(first + abi.EXECUTION_ISR_NS),
        maxNs: this.integer(first + abi.EXECUTION_ISR_MAX_NS),
      },
      dpc: {
        totalNs: this.big(first + abi.EXECUTION_DPC_NS),
        maxNs: this.integer(first + abi.EXECUTION_DPC_MAX_NS),
      },
    };
  }

  totals(slot: number): HistogramTotals {
    return {
      sumNs: this.wide(slot + abi.SUMMARY_SUM_NS),
      minNs: this.integer(slot + abi.SUMMARY_MIN_NS),
      maxNs: this.integer(slot + abi.SUMMARY_MAX_NS),
    };
  }

  /** A copy of the latency at `slot`, which `collect` wrote. */
  histogram(slot: number): HistogramData {
    const first = this.integer(slot + abi.SUMMARY_FIRST);
    return sparseHistogram(this.totals(slot), first, this.counts(slot));
  }

  /** The census: the address and, behind it, the number of its records stand at `slot`. */
  census(slot = abi.RESULT_DECISIONS_ADDRESS): CensusCell[] {
    const { buffer } = this.words;
    const records = new ResultBlock(buffer as ArrayBuffer, this.integer(slot));
    return Array.from({ length: this.integer(slot + 1) }, (_, i) => {
      const record = i * abi.DECISION_SLOTS;
      const from = records.integer(record + abi.DECISION_COUNTS_ADDRESS) / 4;
      const waits = sparseCounts(0, this.words.subarray(from, from + abi.DECISION_BUCKETS));
      return {
        cell: records.integer(record + abi.DECISION_CELL),
        inserts: records.integer(record + abi.DECISION_INSERTS),
        sumNs: records.wide(record + abi.DECISION_SUM_NS),
        maxNs: records.integer(record + abi.DECISION_MAX_NS),
        buckets: waits.buckets,
        // As in sums.
        counts: Float64Array.from(waits.counts),
      };
    });
  }

  /** The buckets of the latency at `slot`, in the kernel's memory. */
  counts(slot: number): Uint32Array {
    const from = this.integer(slot + abi.SUMMARY_COUNTS_ADDRESS) / 4;
    return this.words.subarray(from, from + this.integer(slot + abi.SUMMARY_USED));
  }
}
