import { COUNTER_NAMES, type RateName } from '../result/outcome.js';
import type { Figure } from './figure-path.js';
import { LEAST_SHARDS, notNegative, ratioInterval, spreadInterval } from './interval.js';
import type {
  FigureIntervals,
  Interval,
  LatencySummary,
  PolicyResult,
} from '../result/document.js';
import { MOST_KEPT_SHARDS, type ShardColumns } from '../result/shard-columns.js';
import type { ScopeLine } from '../result/shard-line.js';
import {
  countOf,
  INTERVAL_FIGURES,
  LATENCY_NAMES,
  type IntervalFigure,
  type LatencyName,
  type PerFigure,
} from '../result/figures.js';

/** What of a latency is kept; its mean is the ratio of the first two. */
const KEPT = ['count', 'sumNs', 'p50Ns', 'p90Ns', 'p99Ns', 'p999Ns', 'p9999Ns'] as const;

/** One figure over the shards: each shard's part of a ratio of sums. */
export interface ShardColumn {
  numerator: readonly number[];
  denominator: readonly number[];
}

/**
 * The figures of every shard of one policy, as columns.
 *
 * A counter is counted per 1,000 interrupts and a mean per sample, so their columns are the two
 * sums of a ratio. A percentile of a shard stands for itself, over 1; its whole column is left out
 * when one shard has too few samples for it.
 */
export class ShardFigures {
  /** A percentile stands over 1. */
  private readonly ones: number[] = [];
  private readonly counters = new Map<RateName, number[]>();
  private readonly latencies: Record<LatencyName, Map<keyof LatencySummary, (number | null)[]>> = {
    isrWait: new Map(),
    dpcWait: new Map(),
    interruptToDpc: new Map(),
  };

  /** The figures of the shards that a result keeps; null for one that keeps none. */
  static of({ counters, shards }: Pick<PolicyResult, 'counters' | 'shards'>): ShardFigures | null {
    if (shards === null) return null;
    const figures = new ShardFigures();
    const zeros = shards.latency.isrWait.count.map(() => 0);
    figures.ones.push(...zeros.map(() => 1));
    for (const name of COUNTER_NAMES) {
      if (counters[name] === undefined) continue;
      figures.counters.set(name, shards.counters[name] ?? zeros);
    }
    const drains = (['dispatchDrains', 'idleDrains'] as const).map(
      (name) => figures.counters.get(name) ?? zeros,
    );
    figures.counters.set(
      'drains',
      zeros.map((_, i) => drains[0][i] + drains[1][i]),
    );
    for (const name of LATENCY_NAMES) {
      const columns = shards.latency[name];
      for (const key of KEPT) {
        figures.latencies[name].set(key, columns[key] ?? zeros.map(() => null));
      }
    }
    return figures;
  }

  /** What a result keeps of its shards; null of too few for intervals, or of very many. */
  columns(): ShardColumns | null {
    if (this.shards < LEAST_SHARDS || this.shards > MOST_KEPT_SHARDS) return null;
    const counted = [...this.counters].filter(
      ([name, values]) => name !== 'drains' && values.some((value) => value !== 0),
    );
    const latencies = LATENCY_NAMES.map((name) => {
      const columns = KEPT.map((key) => {
        const values = this.latencies[name].get(key) ?? [];
        return [key, values.includes(null) ? null : values];
      });
      return [name, Object.fromEntries(columns)];
    });
    return {
      counters: Object.fromEntries(counted),
      latency: Object.fromEntries(latencies) as ShardColumns['latency'],
    };
  }

  get shards(): number {
    return this.ones.length;
  }

  /** Adds the next shard. */
  add(line: ScopeLine): void {
    this.ones.push(1);
    for (const name of [...Object.keys(line.counters), 'drains'] as RateName[]) {
      append(this.counters, name, countOf(line.counters, name));
    }
    for (const name of LATENCY_NAMES) {
      const summary = line.latency[name];
      append(this.latencies[name], 'count', summary.count);
      append(this.latencies[name], 'sumNs', summary.sumNs);
      for (const figure of INTERVAL_FIGURES) append(this.latencies[name], figure, summary[figure]);
    }
  }

  /** Per 1,000 interrupts. */
  perThousand(name: RateName): ShardColumn {
    const counts = this.counters.get(name) ?? [];
    const arrivals = this.counters.get('arrivals') ?? [];
    return { numerator: counts.map((count) => count * 1000), denominator: arrivals };
  }

  /** Null for a percentile of which some shard has too few samples. */
  latency(name: LatencyName, figure: IntervalFigure): ShardColumn | null {
    const column = (key: keyof LatencySummary): (number | null)[] =>
      this.latencies[name].get(key) ?? [];
    if (figure === 'meanNs') {
      return { numerator: column('sumNs') as number[], denominator: column('count') as number[] };
    }
    const values = column(figure);
    if (values.includes(null)) return null;
    return { numerator: values as number[], denominator: this.ones };
  }

  /**
   * The interval of every figure of the merged result, or of a single one; null with fewer than
   * five shards.
   */
  intervals(
    latency: Record<LatencyName, LatencySummary>,
    only: Figure | null = null,
  ): FigureIntervals | null {
    if (this.shards < LEAST_SHARDS) return null;
    return mapFigures<Interval>(
      this.rateNames(),
      (counter) => {
        const { numerator, denominator } = this.perThousand(counter);
        return notNegative(ratioInterval(numerator, denominator));
      },
      (name, figure) => {
        const column = this.latency(name, figure);
        const merged = latency[name][figure];
        if (column === null || merged === null || latency[name].count === 0) return null;
        return notNegative(
          figure === 'meanNs'
            ? ratioInterval(column.numerator, column.denominator)
            : spreadInterval(merged, column.numerator),
        );
      },
      only,
    );
  }

  rateNames(): RateName[] {
    return [...this.counters.keys()];
  }
}

/** A value for each figure, made from its name; with `only`, null for all but that one. */
export function mapFigures<Value>(
  rates: readonly RateName[],
  ofRate: (name: RateName) => Value | null,
  ofLatency: (name: LatencyName, figure: IntervalFigure) => Value | null,
  only: Figure | null = null,
): PerFigure<Value | null> {
  const isLatency = (name: LatencyName, statistic: IntervalFigure): boolean =>
    only === null ||
    (only.kind === 'latency' && only.latency === name && only.statistic === statistic);
  const isRate = (name: RateName): boolean =>
    only === null || (only.kind !== 'latency' && only.name === name);
  const latencies = LATENCY_NAMES.map((name) => [
    name,
    Object.fromEntries(
      INTERVAL_FIGURES.map((figure) => [
        figure,
        isLatency(name, figure) ? ofLatency(name, figure) : null,
      ]),
    ),
  ]);
  return {
    perThousand: Object.fromEntries(
      rates.map((name) => [name, isRate(name) ? ofRate(name) : null]),
    ) as PerFigure<Value | null>['perThousand'],
    latency: Object.fromEntries(latencies) as PerFigure<Value | null>['latency'],
  };
}

function append<Key, Value>(columns: Map<Key, Value[]>, key: Key, value: Value): void {
  const column = columns.get(key);
  if (column === undefined) columns.set(key, [value]);
  else column.push(value);
}
