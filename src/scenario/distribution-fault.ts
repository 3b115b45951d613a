import { maximumLognormalRatio } from './distribution-mean.js';
import { LIMITS } from './limits.js';
import type { Distribution } from './scenario.js';

/** Said of parts or buckets of which none can be chosen. */
export const NO_WEIGHT = 'every weight is 0';

/**
 * What no distribution of a written scenario can be, in words; null for one that can be drawn from.
 * A resolved one that comes from a result, a journal or a queue has not been through the checks of
 * `distribution.ts`, and the kernel would draw from it for ever. The parts of a mixture are
 * distributions of their own.
 */
export function distributionFault(drawn: Distribution): string | null {
  switch (drawn.kind) {
    case 'constant':
      return null;
    case 'uniform':
      return drawn.minNs > drawn.maxNs ? 'minNs is above maxNs' : null;
    case 'exponential':
      return drawn.meanNs < 1 ? 'its mean is below 1 ns' : null;
    case 'lognormal': {
      const { meanNs, p99Ns } = drawn;
      if (meanNs < 1) return 'its mean is below 1 ns';
      const isReachable = p99Ns >= meanNs && p99Ns <= highestP99Ns(meanNs);
      return isReachable ? null : 'no log-normal distribution has this p99Ns at this mean';
    }
    case 'pareto': {
      const { shape, minNs, maxNs } = drawn;
      if (!(shape > 0 && shape <= LIMITS.paretoShape)) return 'its shape is out of range';
      return minNs < 1 || minNs >= maxNs ? 'minNs is not below maxNs, or is 0' : null;
    }
    case 'histogram': {
      const { edgesNs, weights } = drawn;
      if (firstFall(edgesNs) > 0) return 'edgesNs do not rise';
      return canBeDrawn(weights) ? null : NO_WEIGHT;
    }
    case 'mixture':
      return canBeDrawn(drawn.parts.map(({ weight }) => weight)) ? null : NO_WEIGHT;
  }
}

/** The greatest 99th percentile that a log-normal distribution with this mean can have. */
export function highestP99Ns(meanNs: number): number {
  return Math.floor(meanNs * maximumLognormalRatio);
}

/** The place of the first edge that is not above the one before it; -1 where all rise. */
export function firstFall(edgesNs: readonly number[]): number {
  return edgesNs.findIndex((edge, i) => i > 0 && edge <= edgesNs[i - 1]);
}

/** Can one of several be chosen by its weight? */
export function canBeDrawn(weights: readonly number[]): boolean {
  return weights.some((weight) => weight > 0);
}
