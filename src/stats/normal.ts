/** The standard normal distribution, to about fifteen digits. */

const SQRT_TAU = Math.sqrt(2 * Math.PI);

function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / SQRT_TAU;
}

/**
 * Probability of a value up to `x`. The series 1/2 + φ(x) (x + x³/3 + x⁵/(3·5) + …) adds positive
 * terms only and so loses no digits (G. Marsaglia, "Evaluating the normal distribution", J. Stat.
 * Software 11(4), 2004). Beyond ±8 the tail is below 1e-15 and counts as nothing.
 */
export function normalCdf(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  let term = x;
  let sum = x;
  let before = 0;
  for (let i = 3; sum !== before; i += 2) {
    before = sum;
    term *= (x * x) / i;
    sum += term;
  }
  return Math.min(1, Math.max(0, 0.5 + sum * normalDensity(x)));
}

/** The value that `probability`, above 0 and below 1, of the distribution does not exceed. */
export function normalQuantile(probability: number): number {
  return invertCdf(normalCdf, normalDensity, probability, 8);
}

const MOST_STEPS = 200;

/**
 * Where an increasing `cdf` around 0 reaches `probability`: Newton's method inside a bracket that
 * starts at ±`reach` and is doubled until it holds the answer; a step that leaves it is a
 * bisection.
 */
export function invertCdf(
  cdf: (x: number) => number,
  density: (x: number) => number,
  probability: number,
  reach: number,
): number {
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`a probability must lie between 0 and 1, not ${probability}`);
  }
  let low = -reach;
  let high = reach;
  while (cdf(low) > probability) low *= 2;
  while (cdf(high) < probability) high *= 2;
  let x = 0;
  for (let i = 0; i < MOST_STEPS; i++) {
    const error = cdf(x) - probability;
    if (error === 0) return x;
    if (error > 0) high = x;
    else low = x;
    const newton = x - error / density(x);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-15 * Math.max(1, Math.abs(x))) return next;
    x = next;
  }
  return x;
}
