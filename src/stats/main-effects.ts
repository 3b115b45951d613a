import type { SweepDocument, SweepPoint } from '../result/sweep-document.js';

/** What a parameter moves a figure by, averaged over everything else. */
export interface MainEffect {
  /** A path of the scenario, or `policy`. */
  parameter: string;
  least: EffectEnd;
  most: EffectEnd;
}

interface EffectEnd {
  /** The value of the parameter. */
  at: string;
  mean: number;
}

/** Values of a sample are put together into so many groups, of which each has as many. */
const GROUPS = 3;

/** A parameter or the policy: what its levels are called, and which one a point has. */
interface Factor {
  parameter: string;
  levels: readonly string[];
  of: (point: SweepPoint) => number;
}

/** The effects of all parameters on a figure, the largest first; one value alone has none. */
export function mainEffects(sweep: SweepDocument, figure: number): MainEffect[] {
  const { parameters, points, policies } = sweep;
  const factors = [
    ...parameters.map((_, i) => factorOf(sweep, i)),
    {
      parameter: 'policy',
      levels: policies,
      of: (point: SweepPoint) => policies.indexOf(point.policy),
    },
  ];
  return factors
    .flatMap(({ parameter, levels, of }): MainEffect[] => {
      const sums = levels.map(() => ({ sum: 0, count: 0 }));
      for (const point of points) {
        const value = point.figures[figure]?.value ?? null;
        if (value === null) continue;
        const level = sums[of(point)];
        level.sum += value;
        level.count += 1;
      }
      const means = sums.flatMap(({ sum, count }, i) =>
        count === 0 ? [] : [{ at: levels[i], mean: sum / count }],
      );
      if (means.length < 2) return [];
      const least = means.reduce((a, b) => (b.mean < a.mean ? b : a));
      const most = means.reduce((a, b) => (b.mean > a.mean ? b : a));
      return [{ parameter, least, most }];
    })
    .sort((a, b) => spread(b) - spread(a));
}

/**
 * Of a grid, each value of the parameter: all others are combined with it. Of a sample the mean at
 * a value would be that of the few others that chance has put beside it, so that
 * neighbouring values stand together, as many in each group as in the next.
 */
function factorOf({ parameters, points }: SweepDocument, place: number): Factor {
  const { numbers, path: parameter, values } = parameters[place];
  const all = parameters.reduce((product, each) => product * each.values.length, 1);
  const isGrid = new Set(points.map(({ choice }) => choice.join())).size === all;
  const used = [...new Set(points.map(({ choice }) => choice[place]))];
  if (isGrid || numbers === null || used.length < 2 * GROUPS) {
    return { parameter, levels: values, of: ({ choice }) => choice[place] };
  }
  used.sort((a, b) => numbers[a] - numbers[b]);
  const groupOf = new Map(used.map((value, i) => [value, Math.floor((i * GROUPS) / used.length)]));
  const levels = Array.from({ length: GROUPS }, (_, group) => {
    const own = used.filter((value) => groupOf.get(value) === group);
    return `${values[own[0]]}–${values[own[own.length - 1]]}`;
  });
  return { parameter, levels, of: ({ choice }) => groupOf.get(choice[place])! };
}

function spread({ least, most }: MainEffect): number {
  return most.mean - least.mean;
}
