/** How the rounds of a case, or of a ratio between two cases, are distributed. */
export interface Summary {
  median: number;
  /** Quartiles. */
  low: number;
  high: number;
  min: number;
  max: number;
  rounds: number;
}

/** Throws RangeError without samples. Outliers are kept: they show in `min` and `max`. */
export function summarise(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new RangeError('no samples to summarise');
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    min: sorted[0],
    max: sorted[sorted.length - 1],
    rounds: sorted.length,
  };
}

/** Half the distance between the quartiles, as a share of the median; 0 when that is 0. */
export function spread({ median, low, high }: Summary): number {
  return median === 0 ? 0 : (high - low) / 2 / median;
}

/**
 * Round by round: what slowed a round down slowed both, so the ratios scatter less than the rates.
 * Throws RangeError when the lengths differ.
 */
export function pairedRatios(over: readonly number[], under: readonly number[]): number[] {
  if (over.length !== under.length) {
    throw new RangeError(`${over.length} rounds cannot be paired with ${under.length}`);
  }
  return over.map((value, round) => value / under[round]);
}

/** Linear between the two nearest ranks, as in Hyndman and Fan (1996), definition 7. */
function quantile(sorted: readonly number[], p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}
