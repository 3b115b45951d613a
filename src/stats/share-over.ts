import { lognormalSigma, meanNs } from '../scenario/distribution-mean.js';
import type { Distribution } from '../scenario/scenario.js';

/** Probability, 0 to 1, that a draw (before rounding) is over `limitNs`, which is at least 0. */
export function shareOver(of: Distribution, limitNs: number): number {
  switch (of.kind) {
    case 'constant':
      return of.ns > limitNs ? 1 : 0;
    case 'uniform':
      return uniformShareOver(of.minNs, of.maxNs, limitNs);
    case 'exponential':
      return of.meanNs > 0 ? Math.exp(-limitNs / of.meanNs) : 0;
    case 'lognormal':
      return lognormalShareOver(of.meanNs, of.p99Ns, limitNs);
    case 'pareto':
      return paretoShareOver(of.shape, of.minNs, of.maxNs, limitNs);
    case 'mixture':
      return mean(of.parts.map(({ weight, of: part }) => [weight, shareOver(part, limitNs)]));
    case 'histogram': {
      const { edgesNs, weights } = of;
      const share = (i: number): number => uniformShareOver(edgesNs[i], edgesNs[i + 1], limitNs);
      return mean(weights.map((weight, i) => [weight, share(i)]));
    }
  }
}

/** Is every draw the same? */
export function isConstant(of: Distribution): boolean {
  switch (of.kind) {
    case 'constant':
      return true;
    case 'uniform':
    case 'pareto':
      return of.minNs === of.maxNs;
    case 'lognormal':
      return of.meanNs === of.p99Ns;
    case 'mixture':
      return of.parts.length === 1 && isConstant(of.parts[0].of);
    default:
      return meanNs(of) === 0;
  }
}

function mean(parts: [weight: number, value: number][]): number {
  const weights = parts.reduce((sum, [weight]) => sum + weight, 0);
  return parts.reduce((sum, [weight, value]) => sum + (weight / weights) * value, 0);
}

function uniformShareOver(minNs: number, maxNs: number, limitNs: number): number {
  if (limitNs < minNs) return 1;
  return limitNs >= maxNs ? 0 : (maxNs - limitNs) / (maxNs - minNs);
}

/** The density shape × x^-(shape + 1) / (min^-shape − max^-shape), integrated from the limit on. */
function paretoShareOver(shape: number, minNs: number, maxNs: number, limitNs: number): number {
  if (limitNs < minNs) return 1;
  if (limitNs >= maxNs) return 0;
  const end = (minNs / maxNs) ** shape;
  return ((minNs / limitNs) ** shape - end) / (1 - end);
}

function lognormalShareOver(meanOfNs: number, p99Ns: number, limitNs: number): number {
  if (limitNs <= 0) return 1;
  const sigma = lognormalSigma(meanOfNs, p99Ns);
  if (sigma === 0) return meanOfNs > limitNs ? 1 : 0;
  const mu = Math.log(meanOfNs) - sigma ** 2 / 2;
  return normalUpperTail((Math.log(limitNs) - mu) / sigma);
}

/** Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17: error below 7.5e-8. */
function normalUpperTail(z: number): number {
  if (z < 0) return 1 - normalUpperTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const coefficients = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const polynomial = coefficients.reduce((sum, coefficient) => (sum + coefficient) * t, 0);
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
