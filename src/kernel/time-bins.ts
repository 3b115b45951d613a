import {
  DECISION_BUCKET_BITS,
  DECISION_BUCKETS,
  HISTOGRAM_HALF_BITS,
} from '../../assembly/shared/abi.js';
import { INTERRUPT_TIMES } from '../result/outcome.js';
import {
  appendBin,
  binBucketLow,
  type BinWaits,
  groupCount,
  groupSize,
  type OverTime,
  type TimeBin,
  widened,
} from '../result/over-time.js';
import { MOST_BINS } from '../result/over-time-shape.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Kernel } from './compiled-kernel.js';
import type { Looks } from './run-shard.js';
import { readSurvey, type Survey } from './survey.js';

/** From a bucket of the kernel to the coarser one that holds it. */
const SHIFT = HISTOGRAM_HALF_BITS - DECISION_BUCKET_BITS;

/**
 * Cuts a shard into bins by looking at what it has counted at the end of each: what lies between
 * two looks is exact, and no event costs anything. Begins with a machine that has counted nothing.
 */
export class TimeBins {
  private time: OverTime;
  private before: Looked;
  private readonly processorsInGroup: number;
  private readonly groups: number;

  constructor(
    private readonly scenario: Scenario,
    warmupNs: number,
    binNs: number,
  ) {
    this.time = { warmupNs, binNs, bins: [] };
    const { processors } = scenario.machine;
    this.processorsInGroup = groupSize(processors);
    this.groups = groupCount(processors);
    this.before = this.nothing(0);
  }

  /** The next instant at which to look. */
  private nextNs(): number {
    const { warmupNs, binNs } = this.time;
    return warmupNs + (Math.floor((this.before.nowNs - warmupNs) / binNs) + 1) * binNs;
  }

  /** Looks at this machine. */
  of(kernel: Kernel): Looks {
    return {
      nextNs: () => this.nextNs(),
      look: () => this.look(readSurvey(kernel, this.scenario)),
    };
  }

  /** The statistics of another machine begin here, which goes on from where this one stands. */
  restart(): void {
    this.before = this.nothing(this.before.nowNs);
  }

  private look(survey: Survey): void {
    const { before } = this;
    if (survey.nowNs === before.nowNs && this.time.bins.length > 0) return;
    const now = this.lookedAt(survey);
    appendBin(this.time, binBetween(before, now));
    this.before = now;
    const { binNs, bins } = this.time;
    if (bins.length > MOST_BINS) this.time = widened(this.time, 2 * binNs);
  }

  /** Null for a machine that was over before time had passed. */
  finish(): OverTime | null {
    return this.before.nowNs === 0 ? null : this.time;
  }

  private nothing(nowNs: number): Looked {
    return {
      nowNs,
      arrivals: 0,
      ipis: 0,
      queuedNs: 0,
      maxNs: 0,
      waits: new Float64Array(DECISION_BUCKETS),
      busyNs: new Array<number>(this.groups).fill(0),
    };
  }

  private lookedAt({
    nowNs,
    counters,
    processors,
    waits: { first, counts, maxNs },
  }: Survey): Looked {
    const now = this.nothing(nowNs);
    const { waits, busyNs } = now;
    for (let i = 0; i < counts.length; i++) waits[(first + i) >> SHIFT] += counts[i];
    processors.forEach(({ queueDepth, timeSplit }, i) => {
      now.queuedNs += queueDepth.areaNs;
      const group = Math.floor(i / this.processorsInGroup);
      for (const name of INTERRUPT_TIMES) busyNs[group] += timeSplit[name] ?? 0;
    });
    const { arrivals, ipis } = counters;
    return { ...now, arrivals, ipis, maxNs };
  }
}

/** What a machine had counted at an instant. */
interface Looked extends Omit<TimeBin, 'endNs' | 'waits'> {
  nowNs: number;
  maxNs: number;
  /** By bucket. */
  waits: Float64Array;
}

function binBetween(a: Looked, b: Looked): TimeBin {
  return {
    endNs: b.nowNs,
    arrivals: b.arrivals - a.arrivals,
    ipis: b.ipis - a.ipis,
    queuedNs: b.queuedNs - a.queuedNs,
    waits: waitsBetween(a, b),
    busyNs: b.busyNs.map((ns, group) => ns - a.busyNs[group]),
  };
}

function waitsBetween(a: Looked, b: Looked): BinWaits {
  const buckets: number[] = [];
  const counts: number[] = [];
  b.waits.forEach((upTo, bucket) => {
    if (upTo === a.waits[bucket]) return;
    buckets.push(bucket);
    counts.push(upTo - a.waits[bucket]);
  });
  return { buckets, counts, maxNs: longestOf(buckets, a.maxNs, b.maxNs) };
}

/** A new longest wait is known exactly, any other one by its bucket. */
function longestOf(buckets: readonly number[], beforeNs: number, nowNs: number): number {
  const last = buckets.at(-1);
  if (last === undefined) return 0;
  return nowNs > beforeNs ? nowNs : Math.min(binBucketLow(last + 1) - 1, nowNs);
}
