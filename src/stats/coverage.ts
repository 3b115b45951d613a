import type { PolicyResult } from '../result/document.js';

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
/** The width of a histogram's bucket over its value. */
const BUCKET = 1 / 1024;
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

/** What a run of a scenario is asked for, under each of its policies. */
export const COVERED_FIGURES = ['IPIs', 'p50', 'p99'] as const;
export type CoveredFigure = (typeof COVERED_FIGURES)[number];

export interface ScenarioCoverage {
  scenario: string;
  policy: string;
  /** In the order of `COVERED_FIGURES`; `value` is the truth: per 1,000 interrupts, or in ns. */
  figures: (Coverage & { value: number | null })[];
}

/** IPIs for each 1,000 interrupts, or a percentile of the DPC latency in ns; null: withheld. */
export function valueOf(
  figure: CoveredFigure,
  { counters, latency }: Pick<PolicyResult, 'counters' | 'latency'>,
): number | null {
  switch (figure) {
    case 'IPIs':
      return counters.arrivals === 0 ? null : (counters.ipis * 1000) / counters.arrivals;
    case 'p50':
      return latency.dpcWait.p50Ns;
    case 'p99':
      return latency.dpcWait.p99Ns;
  }
}

/** Does the interval hold the value? A percentile is known to a histogram's bucket, no better. */
export function holds(
  figure: CoveredFigure,
  value: number,
  { intervals }: Pick<PolicyResult, 'intervals'>,
): boolean {
  if (intervals === null) return false;
  const {
    latency: { dpcWait },
    perThousand,
  } = intervals;
  const interval =
    figure === 'IPIs' ? perThousand.ipis : figure === 'p50' ? dpcWait.p50Ns : dpcWait.p99Ns;
  if (interval === null) return false;
  const slack = figure === 'IPIs' ? 0 : value * BUCKET;
  return interval.low - slack <= value && value <= interval.high + slack;
}
