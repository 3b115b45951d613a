import * as abi from '../../assembly/shared/abi.js';
import { sparseHistogram } from '../stats/histogram.js';
import {
  COUNTER_NAMES, type Counters, type HistogramData, type ProcessorOutcome, type ScopeOutcome,
  type ShardOutcome,
} from './outcome.js';

/** Reads the result block at `address`: everything is copied, so that the kernel can go. */
export function unpackResult(
  buffer: ArrayBuffer,
  address: number,
  sourceCount: number,
  processorCount: number,
): ShardOutcome {
  const block = new Block(buffer, address);
  const sources: ScopeOutcome[] = [];
  const processors: ProcessorOutcome[] = [];
  for (let i = 0; i < sourceCount; i++) sources.push(block.scope(i));
  const endNs = block.integer(abi.RESULT_END_NS);
  const startNs = block.integer(abi.RESULT_START_NS);
  for (let i = 0; i < processorCount; i++) {
    processors.push(block.processor(sourceCount + i, endNs - startNs));
  }
  return {
    endNs,
    startNs,
    unserved: block.integer(abi.RESULT_UNSERVED),
    machine: machineScope(block, sourceCount, processors),
    sources,
    processors,
  };
}

class Block {
  private readonly view: DataView;

  constructor(
    private readonly buffer: ArrayBuffer,
    private readonly address: number,
  ) {
    this.view = new DataView(buffer);
  }

  big(slot: number): bigint {
    return this.view.getBigInt64(this.address + 8 * slot, true);
  }

  integer(slot: number): number {
    return Number(this.big(slot));
  }

  scope(index: number): ScopeOutcome {
    const record = abi.RESULT_SLOTS + index * abi.SCOPE_SLOTS;
    const counters = Object.fromEntries(
      COUNTER_NAMES.map((name, i) => [name, this.integer(record + i)]),
    ) as Counters;
    const latency = (which: number): HistogramData => this.histogram(latencyRecord(index, which));
    return {
      counters,
      isrWait: latency(abi.LATENCY_ISR_WAIT),
      dpcWait: latency(abi.LATENCY_DPC_WAIT),
      interruptToDpc: latency(abi.LATENCY_INTERRUPT_TO_DPC),
    };
  }

  processor(index: number, spanNs: number): ProcessorOutcome {
    const record = abi.RESULT_SLOTS + index * abi.SCOPE_SLOTS;
    const scope = this.scope(index);
    const split = {
      isrNs: this.integer(record + abi.SCOPE_ISR_NS),
      clockNs: this.integer(record + abi.SCOPE_CLOCK_NS),
      ipiNs: this.integer(record + abi.SCOPE_IPI_NS),
      dispatchDrainNs: this.integer(record + abi.SCOPE_DISPATCH_DRAIN_NS),
      idleDrainNs: this.integer(record + abi.SCOPE_IDLE_DRAIN_NS),
      threadNs: scope.counters.threadNs,
    };
    const busyNs = Object.values(split).reduce((sum, ns) => sum + ns, 0);
    return {
      ...scope,
      timeSplit: { ...split, idleNs: spanNs - busyNs },
      queueDepth: {
        maximum: this.integer(record + abi.SCOPE_DEPTH_MAXIMUM),
        areaNs: BigInt.asUintN(64, this.big(record + abi.SCOPE_DEPTH_AREA)),
      },
    };
  }

  private histogram(record: number): HistogramData {
    return sparseHistogram(this.totals(record), this.first(record), this.counts(record));
  }

  /** Adds the buckets and totals of a latency to those of the whole machine. */
  addTo(machine: DenseHistogram, record: number): void {
    const counts = this.counts(record);
    if (counts.length === 0) return;
    const { sumNs, minNs, maxNs } = this.totals(record);
    machine.sumNs += sumNs;
    machine.minNs = Math.min(machine.minNs, minNs);
    machine.maxNs = Math.max(machine.maxNs, maxNs);
    const first = this.first(record);
    for (let i = 0; i < counts.length; i++) machine.counts[first + i] += counts[i];
  }

  private totals(record: number): Pick<HistogramData, 'sumNs' | 'minNs' | 'maxNs'> {
    return {
      sumNs: this.big(record + abi.SUMMARY_SUM_NS),
      minNs: this.integer(record + abi.SUMMARY_MIN_NS),
      maxNs: this.integer(record + abi.SUMMARY_MAX_NS),
    };
  }

  private first(record: number): number {
    return this.integer(record + abi.SUMMARY_FIRST);
  }

  private counts(record: number): Uint32Array {
    return new Uint32Array(
      this.buffer,
      this.integer(record + abi.SUMMARY_COUNTS_ADDRESS),
      this.integer(record + abi.SUMMARY_USED),
    );
  }
}

interface DenseHistogram {
  sumNs: bigint;
  minNs: number;
  maxNs: number;
  counts: Uint32Array;
}

/**
 * The whole machine is the sum of its processors, the last `processorCount` scopes of the block.
 */
function machineScope(
  block: Block,
  firstScope: number,
  processors: readonly ProcessorOutcome[],
): ScopeOutcome {
  const counters = Object.fromEntries(
    COUNTER_NAMES.map((name) => [
      name,
      processors.reduce((sum, processor) => sum + processor.counters[name], 0),
    ]),
  ) as Counters;
  const latency = (which: number): HistogramData => {
    const counts = new Uint32Array(abi.HISTOGRAM_BUCKETS);
    const sum: DenseHistogram = { sumNs: 0n, minNs: Infinity, maxNs: 0, counts };
    for (let i = 0; i < processors.length; i++) {
      block.addTo(sum, latencyRecord(firstScope + i, which));
    }
    if (sum.minNs === Infinity) sum.minNs = 0;
    return sparseHistogram(sum, 0, counts);
  };
  return {
    counters,
    isrWait: latency(abi.LATENCY_ISR_WAIT),
    dpcWait: latency(abi.LATENCY_DPC_WAIT),
    interruptToDpc: latency(abi.LATENCY_INTERRUPT_TO_DPC),
  };
}

function latencyRecord(scope: number, which: number): number {
  const record = abi.RESULT_SLOTS + scope * abi.SCOPE_SLOTS;
  return record + abi.SCOPE_LATENCIES + which * abi.SUMMARY_SLOTS;
}
