/** How often intervals that should hold the truth in 95 of 100 experiments did. */
export interface Coverage {
  figure: string;
  experiments: number;
  held: number;
  /** The counts that chance explains, see `binomialRange`. */
  least: number;
  most: number;
  verdict: 'agrees' | 'differs';
}

const NOMINAL = 0.95;
/** Judged so that a right method is refused once in a thousand times. */
const CHANCE = 0.001;

export function coverageOf(figure: string, held: number, experiments: number): Coverage {
  const { least, most } = binomialRange(experiments, NOMINAL, CHANCE);
  const verdict = least <= held && held <= most ? 'agrees' : 'differs';
  return { figure, experiments, held, least, most, verdict };
}

/**
 * The counts of successes in `n` trials of probability `p` that remain when `chance` is taken off,
 * half at each end (C. Clopper and E. Pearson, Biometrika 26, 1934, turned around).
 */
export function binomialRange(
  n: number,
  p: number,
  chance: number,
): { least: number; most: number } {
  const cumulative: number[] = [];
  let log = n * Math.log1p(-p);
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    sum += Math.exp(log);
    cumulative.push(sum);
    log += Math.log((n - k) / (k + 1)) + Math.log(p / (1 - p));
  }
  const least = cumulative.findIndex((value) => value > chance / 2);
  const most = cumulative.findIndex((value) => value >= 1 - chance / 2);
  return { least, most: most < 0 ? n : most };
}
