import * as abi from '../../assembly/shared/abi.js';
import { sparseHistogram } from '../stats/histogram.js';
import type { HistogramData } from './outcome.js';
import type { HistogramPacker, HistogramTotals } from './packed-histograms.js';

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

  /** Hands the latencies from slot `first` on to the packer. */
  packLatencies(first: number, packer: HistogramPacker): void {
    for (let which = 0; which < abi.LATENCY_COUNT; which++) {
      const summary = first + which * abi.SUMMARY_SLOTS;
      const from = this.countsFrom(summary);
      const to = from + this.integer(summary + abi.SUMMARY_USED);
      packer.addCounts(this.totals(summary), this.words, from, to);
    }
  }

  /** A copy of the latency at slot `summary`. */
  histogram(summary: number): HistogramData {
    const from = this.countsFrom(summary);
    const counts = this.words.subarray(from, from + this.integer(summary + abi.SUMMARY_USED));
    const first = this.integer(summary + abi.SUMMARY_FIRST);
    return sparseHistogram(this.totals(summary), first, counts);
  }

  private totals(summary: number): HistogramTotals {
    return {
      sumNs: this.big(summary + abi.SUMMARY_SUM_NS),
      minNs: this.integer(summary + abi.SUMMARY_MIN_NS),
      maxNs: this.integer(summary + abi.SUMMARY_MAX_NS),
    };
  }

  /** Index into all 32-bit words of the memory. */
  private countsFrom(summary: number): number {
    return this.integer(summary + abi.SUMMARY_COUNTS_ADDRESS) / 4;
  }
}
