import { normalCdf, normalQuantile } from './normal.js';
import { CONFIDENCE } from './interval.js';
import type { Interval } from './result.js';
import { SeededStream } from './seeded-stream.js';
import { studentTQuantile } from './student-t.js';

export const RESAMPLES = 2_000;
/** More shards than this are bootstrapped in groups of neighbours, see `groupShards`. */
export const MOST_GROUPS = 100;

/**
 * One figure of two policies, a column entry for each shard: each policy's figure is the ratio of
 * the sums of its two columns. A mean has sums over counts, a count has counts over interrupts, and
 * a percentile has the shards' percentiles over ones.
 */
export interface PairedColumns {
  firstNumerator: readonly number[];
  firstDenominator: readonly number[];
  otherNumerator: readonly number[];
  otherDenominator: readonly number[];
}

/** Null where the figure cannot be formed, of all shards or of one of the resamples. */
export interface PairedIntervals {
  /** Other minus first. */
  difference: Interval | null;
  /** Other over first. */
  ratio: Interval | null;
}

/**
 * Draws whole shards with replacement, the same for both policies and for every figure, and forms
 * each figure anew from each drawing. Shards are paired: both policies saw the same interrupts, so
 * what shards have in common cancels out.
 *
 * B. Efron, "Better bootstrap confidence intervals", JASA 82, 1987 (BCa); with the levels widened
 * as T. Hesterberg advises for few observations ("What teachers should know about the bootstrap",
 * Am. Statistician 69, 2015): the normal quantile becomes √(n / (n − 1)) times Student's.
 */
export class PairedBootstrap {
  private readonly drawings: Uint16Array;

  /** `seedValues` fixes the drawings. */
  constructor(
    private readonly shards: number,
    seedValues: readonly number[],
    private readonly level = CONFIDENCE,
  ) {
    const stream = new SeededStream(seedValues);
    this.drawings = Uint16Array.from({ length: RESAMPLES * shards }, () => stream.below(shards));
  }

  intervals(columns: PairedColumns): PairedIntervals {
    const [all, without] = [this.whole(columns), this.leaveOneOut(columns)];
    const drawn = this.resample(columns);
    const interval = (of: (sums: Sums) => number, values: Float64Array): Interval | null =>
      bca(of(all), values, without.map(of), this.level);
    return {
      difference: interval(difference, drawn.differences),
      ratio: interval(ratio, drawn.ratios),
    };
  }

  private whole(columns: PairedColumns): Sums {
    const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
    return {
      a: sum(columns.firstNumerator),
      b: sum(columns.firstDenominator),
      c: sum(columns.otherNumerator),
      d: sum(columns.otherDenominator),
    };
  }

  private leaveOneOut(columns: PairedColumns): Sums[] {
    const all = this.whole(columns);
    return Array.from({ length: this.shards }, (_, i) => ({
      a: all.a - columns.firstNumerator[i],
      b: all.b - columns.firstDenominator[i],
      c: all.c - columns.otherNumerator[i],
      d: all.d - columns.otherDenominator[i],
    }));
  }

  private resample(columns: PairedColumns): Record<'differences' | 'ratios', Float64Array> {
    const { drawings, shards } = this;
    const typed = [
      columns.firstNumerator, columns.firstDenominator,
      columns.otherNumerator, columns.otherDenominator,
    ].map((column) => Float64Array.from(column));
    const sums: Sums = { a: 0, b: 0, c: 0, d: 0 };
    const differences = new Float64Array(RESAMPLES);
    const ratios = new Float64Array(RESAMPLES);
    for (let i = 0; i < RESAMPLES; i++) {
      addUp(typed, drawings, i * shards, shards, sums);
      differences[i] = difference(sums);
      ratios[i] = ratio(sums);
    }
    return { differences, ratios };
  }
}

interface Sums {
  a: number;
  b: number;
  c: number;
  d: number;
}

/** Into `sums`: a resample makes no garbage. */
function addUp(
  [firstNumerator, firstDenominator, otherNumerator, otherDenominator]: readonly Float64Array[],
  drawings: Uint16Array,
  from: number,
  count: number,
  sums: Sums,
): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = from; i < from + count; i++) {
    const shard = drawings[i];
    a += firstNumerator[shard];
    b += firstDenominator[shard];
    c += otherNumerator[shard];
    d += otherDenominator[shard];
  }
  sums.a = a;
  sums.b = b;
  sums.c = c;
  sums.d = d;
}

function difference({ a, b, c, d }: Sums): number {
  return c / d - a / b;
}

function ratio({ a, b, c, d }: Sums): number {
  return c / d / (a / b);
}

/**
 * The bias-corrected and accelerated interval of an estimate, from its values in resamples and its
 * values without each observation in turn. Null when one of them is no number.
 */
export function bca(
  estimate: number,
  resampled: ArrayLike<number>,
  without: readonly number[],
  level = CONFIDENCE,
): Interval | null {
  if (![estimate, ...without].every(Number.isFinite)) return null;
  const sorted = Float64Array.from(resampled);
  let isConstant = true;
  let below = 0;
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i];
    if (!Number.isFinite(value)) return null;
    if (value !== sorted[0]) isConstant = false;
    below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  }
  // Such as a counter that stays 0; sorting is most of the work here.
  if (isConstant) return { low: sorted[0], high: sorted[0] };
  sorted.sort();
  const share = (below + 0.5) / (sorted.length + 1);
  const bias = normalQuantile(share);
  const acceleration = skewnessOf(without);
  const n = without.length;
  const reach = Math.sqrt(n / (n - 1)) * studentTQuantile((1 + level) / 2, n - 1);
  const corrected = (z: number): number => {
    const shifted = bias + z;
    return normalCdf(bias + shifted / Math.max(1e-9, 1 - acceleration * shifted));
  };
  return { low: quantileOf(sorted, corrected(-reach)), high: quantileOf(sorted, corrected(reach)) };
}

/** The acceleration: a sixth of the skewness of the jackknife's influence values. */
function skewnessOf(without: readonly number[]): number {
  const mean = without.reduce((sum, value) => sum + value, 0) / without.length;
  let squares = 0;
  let cubes = 0;
  for (const value of without) {
    const influence = mean - value;
    squares += influence ** 2;
    cubes += influence ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** Between the order statistics around rank p (n + 1), linearly. */
function quantileOf(sorted: Float64Array, probability: number): number {
  const rank = probability * (sorted.length + 1) - 1;
  const at = Math.min(sorted.length - 1, Math.max(0, rank));
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/**
 * The column with neighbouring shards added up, so that at most `MOST_GROUPS` remain: sums stay
 * sums, and a thousand shards cost what a hundred do.
 */
export function groupShards(column: readonly number[], groups = MOST_GROUPS): number[] {
  if (column.length <= groups) return [...column];
  const grouped = new Array<number>(groups).fill(0);
  column.forEach((value, i) => {
    grouped[Math.floor((i * groups) / column.length)] += value;
  });
  return grouped;
}
