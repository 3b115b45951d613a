import type { CensusCell } from '../result/census.js';
import { percentile, sparseHistogram } from '../result/histogram.js';
import type { Counters } from '../result/outcome.js';
import type { Survey, SurveyedWaits } from '../kernel/survey.js';
import { RecentProcessors } from './recent-processors.js';

/** What happened in a span of simulated time, and where the run stands at its end. */
export interface LiveColumn {
  /** Measured so far, all shards one after another, and how long the span is. */
  atNs: number;
  spanNs: number;
  arrivals: number;
  ipis: number;
  /** The DPC waits of the span; null: too few. */
  p50Ns: number | null;
  p99Ns: number | null;
}

/** All that was counted from the run's beginning. */
export interface LiveTotal {
  atNs: number;
  arrivals: number;
  ipis: number;
  dpcs: number;
  p50Ns: number | null;
  p99Ns: number | null;
  maxNs: number;
  census: CensusCell[];
}

/** Turns surveys of shards, one after another, into columns. */
export class LiveColumns {
  private before: Survey | null = null;
  /** What shards that are over measured. */
  private doneNs = 0;
  private done: Pick<Counters, 'arrivals' | 'ipis' | 'dpcs'> = { arrivals: 0, ipis: 0, dpcs: 0 };
  private startNs = 0;
  private waits: SurveyedWaits = NO_WAITS;
  /** What its processors did of late: of a large machine too much for each column. */
  readonly processors = new RecentProcessors();

  /** A shard's statistics begin: its warm-up is over. */
  begin(startNs: number): void {
    if (this.before !== null) {
      this.doneNs += this.before.nowNs - this.startNs;
      const { arrivals, ipis, dpcs } = this.before.counters;
      this.done.arrivals += arrivals;
      this.done.ipis += ipis;
      this.done.dpcs += dpcs;
    }
    this.before = null;
    this.startNs = startNs;
    this.processors.begin(startNs);
  }

  /** Measured time, all shards one after another, at an instant of the one that runs. */
  at(nowNs: number): number {
    return this.doneNs + nowNs - this.startNs;
  }

  /** What happened since the last survey; null when no time has passed. */
  add(survey: Survey): LiveColumn | null {
    const { before } = this;
    const fromNs = before?.nowNs ?? this.startNs;
    const spanNs = survey.nowNs - fromNs;
    if (spanNs <= 0) return null;
    const since = (name: 'arrivals' | 'ipis'): number =>
      survey.counters[name] - (before?.counters[name] ?? 0);
    const [p50Ns, p99Ns] = medianAndP99(waitsSince(this.waits, survey.waits));
    this.before = survey;
    this.waits = survey.waits;
    this.processors.add(survey.nowNs, survey.processors);
    return {
      atNs: this.at(survey.nowNs),
      spanNs,
      arrivals: since('arrivals'),
      ipis: since('ipis'),
      p50Ns,
      p99Ns,
    };
  }

  /** A kernel was emptied, as one is after some hundred million samples: its buckets start anew. */
  restart(): void {
    this.waits = NO_WAITS;
  }

  total(): LiveTotal | null {
    const { before, done } = this;
    if (before === null) return null;
    const { counters, waits } = before;
    const [p50Ns, p99Ns] = medianAndP99(waits);
    return {
      atNs: this.at(before.nowNs),
      arrivals: done.arrivals + counters.arrivals,
      ipis: done.ipis + counters.ipis,
      dpcs: done.dpcs + counters.dpcs,
      p50Ns,
      p99Ns,
      maxNs: waits.maxNs,
      census: before.census,
    };
  }
}

const NO_WAITS: SurveyedWaits = { first: 0, counts: new Uint32Array(), maxNs: 0 };

/** The samples of `now` without those of `before`; both count from the same beginning. */
function waitsSince(before: SurveyedWaits, now: SurveyedWaits): SurveyedWaits {
  const counts = now.counts.slice();
  const shift = before.first - now.first;
  for (let i = 0; i < before.counts.length; i++) counts[i + shift] -= before.counts[i];
  return { ...now, counts };
}

function medianAndP99({ counts, first, maxNs }: SurveyedWaits): (number | null)[] {
  const histogram = sparseHistogram({ sumNs: 0n, minNs: 0, maxNs }, first, counts);
  return [percentile(histogram, 5_000), percentile(histogram, 9_900)];
}
