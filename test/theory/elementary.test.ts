import { expect, it } from 'vitest';
import { exp, ln } from '../../assembly/shared/elementary.js';

/** What `Math` and this round, each to about a unit of the last place. */
const MOST_ERROR = 1e-15;

/** From `low` to `high` in so many equal steps, both included. */
function grid(low: number, high: number, steps: number): number[] {
  return Array.from({ length: steps + 1 }, (_, i) => low + ((high - low) * i) / steps);
}

function mostError(f: (x: number) => number, known: (x: number) => number, at: number[]): number {
  return Math.max(...at.map((x) => Math.abs(f(x) - known(x)) / (Math.abs(known(x)) || 1)));
}

it('ln is the natural logarithm, to the last places', () => {
  expect(mostError(ln, Math.log, grid(0.7072, 1.4141, 5_000))).toBeLessThan(MOST_ERROR);
  expect(mostError(ln, Math.log, grid(1.5, 4_096, 5_000))).toBeLessThan(MOST_ERROR);
  const wide = grid(-290, 290, 580).map((power) => 1.37 * 10 ** power);
  expect(mostError(ln, Math.log, wide)).toBeLessThan(MOST_ERROR);
});

it('exp is the exponential, to the last places', () => {
  expect(mostError(exp, Math.exp, grid(-0.35, 0.35, 5_000))).toBeLessThan(MOST_ERROR);
  expect(mostError(exp, Math.exp, grid(-8, 8, 5_000))).toBeLessThan(4 * MOST_ERROR);
  expect([exp(0), exp(-701), exp(1e9)]).toEqual([1, 0, exp(700)]);
});
