import * as abi from '../../assembly/shared/abi.js';
import type { HistogramTable } from './histogram-table.js';

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

  /** Adds latency `which` of a record to a histogram of a table. */
  addLatency(record: number, which: number, table: HistogramTable, index: number): void {
    const summary = record + abi.SCOPE_LATENCIES + which * abi.SUMMARY_SLOTS;
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
