import * as abi from '../../assembly/shared/abi.js';
import type { LatencySummary } from '../result/document.js';
import { summarizeRunning } from '../result/histogram.js';
import { countedNames, namedCounters } from '../result/outcome.js';
import type { ScopeLine } from '../result/shard-line.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Kernel } from './compiled-kernel.js';
import type { ResultBlock } from './result-block.js';

/**
 * What each shard of one kernel adds to a few sources: a kernel counts on from shard to shard, so
 * what it had counted by the shard before is kept here and taken off. Reading all of a large
 * machine instead costs more than a shard.
 */
export class FocusedLines {
  private readonly sources: FocusedSource[];

  constructor(sources: readonly { name: string; index: number }[]) {
    this.sources = sources.map((source) => new FocusedSource(source));
  }

  /** By name; once after each `endShard`, which wrote the block. */
  read(kernel: Kernel, block: ResultBlock, scenario: Scenario): Record<string, ScopeLine> {
    const lines = this.sources.map((source): [string, ScopeLine] => {
      kernel.tellSource(source.index);
      return [source.name, source.read(block, scenario)];
    });
    return Object.fromEntries(lines);
  }
}

class FocusedSource {
  readonly name: string;
  readonly index: number;
  /** Counted by the shard before. */
  private readonly counters = new BigInt64Array(abi.COUNTER_COUNT);
  private readonly counts = Array.from(
    { length: abi.LATENCY_COUNT },
    () => new Uint32Array(abi.HISTOGRAM_BUCKETS),
  );

  constructor({ name, index }: { name: string; index: number }) {
    this.name = name;
    this.index = index;
  }

  read(block: ResultBlock, scenario: Scenario): ScopeLine {
    const record = block.record(this.index);
    const before = this.counters.slice();
    for (let i = 0; i < before.length; i++) this.counters[i] = block.big(record + i);
    const shard = this.counters.map((count, i) => count - before[i]);
    return {
      counters: namedCounters(countedNames(scenario), shard, 0),
      latency: {
        isrWait: this.summary(block, record, abi.LATENCY_ISR_WAIT),
        dpcWait: this.summary(block, record, abi.LATENCY_DPC_WAIT),
        interruptToDpc: this.summary(block, record, abi.LATENCY_INTERRUPT_TO_DPC),
      },
    };
  }

  private summary(block: ResultBlock, record: number, which: number): LatencySummary {
    const slot = record + abi.SCOPE_LATENCIES + which * abi.SUMMARY_SLOTS;
    const first = block.integer(slot + abi.SUMMARY_FIRST);
    const before = this.counts[which].subarray(first);
    const upTo = block.counts(slot).slice();
    let running = 0;
    for (let i = 0; i < upTo.length; i++) {
      running += upTo[i] - before[i];
      before[i] = upTo[i];
      upTo[i] = running;
    }
    return summarizeRunning(block.totals(slot), first, upTo);
  }
}
