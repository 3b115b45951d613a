import type { SweepDocument } from '../result/sweep-document.js';

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

/** The effects of all parameters on a figure, the largest first; one value alone has none. */
export function mainEffects(sweep: SweepDocument, figure: number): MainEffect[] {
  const { parameters, points, policies } = sweep;
  const levels = [
    ...parameters.map(({ path, values }, i) => ({
      parameter: path,
      values,
      of: (point: SweepDocument['points'][number]) => point.choice[i],
    })),
    {
      parameter: 'policy',
      values: policies,
      of: (point: SweepDocument['points'][number]) => policies.indexOf(point.policy),
    },
  ];
  return levels
    .flatMap(({ parameter, values, of }): MainEffect[] => {
      const sums = values.map(() => ({ sum: 0, count: 0 }));
      for (const point of points) {
        const value = point.figures[figure]?.value ?? null;
        if (value === null) continue;
        const level = sums[of(point)];
        level.sum += value;
        level.count += 1;
      }
      const means = sums.flatMap(({ sum, count }, i) =>
        count === 0 ? [] : [{ at: values[i], mean: sum / count }],
      );
      if (means.length < 2) return [];
      const least = means.reduce((a, b) => (b.mean < a.mean ? b : a));
      const most = means.reduce((a, b) => (b.mean > a.mean ? b : a));
      return [{ parameter, least, most }];
    })
    .sort((a, b) => spread(b) - spread(a));
}

function spread({ least, most }: MainEffect): number {
  return most.mean - least.mean;
}
