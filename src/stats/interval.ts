import type { Interval } from '../result/document.js';
import { studentTQuantile } from './student-t.js';

/** Every interval of a result is at this level. */
export const CONFIDENCE = 0.95;
/** Fewer shards say too little about how much shards differ. */
export const LEAST_SHARDS = 5;

/**
 * Student's interval for the mean of independent values: mean ± t s / √n. Null for fewer than two.
 */
export function meanInterval(values: readonly number[], level = CONFIDENCE): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const mean = average(values);
  return around(mean, deviation(values) / Math.sqrt(n), n, level);
}

/**
 * The same half-width around an estimate from all shards at once, such as a percentile of the
 * merged histogram. A percentile of few samples is biased, and the average of the shards'
 * percentiles keeps that bias; the merged one has a fraction of it, and nearly the same standard
 * error.
 */
export function spreadInterval(
  centre: number,
  values: readonly number[],
  level = CONFIDENCE,
): Interval | null {
  const n = values.length;
  return n < 2 ? null : around(centre, deviation(values) / Math.sqrt(n), n, level);
}

/**
 * Interval for a ratio of sums, Σ numerators / Σ denominators, by the delete-one jackknife
 * (M. Quenouille, Biometrika 43, 1956; J. Tukey, Ann. Math. Stat. 29, 1958) with Student's t. The
 * shards' own ratios are not averaged: shards of different size would count alike.
 *
 * Null for fewer than two shards, or when leaving one out leaves no denominator.
 */
export function ratioInterval(
  numerators: readonly number[],
  denominators: readonly number[],
  level = CONFIDENCE,
): Interval | null {
  const n = numerators.length;
  if (n < 2) return null;
  const without = leaveOneOut(numerators, denominators);
  if (!without.every(Number.isFinite)) return null;
  const mean = average(without);
  const squares = without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt((squares * (n - 1)) / n);
  return around(ratioOfSums(numerators, denominators), error, n, level);
}

/** Counts and durations are not below 0, so nor are intervals of them. */
export function notNegative(interval: Interval | null): Interval | null {
  return interval && { low: Math.max(0, interval.low), high: interval.high };
}

/** Σ numerators / Σ denominators. */
export function ratioOfSums(
  numerators: readonly number[],
  denominators: readonly number[],
): number {
  return sum(numerators) / sum(denominators);
}

/** The ratio of sums without each shard in turn. */
function leaveOneOut(numerators: readonly number[], denominators: readonly number[]): number[] {
  const numerator = sum(numerators);
  const denominator = sum(denominators);
  return numerators.map((value, i) => (numerator - value) / (denominator - denominators[i]));
}

export function average(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** The sample standard deviation, with n − 1. */
export function deviation(values: readonly number[]): number {
  const mean = average(values);
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function around(centre: number, error: number, n: number, level: number): Interval {
  const half = studentTQuantile((1 + level) / 2, n - 1) * error;
  return { low: centre - half, high: centre + half };
}
