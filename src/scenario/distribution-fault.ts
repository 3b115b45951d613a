import { maximumLognormalRatio } from './distribution-mean.js';
import { LIMITS } from './limits.js';
import type { Distribution } from './scenario.js';

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
      const isReachable = p99Ns >= meanNs && p99Ns <= Math.floor(meanNs * maximumLognormalRatio);
      return isReachable ? null : 'no log-normal distribution has this p99Ns at this mean';
    }
    case 'pareto': {
      const { shape, minNs, maxNs } = drawn;
      if (!(shape > 0 && shape <= LIMITS.paretoShape)) return 'its shape is out of range';
      return minNs < 1 || minNs >= maxNs ? 'minNs is not below maxNs, or is 0' : null;
    }
    case 'histogram': {
      const { edgesNs, weights } = drawn;
      if (edgesNs.some((edge, i) => i > 0 && edge <= edgesNs[i - 1])) return 'edgesNs do not rise';
      return weights.some((weight) => weight > 0) ? null : 'every weight is 0';
    }
    case 'mixture':
      return drawn.parts.some(({ weight }) => weight > 0) ? null : 'every weight is 0';
  }
}
