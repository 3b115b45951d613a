import * as abi from '../../assembly/shared/abi.js';
import { sparseHistogram } from '../stats/histogram.js';
import type { HistogramTable } from './histogram-table.js';
import type { HistogramData } from './outcome.js';

/** A kernel's result block (assembly/shared/abi.ts) where it stands in the kernel's memory. */
export class ResultBlock {
  private readonly view: DataView;
  private readonly words: Uint32Array;

  constructor(buffer: ArrayBuffer, private readonly address: number) {
    this.view = new DataView(buffer);
    this.words = new Uint32Array(buffer);
  }

  big(slot: number): bigint {
    return this.view.getBigInt64(this.address + 8 * slot, true);
  }

  unsigned(slot: number): bigint {
    return this.view.getBigUint64(this.address + 8 * slot, true);
  }

  integer(slot: number): number {
    return Number(this.big(slot));
  }

  /** The first slot of a scope's record: the sources, then the processors. */
  record(scope: number): number {
    return abi.RESULT_SLOTS + scope * abi.SCOPE_SLOTS;
  }

  /** Adds the latencies from slot `first` on to a table's histograms from `index` on. */
  addLatencies(first: number, table: HistogramTable, index: number): void {
    for (let which = 0; which < abi.LATENCY_COUNT; which++) {
      this.addLatency(first + which * abi.SUMMARY_SLOTS, table, index + which);
    }
  }

  /** A copy of the latency at slot `summary`. */
  histogram(summary: number): HistogramData {
    const used = this.integer(summary + abi.SUMMARY_USED);
    const from = this.integer(summary + abi.SUMMARY_COUNTS_ADDRESS) / 4;
    const totals = {
      sumNs: this.big(summary + abi.SUMMARY_SUM_NS),
      minNs: this.integer(summary + abi.SUMMARY_MIN_NS),
      maxNs: this.integer(summary + abi.SUMMARY_MAX_NS),
    };
    const counts = this.words.subarray(from, from + used);
    return sparseHistogram(totals, this.integer(summary + abi.SUMMARY_FIRST), counts);
  }

  private addLatency(summary: number, table: HistogramTable, index: number): void {
    const used = this.integer(summary + abi.SUMMARY_USED);
    if (used === 0) return;
    table.addTotals(
      index,
      this.big(summary + abi.SUMMARY_SUM_NS),
      this.integer(summary + abi.SUMMARY_MIN_NS),
      this.integer(summary + abi.SUMMARY_MAX_NS),
    );
    const from = this.integer(summary + abi.SUMMARY_COUNTS_ADDRESS) / 4;
    table.addCounts(index, this.integer(summary + abi.SUMMARY_FIRST), this.words, from, used);
  }
}
