import { inputError } from '../errors.js';
import { RATE_NAMES } from '../result/outcome.js';
import type { ResultDocument } from '../result/document.js';
import type { FigureEstimate, SweepFigure } from '../result/sweep-document.js';
import { runBenchmark, type RunOptions } from '../run/run-benchmark.js';
import type { Execute } from '../run/tasks.js';
import type { Scenario } from '../scenario/scenario.js';
import {
  type FigureNames,
  type FigurePath,
  parseFigurePath,
  readFigure,
  UnknownFigure,
} from '../stats/figure-path.js';

/** What every point of a sweep has, and what `--front` names besides. */
const FIGURES = [
  'ipisPerThousand',
  'drainsPerThousand',
  'rescuesPerThousand',
  'droppedPerThousand',
  ...['dpcWait', 'interruptToDpc'].flatMap((latency) =>
    ['mean', 'p50', 'p99', 'p99.9', 'max'].map((statistic) => `${latency}.${statistic}`),
  ),
];
/** Stands for whatever policy a figure is of. */
const ANY_POLICY = '*';

/**
 * The figures of a sweep, and the places of the two that are traded. A counter is taken for each
 * thousand interrupts: points may simulate different numbers of them.
 *
 * @throws InputError for a name that is no figure.
 */
export function sweepFigures(
  front: readonly string[],
  { sources }: Pick<Scenario, 'sources'>,
): { figures: SweepFigure[]; front: [number, number] } {
  if (front.length !== 2) {
    throw inputError(
      `--front takes two figures, not ${front.length}`,
      'such as --front ipis,interruptToDpc.p99',
    );
  }
  const counters: readonly string[] = RATE_NAMES;
  const [a, b] = front.map((name) => (counters.includes(name) ? `${name}PerThousand` : name));
  const names = [...new Set([...FIGURES, a, b])];
  const known = namesOf(sources);
  const figures = names.map((name): SweepFigure => {
    const { unit } = parse(name, ANY_POLICY, known);
    return { name, unit: unit === 'ns' ? 'ns' : 'count' };
  });
  if (isSameFigure(parse(a, ANY_POLICY, known), parse(b, ANY_POLICY, known))) {
    throw inputError(
      `--front ${front.join(',')} trades a figure against itself`,
      'name two figures, such as --front ipis,interruptToDpc.p99',
    );
  }
  return { figures, front: [names.indexOf(a), names.indexOf(b)] };
}

/** However they are written: p999 is p99.9. */
function isSameFigure(a: FigurePath, b: FigurePath): boolean {
  const [first, second] = [a, b].map(({ figure, of, source }) =>
    JSON.stringify([source, of, figure]),
  );
  return first === second;
}

function namesOf(sources: readonly { name: string }[], policy = ANY_POLICY): FigureNames {
  return {
    policies: [policy],
    sources: sources.map(({ name }) => name),
    counters: [...RATE_NAMES, 'unserved'],
  };
}

function parse(name: string, policy: string, names: FigureNames): FigurePath {
  try {
    return parseFigurePath(`${policy}.${name}`, names);
  } catch (error) {
    if (!(error instanceof UnknownFigure)) throw error;
    throw inputError(`--front ${name}: ${error.message}`, error.hint);
  }
}

/** One scenario under its policies, and which figures of them are wanted. */
export interface CellJob {
  scenario: Scenario;
  figures: readonly SweepFigure[];
  options: Pick<RunOptions, 'seed' | 'shards' | 'warmup' | 'precision'>;
}

/** What a policy did there. */
export interface CellPoint {
  policy: string;
  figures: FigureEstimate[];
  shards: number;
  interrupts: number;
  note: string;
}

/** @throws InputError for a scenario that cannot be run like that. */
export async function runCell(
  { scenario, figures, options }: CellJob,
  execute?: Execute,
  how: Pick<RunOptions, 'workers' | 'signal'> = {},
): Promise<CellPoint[]> {
  const document = await runBenchmark(scenario, { ...options, ...how, census: false }, execute);
  return document.results.map(({ policy, counters }) => ({
    policy,
    figures: figures.map(({ name }) => estimateOf(document, policy, name)),
    shards: document.meta.shards,
    interrupts: counters.arrivals,
    note: document.meta.settling.sentence,
  }));
}

/** A source of the sweep's scenario may be missing in one of its points. */
function estimateOf(document: ResultDocument, policy: string, name: string): FigureEstimate {
  const names = namesOf(document.scenario.sources, policy);
  const { value, interval } = readFigure(document, parse(name, policy, names));
  return { value, low: interval?.low ?? null, high: interval?.high ?? null };
}
