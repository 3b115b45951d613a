import { addExecutions, COUNTER_NAMES, noExecution } from '../../src/result/outcome.js';
import type {
  CounterName,
  Counters,
  HistogramData,
  ScopeOutcome,
} from '../../src/result/outcome.js';
import { addHistograms, emptyHistogram } from '../../src/result/histogram.js';

const LINEAR_VALUES = 2048;
/** A page holds the buckets of one doubling. */
const PAGE_BITS = 10;
const PAGE_BUCKETS = 1 << PAGE_BITS;
/** The kernel's histograms end at 2^37 ns: larger values share the last bucket. */
const PAGES = 28;
const BUCKETS = PAGES * PAGE_BUCKETS;
/** Whole numbers above it lose their units in a float, so sums are moved to a bigint before. */
const SPILL_AT = 2 ** 52;

// Places in the totals of a latency.
const COUNT = 0;
const SUM = 1;
const MIN = 2;
const MAX = 3;

/** A sum of whole numbers that stays exact, without a bigint for each addition. */
export class ExactSum {
  private near = 0;
  private far = 0n;

  /** `value` is a whole number from 0 to 2^52. */
  add(value: number): void {
    this.near += value;
    if (this.near >= SPILL_AT) {
      this.far += BigInt(this.near);
      this.near = 0;
    }
  }

  /** A whole number of times a whole number. */
  addTimes(count: number, value: number): void {
    const product = count * value;
    if (product <= SPILL_AT) this.add(product);
    else this.far += BigInt(count) * BigInt(value);
  }

  total(): bigint {
    return this.far + BigInt(this.near);
  }
}

/**
 * One latency of one scope: exact count, sum, min and max, and the buckets of HdrHistogram for
 * three significant digits from 1 ns, in pages that are made when first needed.
 */
export class Latency {
  /** Count, sum, min and max, side by side: this is the hottest memory of the twin. */
  private readonly totals = Float64Array.of(0, 0, Infinity, 0);
  private farSum = 0n;
  private readonly pages: (Uint32Array | undefined)[] = new Array(PAGES).fill(undefined);

  record(valueNs: number): void {
    const { totals } = this;
    totals[COUNT]++;
    totals[SUM] += valueNs;
    if (totals[SUM] >= SPILL_AT) this.spill();
    if (valueNs < totals[MIN]) totals[MIN] = valueNs;
    if (valueNs > totals[MAX]) totals[MAX] = valueNs;
    const index = bucketOf(valueNs);
    const page = this.pages[index >> PAGE_BITS] ?? this.addPage(index >> PAGE_BITS);
    page[index & (PAGE_BUCKETS - 1)]++;
  }

  private spill(): void {
    this.farSum += BigInt(this.totals[SUM]);
    this.totals[SUM] = 0;
  }

  private addPage(number: number): Uint32Array {
    const page = new Uint32Array(PAGE_BUCKETS);
    this.pages[number] = page;
    return page;
  }

  data(): HistogramData {
    const [count, nearSum, minNs, maxNs] = this.totals;
    if (count === 0) return emptyHistogram();
    const sumNs = this.farSum + BigInt(nearSum);
    const buckets: number[] = [];
    const counts: number[] = [];
    this.pages.forEach((page, number) => {
      for (let i = 0; page !== undefined && i < PAGE_BUCKETS; i++) {
        if (page[i] === 0) continue;
        buckets.push(number * PAGE_BUCKETS + i);
        counts.push(page[i]);
      }
    });
    return {
      ...{ count, sumNs, minNs, maxNs },
      buckets: Uint16Array.from(buckets),
      counts: Float64Array.from(counts),
    };
  }
}

/** Index of the bucket: the value itself below 2,048, then 1,024 buckets for each doubling. */
export function bucketOf(valueNs: number): number {
  if (valueNs < LINEAR_VALUES) return valueNs;
  if (valueNs < 2 ** 31) {
    const shift = 21 - Math.clz32(valueNs);
    return (shift << PAGE_BITS) + (valueNs >>> shift);
  }
  let scaled = valueNs;
  let shift = 0;
  while (scaled >= LINEAR_VALUES) {
    scaled = Math.floor(scaled / 2);
    shift++;
  }
  return Math.min((shift << PAGE_BITS) + scaled, BUCKETS - 1);
}

/** Counters and latencies of one source or one processor. */
export class Tally {
  readonly counters: AllCounters = noCounters();
  readonly isrWait = new Latency();
  readonly dpcWait = new Latency();
  readonly interruptToDpc = new Latency();
  private readonly isrRuns = new ExactSum();
  private readonly routineRuns = new ExactSum();
  private longestIsrNs = 0;
  private longestRoutineNs = 0;

  noteIsr(ns: number): void {
    this.isrRuns.add(ns);
    this.longestIsrNs = Math.max(this.longestIsrNs, ns);
  }

  noteRoutine(ns: number): void {
    this.routineRuns.add(ns);
    this.longestRoutineNs = Math.max(this.longestRoutineNs, ns);
  }

  outcome(counted: readonly CounterName[]): ScopeOutcome {
    return {
      counters: only(counted, this.counters),
      execution: {
        isr: { totalNs: this.isrRuns.total(), maxNs: this.longestIsrNs },
        dpc: { totalNs: this.routineRuns.total(), maxNs: this.longestRoutineNs },
      },
      isrWait: this.isrWait.data(),
      dpcWait: this.dpcWait.data(),
      interruptToDpc: this.interruptToDpc.data(),
    };
  }
}

type AllCounters = Record<CounterName, number>;

function noCounters(): AllCounters {
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0])) as AllCounters;
}

function only(counted: readonly CounterName[], counters: AllCounters): Counters {
  return Object.fromEntries(counted.map((name) => [name, counters[name]])) as Counters;
}

/** The whole machine: everything is counted on exactly one processor. */
export function addOutcomes(
  parts: readonly ScopeOutcome[],
  counted: readonly CounterName[],
): ScopeOutcome {
  const sums = noCounters();
  for (const part of parts) {
    for (const name of counted) sums[name] += part.counters[name] ?? 0;
  }
  const sum = (name: 'isrWait' | 'dpcWait' | 'interruptToDpc'): HistogramData =>
    parts.map((part) => part[name]).reduce(addHistograms, emptyHistogram());
  return {
    counters: only(counted, sums),
    execution: parts.map(({ execution }) => execution).reduce(addExecutions, noExecution()),
    isrWait: sum('isrWait'),
    dpcWait: sum('dpcWait'),
    interruptToDpc: sum('interruptToDpc'),
  };
}
