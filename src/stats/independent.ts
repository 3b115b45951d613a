import type { Interval } from '../result/document.js';

/** An estimate and its interval. */
export interface Estimated {
  value: number;
  interval: Interval;
}

/**
 * The interval of `other − first`, of two independent estimates out of their own intervals: what
 * each end is away from its estimate is added in squares (MOVER; G. Zou and A. Donner,
 * "Construction of confidence limits about effect measures", Statistics in Medicine 27, 2008).
 */
export function differenceOfIndependent(first: Estimated, other: Estimated): Interval {
  const difference = other.value - first.value;
  const below = Math.hypot(other.value - other.interval.low, first.interval.high - first.value);
  const above = Math.hypot(other.interval.high - other.value, first.value - first.interval.low);
  return { low: difference - below, high: difference + above };
}

/** The interval of `other / first`, in the same way on a scale of logarithms; null near 0. */
export function ratioOfIndependent(first: Estimated, other: Estimated): Interval | null {
  const ends = [first, other].flatMap(({ value, interval }) => [value, interval.low]);
  if (ends.some((end) => !(end > 0))) return null;
  const log = ({ value, interval }: Estimated): Estimated => ({
    value: Math.log(value),
    interval: { low: Math.log(interval.low), high: Math.log(interval.high) },
  });
  const { low, high } = differenceOfIndependent(log(first), log(other));
  return { low: Math.exp(low), high: Math.exp(high) };
}
