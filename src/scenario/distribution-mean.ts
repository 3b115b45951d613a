import type { Distribution } from './scenario.js';

/** The 99th percentile of the standard normal distribution. */
const NORMAL_P99: number = 2.3263478740408408;

/**
 * How far above its mean the 99th percentile of a log-normal distribution can lie. With sigma the
 * deviation of its logarithm, ln(p99 / mean) = z sigma − sigma² / 2, which is greatest at sigma =
 * z.
 */
export const maximumLognormalRatio: number = Math.exp(NORMAL_P99 ** 2 / 2);

/**
 * The deviation of the logarithm: the smaller of the two that give this mean and 99th percentile,
 * so that equal mean and p99 stand for a constant.
 */
export function lognormalSigma(meanNs: number, p99Ns: number): number {
  const log = Math.log(p99Ns / meanNs);
  return NORMAL_P99 - Math.sqrt(Math.max(0, NORMAL_P99 ** 2 - 2 * log));
}

/** The mean in ns, before draws are rounded to whole nanoseconds. */
export function meanNs(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.ns;
    case 'uniform':
      return (distribution.minNs + distribution.maxNs) / 2;
    case 'exponential':
    case 'lognormal':
      return distribution.meanNs;
    case 'pareto':
      return paretoMoment(1, distribution.shape, distribution.minNs, distribution.maxNs);
    case 'mixture':
      return weightedMean(
        distribution.parts.map((part) => part.weight),
        distribution.parts.map((part) => meanNs(part.of)),
      );
    case 'histogram': {
      const { edgesNs, weights } = distribution;
      return weightedMean(
        weights,
        weights.map((_, i) => (edgesNs[i] + edgesNs[i + 1]) / 2),
      );
    }
  }
}

/** The mean of the square, in ns². */
export function meanSquareNs2(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.ns ** 2;
    case 'uniform':
      return uniformMeanSquare(distribution.minNs, distribution.maxNs);
    case 'exponential':
      return 2 * distribution.meanNs ** 2;
    case 'lognormal': {
      const sigma = lognormalSigma(distribution.meanNs, distribution.p99Ns);
      return distribution.meanNs ** 2 * Math.exp(sigma ** 2);
    }
    case 'pareto':
      return paretoMoment(2, distribution.shape, distribution.minNs, distribution.maxNs);
    case 'mixture':
      return weightedMean(
        distribution.parts.map((part) => part.weight),
        distribution.parts.map((part) => meanSquareNs2(part.of)),
      );
    case 'histogram': {
      const { edgesNs, weights } = distribution;
      const squares = weights.map((_, i) => uniformMeanSquare(edgesNs[i], edgesNs[i + 1]));
      return weightedMean(weights, squares);
    }
  }
}

function uniformMeanSquare(from: number, to: number): number {
  return (from * from + from * to + to * to) / 3;
}

/** Whether every draw is 0. */
export function isZero(distribution: Distribution): boolean {
  return meanNs(distribution) === 0;
}

/**
 * The mean of the value, or of its square. Written with min / max only, so that no power overflows,
 * and exact as shape passes through `order`.
 */
function paretoMoment(order: 1 | 2, shape: number, minNs: number, maxNs: number): number {
  const logRatio = Math.log(minNs / maxNs);
  const excess = shape - order;
  const integral = excess === 0 ? -logRatio : -Math.expm1(excess * logRatio) / excess;
  return (minNs ** order * shape * integral) / -Math.expm1(shape * logRatio);
}

function weightedMean(weights: readonly number[], values: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, index) => sum + (weight / total) * values[index], 0);
}
