import { PairedBootstrap } from './bootstrap.js';
import { isSameLatency, sentenceOf } from './comparison-sentence.js';
import { LEAST_SHARDS } from './interval.js';
import type {
  FigureComparison,
  Interval,
  PolicyComparison,
  PolicyResult,
} from '../result/document.js';
import {
  countOf,
  type IntervalFigure,
  type LatencyName,
  type PerFigure,
} from '../result/figures.js';
import type { Figure } from './figure-path.js';
import { mapFigures, type ShardColumn, type ShardFigures } from './shard-figures.js';

/** What of a policy's result is compared, and the figures of its shards. */
export interface ShardedResult {
  result: Pick<PolicyResult, 'policy' | 'counters' | 'latency'>;
  figures: ShardFigures;
}

/**
 * Every policy but the first against the first, with intervals of differences and ratios over pairs
 * of shards. With fewer than five shards, and for machines that have not settled, there are
 * differences and ratios, but no intervals.
 */
export function comparePolicies(
  policies: readonly ShardedResult[],
  hasIntervals = true,
): PolicyComparison[] {
  const [first, ...others] = policies;
  return others.map((other) => {
    const figures = compareFigures(first, other, hasIntervals);
    const comparison = { policy: other.result.policy, against: first.result.policy, ...figures };
    return { ...comparison, sentence: sentenceOf(comparison, first.figures.shards) };
  });
}

/** Each figure of a policy against that of another one; with `only`, null but for that one. */
export function compareFigures(
  first: ShardedResult,
  other: ShardedResult,
  hasIntervals: boolean,
  only: Figure | null = null,
): PerFigure<FigureComparison | null> {
  const { shards } = first.figures;
  const bootstrap =
    !hasIntervals || shards < LEAST_SHARDS || shards !== other.figures.shards
      ? null
      : new PairedBootstrap(shards, seedOf(first, other));
  return mapFigures<FigureComparison>(
    first.figures.rateNames(),
    (name) => {
      const [from, to] = [first, other].map(({ result: { counters } }) => {
        const count = countOf(counters, name);
        const { arrivals } = counters;
        return arrivals === 0 || count === null ? null : (count * 1000) / arrivals;
      });
      const columns = [first, other].map(({ figures: of }) => of.perThousand(name));
      return compareFigure(from, to, columns, bootstrap, (a, b) => a === b);
    },
    (name, figure) => {
      const columns = [first, other].map(({ figures: of }) => of.latency(name, figure));
      const [from, to] = [first, other].map(({ result }) => latencyOf(result, name, figure));
      return compareFigure(from, to, columns, bootstrap, isSameLatency);
    },
    only,
  );
}

/** The drawings are fixed by what was simulated. */
function seedOf(first: ShardedResult, other: ShardedResult): number[] {
  return [first, other].flatMap(({ figures }) => {
    const { numerator, denominator } = figures.perThousand('ipis');
    const waits = figures.latency('dpcWait', 'meanNs')?.numerator ?? [];
    return [...numerator, ...denominator, ...waits];
  });
}

function latencyOf(
  result: ShardedResult['result'],
  name: LatencyName,
  figure: IntervalFigure,
): number | null {
  const summary = result.latency[name];
  return summary.count === 0 ? null : summary[figure];
}

function compareFigure(
  first: number | null,
  other: number | null,
  [from, to]: readonly (ShardColumn | null)[],
  bootstrap: PairedBootstrap | null,
  isSame: (a: number, b: number) => boolean,
): FigureComparison | null {
  if (first === null || other === null) return null;
  const difference = other - first;
  const ratio = first === 0 ? null : other / first;
  const drawn =
    bootstrap === null || from === null || to === null
      ? { difference: null, ratio: null }
      : bootstrap.intervals({
          firstNumerator: from.numerator,
          firstDenominator: from.denominator,
          otherNumerator: to.numerator,
          otherDenominator: to.denominator,
        });
  const [a, b] = [from, to].map((column) => (column === null ? NaN : ratioOf(column)));
  const differenceInterval = shift(drawn.difference, difference - (b - a));
  const ratioInterval = ratio === null ? null : scale(drawn.ratio, ratio / (b / a));
  const verdict = judge(isSame(first, other), difference, differenceInterval);
  return { first, other, difference, differenceInterval, ratio, ratioInterval, verdict };
}

/**
 * A percentile's interval comes from the shards' percentiles, whose average is a little off the
 * percentile of all samples: the interval is moved to where the estimate is. For means and counts
 * the two agree and nothing moves.
 */
function shift(interval: Interval | null, by: number): Interval | null {
  if (interval === null || !Number.isFinite(by)) return null;
  return { low: interval.low + by, high: interval.high + by };
}

function scale(interval: Interval | null, by: number): Interval | null {
  if (interval === null || !Number.isFinite(by)) return null;
  return { low: interval.low * by, high: interval.high * by };
}

function ratioOf({ numerator, denominator }: ShardColumn): number {
  const sum = (values: readonly number[]): number => values.reduce((total, v) => total + v, 0);
  return sum(numerator) / sum(denominator);
}

function judge(
  isSame: boolean,
  difference: number,
  interval: Interval | null,
): FigureComparison['verdict'] {
  if (isSame) return 'same';
  if (interval === null) return 'unknown';
  if (interval.low <= 0 && interval.high >= 0) return 'indistinguishable';
  return difference < 0 ? 'lower' : 'higher';
}
