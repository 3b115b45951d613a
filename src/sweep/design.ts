import { inputError } from '../errors.js';
import type { SweepParameter } from '../result/sweep-document.js';
import { SeededStream } from '../stats/seeded-stream.js';
import { formatCount } from '../units.js';

/** More points are weeks of work, and no page shows them. */
const MOST_POINTS = 100_000;

/** For each parameter, the place of its value. */
export type Choice = readonly number[];

export interface DesignOptions {
  /** Policies at each choice. */
  policies: number;
  /** So many choices by Latin hypercube; null for all of them. */
  sample: number | null;
  seed: number;
}

/**
 * The choices of a sweep: all of them, the last parameter changing fastest, or a Latin hypercube
 * of them (M. McKay, R. Beckman and W. Conover, Technometrics 21, 1979): every part of the range of
 * every parameter is met equally often.
 *
 * @throws InputError for more points than anybody wants, with their number.
 */
export function designOf(
  parameters: readonly SweepParameter[],
  { policies, sample, seed }: DesignOptions,
): Choice[] {
  const sizes = parameters.map(({ values }) => values.length);
  const all = sizes.reduce((product, size) => product * size, 1);
  const choices = sample === null ? all : Math.min(sample, all);
  if (choices * policies > MOST_POINTS) {
    const points = choices * policies;
    const seen = Number.isSafeInteger(points) ? formatCount(points) : points.toExponential(1);
    throw inputError(
      `${seen} points: at most ${formatCount(MOST_POINTS)} are simulated`,
      'give fewer values, or take a part of them with --sample 200',
    );
  }
  return sample === null || sample >= all ? grid(sizes, all) : hypercube(sizes, sample, seed);
}

function grid(sizes: readonly number[], count: number): Choice[] {
  return Array.from({ length: count }, (_, index) => {
    const choice: number[] = [];
    let rest = index;
    for (const size of [...sizes].reverse()) {
      choice.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    return choice;
  });
}

/** A choice that comes twice, of parameters with few values, is taken once. */
function hypercube(sizes: readonly number[], count: number, seed: number): Choice[] {
  const stream = new SeededStream([seed, count, ...sizes]);
  const columns = sizes.map((size) => {
    const strata = shuffled(count, stream);
    return strata.map((stratum) => {
      const within = (stratum + stream.next() / 2 ** 32) / count;
      return Math.min(size - 1, Math.floor(within * size));
    });
  });
  const seen = new Set<string>();
  return Array.from({ length: count }, (_, i) => columns.map((column) => column[i])).filter(
    (choice) => !seen.has(choice.join()) && seen.add(choice.join()),
  );
}

/** Fisher and Yates. */
function shuffled(count: number, stream: SeededStream): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i -= 1) {
    const other = stream.below(i + 1);
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}
