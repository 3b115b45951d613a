import { normalCdf, normalQuantile } from './normal.js';
import { CONFIDENCE } from './interval.js';
import type { Interval } from '../result/document.js';
import { orderStatistic } from './order-statistic.js';
import { SeededStream } from './seeded-stream.js';
import { studentTQuantile } from './student-t.js';

const RESAMPLES = 2_000;
/** More shards than this are bootstrapped in groups of neighbours, see `groupShards`. */
const MOST_GROUPS = 100;

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
  private readonly drawings: Drawings;
  /** Many figures share one. */
  private readonly denominators = new Map<readonly number[], Resampled>();
  private readonly rooms: Record<'first' | 'other' | 'result', Resampled>;

  /** Columns have an entry for each of `shards`; `seedValues` fixes the drawings. */
  constructor(
    shards: number,
    seedValues: readonly number[],
    private readonly level = CONFIDENCE,
  ) {
    const groups = Math.min(shards, MOST_GROUPS);
    this.drawings = draw(groups, new SeededStream(seedValues));
    const room = (): Resampled => roomFor(groups);
    this.rooms = { first: room(), other: room(), result: room() };
  }

  intervals(columns: PairedColumns): PairedIntervals {
    const { first, other, result } = this.rooms;
    this.resample(columns.firstNumerator, columns.firstDenominator, first);
    this.resample(columns.otherNumerator, columns.otherDenominator, other);
    return {
      difference: bca(difference(other, first, result), this.level),
      ratio: bca(ratio(other, first, result), this.level),
    };
  }

  private resample(
    numerator: readonly number[],
    denominator: readonly number[],
    into: Resampled,
  ): void {
    let under = this.denominators.get(denominator);
    if (under === undefined) {
      const column = groupShards(denominator);
      under = sumUp(column, this.drawings, roomFor(column.length));
      this.denominators.set(denominator, under);
    }
    sumUp(groupShards(numerator), this.drawings, into);
    ratio(into, under, into);
  }
}

/**
 * Two shards at a time, of which a drawing needs the sum alone: each number stands for the shards
 * a × side + b. The last of an odd number of shards goes with one more, which has nothing.
 */
interface Drawings {
  pairs: Uint16Array;
  side: number;
}

function draw(shards: number, stream: SeededStream): Drawings {
  const side = shards + 1;
  const pairs = new Uint16Array(RESAMPLES * Math.ceil(shards / 2));
  for (let at = 0; at < pairs.length;) {
    for (let drawn = 0; drawn < shards; drawn += 2) {
      const a = stream.below(shards);
      pairs[at++] = a * side + (drawn + 1 < shards ? stream.below(shards) : shards);
    }
  }
  return { pairs, side };
}

/** A number made of all shards, without each of them in turn, and of each drawing. */
export interface Resampled {
  all: number;
  without: Float64Array;
  drawn: Float64Array;
}

function roomFor(shards: number): Resampled {
  return { all: 0, without: new Float64Array(shards), drawn: new Float64Array(RESAMPLES) };
}

// Into a room, and in loops of their own: new arrays and a callback for each value would take ten
// times as long.

function difference(a: Resampled, b: Resampled, into: Resampled): Resampled {
  into.all = a.all - b.all;
  for (let i = 0; i < into.without.length; i++) into.without[i] = a.without[i] - b.without[i];
  for (let i = 0; i < RESAMPLES; i++) into.drawn[i] = a.drawn[i] - b.drawn[i];
  return into;
}

function ratio(a: Resampled, b: Resampled, into: Resampled): Resampled {
  into.all = a.all / b.all;
  for (let i = 0; i < into.without.length; i++) into.without[i] = a.without[i] / b.without[i];
  for (let i = 0; i < RESAMPLES; i++) into.drawn[i] = a.drawn[i] / b.drawn[i];
  return into;
}

function sumUp(column: readonly number[], { pairs, side }: Drawings, into: Resampled): Resampled {
  const { drawn, without } = into;
  const all = column.reduce((sum, value) => sum + value, 0);
  into.all = all;
  for (let i = 0; i < column.length; i++) without[i] = all - column[i];
  // Such as a counter that stays 0, or the ones under percentiles.
  if (column.every((value) => value === column[0])) {
    drawn.fill(all);
    return into;
  }
  const values = [...column, 0];
  const sums = new Float64Array(side * side);
  for (let a = 0; a < side; a++) {
    for (let b = 0; b < side; b++) sums[a * side + b] = values[a] + values[b];
  }
  const length = pairs.length / RESAMPLES;
  // Two resamples at a time: an addition waits for the one before it in the same sum.
  for (let i = 0, at = 0; i < RESAMPLES; i += 2, at += length) {
    let even = 0;
    let odd = 0;
    for (const end = at + length; at < end; at++) {
      even += sums[pairs[at]];
      odd += sums[pairs[at + length]];
    }
    drawn[i] = even;
    drawn[i + 1] = odd;
  }
  return into;
}

/**
 * The bias-corrected and accelerated interval of an estimate, from its values in resamples, which
 * it reorders, and its values without each observation in turn. Null when one of them is no number.
 */
export function bca(
  { all: estimate, drawn: values, without }: Resampled,
  level = CONFIDENCE,
): Interval | null {
  if (!Number.isFinite(estimate) || !without.every(Number.isFinite)) return null;
  // Without a branch that a processor could guess wrong, half of the time.
  let notFinite = 0;
  let below = 0;
  for (let i = 0; i < values.length; i++) {
    notFinite += values[i] - values[i];
    below += Number(values[i] < estimate) + Number(values[i] <= estimate);
  }
  if (notFinite !== 0) return null;
  const share = (below / 2 + 0.5) / (values.length + 1);
  const bias = normalQuantile(share);
  const acceleration = skewnessOf(without);
  const n = without.length;
  const reach = Math.sqrt(n / (n - 1)) * studentTQuantile((1 + level) / 2, n - 1);
  const corrected = (z: number): number => {
    const shifted = bias + z;
    return normalCdf(bias + shifted / Math.max(1e-9, 1 - acceleration * shifted));
  };
  return { low: quantileOf(values, corrected(-reach)), high: quantileOf(values, corrected(reach)) };
}

/** The acceleration: a sixth of the skewness of the jackknife's influence values. */
function skewnessOf(without: Float64Array): number {
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

/** Between the order statistics around rank p (n + 1), linearly; reorders the values. */
function quantileOf(values: Float64Array, probability: number): number {
  const rank = probability * (values.length + 1) - 1;
  const at = Math.min(values.length - 1, Math.max(0, rank));
  const index = Math.floor(at);
  const below = orderStatistic(values, index);
  if (at === index) return below;
  // The next one is the least of those behind it, none of which is smaller.
  let above = values[index + 1];
  for (let i = index + 2; i < values.length; i++) above = Math.min(above, values[i]);
  return below + (at - index) * (above - below);
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
