import { invertCdf } from './normal.js';

/**
 * The value that `probability` of Student's t distribution with `degrees` of freedom does not
 * exceed ("The probable error of a mean", Biometrika 6, 1908). Computed, not looked up: any whole
 * number of degrees from 1 on.
 */
export function studentTQuantile(probability: number, degrees: number): number {
  const key = `${probability} ${degrees}`;
  let value = known.get(key);
  if (value === undefined) {
    value = computeQuantile(probability, degrees);
    known.set(key, value);
  }
  return value;
}

/** A run asks for the same one a hundred times. */
const known = new Map<string, number>();

function computeQuantile(probability: number, degrees: number): number {
  if (!(degrees >= 1)) throw new RangeError(`degrees of freedom must be 1 or more, not ${degrees}`);
  const constant =
    Math.exp(logGamma((degrees + 1) / 2) - logGamma(degrees / 2)) / Math.sqrt(degrees * Math.PI);
  const density = (t: number): number => constant * (1 + (t * t) / degrees) ** (-(degrees + 1) / 2);
  return invertCdf((t) => studentTCdf(t, degrees), density, probability, 8);
}

/** Probability of a value up to `t`. */
export function studentTCdf(t: number, degrees: number): number {
  const [square, sum] = [t * t, degrees + t * t];
  const tail = regularizedBeta(degrees / sum, square / sum, degrees / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** Coefficients of C. Lanczos, SIAM J. Numer. Anal. B 1, 1964, for g = 7 and nine terms. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** ln Γ(x) for x ≥ 1/2. */
export function logGamma(x: number): number {
  const z = x - 1;
  const base = z + 7.5;
  const sum = LANCZOS.slice(1).reduce((total, c, i) => total + c / (z + i + 1), LANCZOS[0]);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(base) - base + Math.log(sum);
}

/**
 * I_x(a, b), from the side on which its continued fraction converges quickly.
 *
 * @param y 1 - x, to all its digits: x itself has few of them left near 1
 */
function regularizedBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(y, x, b, a);
  const log = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return (Math.exp(log) * betaFraction(x, a, b)) / a;
}

const TINY = 1e-300;
const MOST_TERMS = 10_000;

/** DLMF 8.17.22 by the method of W. J. Lentz, Applied Optics 15, 1976. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
