/** Observations that are averaged before the search: the 5 of MSER-5. */
export const BATCH = 5;
/** Below this many batches the statistic is noise. */
const LEAST_BATCHES = 20;
/** At the very end a handful of batches may be alike by chance. */
const LAST_BATCHES = 5;

export interface WarmupEnd {
  /** Observations to leave out, a multiple of 5. */
  observations: number;
  /**
   * False when the best place to cut lies in the second half, or when there are too few
   * observations: the series is too short to tell warm-up from steady state.
   */
  found: boolean;
}

/**
 * Where the warm-up of a series of observations ends, by MSER-5: batches of five are averaged, and
 * the cut is where the standard error of the mean of what remains would be least,
 *
 *     MSER(d) = Σ_{i > d} (Z_i − Z̄_d)² / (n − d)².
 *
 * K. P. White, M. J. Cobb and S. C. Spratt, "A comparison of five steady-state truncation
 * heuristics for simulation", Proc. Winter Simulation Conference, 2000.
 */
export function findWarmup(observations: ArrayLike<number>): WarmupEnd {
  const batches = batchMeans(observations);
  const n = batches.length;
  if (n < LEAST_BATCHES) return { observations: 0, found: false };
  // Centred, so that the sum of squares loses no digits to a large mean.
  const centre = batches.reduce((sum, value) => sum + value, 0) / n;
  let sum = 0;
  let squares = 0;
  let best = 0;
  let least = Infinity;
  for (let d = n - 1; d >= 0; d--) {
    const value = batches[d] - centre;
    sum += value;
    squares += value * value;
    const left = n - d;
    const statistic = Math.max(0, squares - (sum * sum) / left) / (left * left);
    if (left >= LAST_BATCHES && statistic <= least) {
      least = statistic;
      best = d;
    }
  }
  return { observations: best * BATCH, found: best <= n / 2 };
}

function batchMeans(observations: ArrayLike<number>): Float64Array {
  const means = new Float64Array(Math.floor(observations.length / BATCH));
  for (let i = 0; i < means.length; i++) {
    for (let k = 0; k < BATCH; k++) means[i] += observations[i * BATCH + k] / BATCH;
  }
  return means;
}
