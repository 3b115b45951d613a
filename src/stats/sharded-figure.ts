import { compareFigures, type ShardedResult } from './compare-policies.js';
import { type FigurePath, type FigureValue, readFigure } from './figure-path.js';

/**
 * What `readFigure` would read in the document of these policies, of which nothing else is worked
 * out: the rounds of `--precision` ask for one figure of many. It is one of the whole machine.
 */
export function readShardedFigure(
  policies: readonly ShardedResult[],
  hasIntervals: boolean,
  path: FigurePath,
): FigureValue {
  const { figure, of, policy } = path;
  const asked = policies.filter(({ result }) => result.policy === policy);
  const [first] = policies;
  return readFigure(
    {
      results: asked.map(({ result, figures }) => ({
        ...result,
        sources: [],
        intervals:
          hasIntervals && of === 'value' ? figures.intervals(result.latency, figure) : null,
      })),
      comparisons: asked
        .filter((other) => other !== first && of === 'ratio')
        .map((other) => ({
          policy,
          ...compareFigures(first, other, hasIntervals, figure),
        })),
    },
    path,
  );
}
