import { inputError } from '../errors.js';
import { nearestWord } from '../nearest-word.js';
import { quote } from '../units.js';
import type {
  Interval,
  LatencySummary,
  PolicyComparison,
  PolicyResult,
  ScopeResult,
} from '../result/document.js';
import {
  countOf,
  INTERVAL_FIGURES,
  LATENCY_NAMES,
  type IntervalFigure,
  type LatencyName,
} from '../result/figures.js';

/** What may stand in a figure's path: names out of the scenario, and what is counted. */
export interface FigureNames {
  policies: readonly string[];
  sources: readonly string[];
  counters: readonly string[];
}

/**
 * A figure of a result, found by a path such as `vista.dpcWait.p99` or `vista.sources.nic.dropped`.
 */
export interface FigurePath {
  text: string;
  policy: string;
  /** The place among the scenario's sources, or null for the whole machine. */
  source: number | null;
  of: 'value' | 'ratio';
  figure: Figure;
  unit: 'ns' | 'count' | 'ratio';
}

export type Figure =
  | { kind: 'counter' | 'perThousand'; name: string }
  | { kind: 'latency'; latency: LatencyName; statistic: keyof LatencySummary };

/** What figures are read of: a result document, or as much of one as has the figure. */
export interface FigureSource {
  results: readonly (ReadScope & { policy: string; sources: readonly ReadScope[] })[];
  comparisons: readonly Pick<PolicyComparison, 'policy' | 'perThousand' | 'latency'>[];
}
type ReadScope =
  | Pick<PolicyResult, 'counters' | 'latency' | 'intervals'>
  | Pick<ScopeResult, 'counters' | 'latency' | 'intervals'>;

export interface FigureValue {
  /** Null: no samples, or too few for a percentile. */
  value: number | null;
  interval: Interval | null;
}

/** An unknown path; `offset` is where in the path it goes wrong, from 0. */
export class UnknownFigure extends Error {
  constructor(
    message: string,
    readonly offset: number,
    readonly hint: string,
  ) {
    super(message);
  }
}

const STATISTICS = new Map<string, keyof LatencySummary>([
  ['count', 'count'],
  ['min', 'minNs'],
  ['mean', 'meanNs'],
  ['p50', 'p50Ns'],
  ['p90', 'p90Ns'],
  ['p99', 'p99Ns'],
  ['p999', 'p999Ns'],
  ['p9999', 'p9999Ns'],
  ['max', 'maxNs'],
]);
const PER_THOUSAND = 'PerThousand';

/**
 * `POLICY.COUNTER`, `POLICY.COUNTERPerThousand`, `POLICY.LATENCY.STATISTIC`, each also as
 * `POLICY.sources.SOURCE.…`; `POLICY.ratio.…` is the machine's figure over that of the first
 * policy. Percentiles are written `p99`, `p99Ns`, `p999` or `p99.9`.
 *
 * @throws UnknownFigure with the nearest known name.
 */
export function parseFigurePath(text: string, names: FigureNames): FigurePath {
  const policy = longestPrefix(text, names.policies);
  if (policy === null) {
    const written = text.split('.')[0];
    throw unknown('no policy of this run is named', written, 0, names.policies);
  }
  let at = policy.length + 1;
  let source: number | null = null;
  let of: FigurePath['of'] = 'value';
  if (text.startsWith('ratio.', at)) {
    of = 'ratio';
    at += 'ratio.'.length;
  } else if (text.startsWith('sources.', at)) {
    at += 'sources.'.length;
    const name = longestPrefix(text.slice(at), names.sources);
    if (name === null) {
      throw unknown('no source is named', text.slice(at).split('.')[0], at, names.sources);
    }
    source = names.sources.indexOf(name);
    at += name.length + 1;
  }
  const figure = parseFigure(text.slice(at), at, names.counters);
  const unit = of === 'ratio' ? 'ratio' : unitOf(figure);
  return { text, policy, source, of, figure, unit };
}

/** The value of a figure. The path must have been parsed with the names of this document. */
export function readFigure(document: FigureSource, path: FigurePath): FigureValue {
  const { figure } = path;
  if (path.of === 'ratio') return readRatio(document, path);
  const result = document.results.find(({ policy }) => policy === path.policy)!;
  const scope = path.source === null ? result : result.sources[path.source];
  const { intervals } = scope;
  if (figure.kind === 'latency') {
    const summary = scope.latency[figure.latency];
    const interval = intervals?.latency[figure.latency][figure.statistic as IntervalFigure] ?? null;
    const isEmpty = summary.count === 0;
    return { value: isEmpty ? null : summary[figure.statistic], interval };
  }
  const counters: Record<string, number | null | undefined> = {
    ...scope.counters,
    drains: countOf(scope.counters, 'drains'),
  };
  if (result.counters.arrivals === 0) return { value: null, interval: null };
  const perThousand = intervals?.perThousand[figure.name as 'ipis'] ?? null;
  if (figure.kind === 'counter') {
    const thousands = scope.counters.arrivals / 1000;
    const interval = perThousand && {
      low: perThousand.low * thousands,
      high: perThousand.high * thousands,
    };
    return { value: counters[figure.name] ?? null, interval };
  }
  const { arrivals } = scope.counters;
  const count = counters[figure.name] ?? null;
  const value = arrivals === 0 || count === null ? null : (count * 1000) / arrivals;
  return { value, interval: perThousand };
}

/** Whether the document has the counter that the figure is of, if it is of one. */
export function isCounted(document: FigureSource, { figure, policy }: FigurePath): boolean {
  const result = document.results.find((candidate) => candidate.policy === policy);
  if (figure.kind === 'latency' || figure.name === 'drains' || result === undefined) return true;
  return Object.hasOwn(result.counters, figure.name);
}

function readRatio(document: FigureSource, { policy, figure }: FigurePath): FigureValue {
  const comparison = document.comparisons.find((candidate) => candidate.policy === policy);
  if (comparison === undefined) return { value: 1, interval: null };
  const compared =
    figure.kind === 'latency'
      ? comparison.latency[figure.latency][figure.statistic as IntervalFigure]
      : comparison.perThousand[figure.name as 'ipis'];
  return { value: compared?.ratio ?? null, interval: compared?.ratioInterval ?? null };
}

function parseFigure(text: string, at: number, counters: readonly string[]): FigurePath['figure'] {
  if (counters.includes(text)) return { kind: 'counter', name: text };
  const bare = text.slice(0, -PER_THOUSAND.length);
  if (text.endsWith(PER_THOUSAND) && counters.includes(bare)) {
    return { kind: 'perThousand', name: bare };
  }
  const latency = LATENCY_NAMES.find((name) => text === name || text.startsWith(`${name}.`));
  if (latency === undefined) {
    const known = [...LATENCY_NAMES, ...counters];
    throw unknown('no figure is named', text.split('.')[0], at, known);
  }
  const written = text.slice(latency.length + 1);
  const plain = written.replace(/Ns$/, '').replace(/^(p99)\.(99?)$/, '$1$2');
  const statistic = STATISTICS.get(plain);
  if (statistic !== undefined) return { kind: 'latency', latency, statistic };
  const known = [...STATISTICS.keys()];
  throw unknown(`${latency} has no figure`, written, at + latency.length + 1, known);
}

function unitOf(figure: FigurePath['figure']): 'ns' | 'count' {
  return figure.kind === 'latency' && figure.statistic !== 'count' ? 'ns' : 'count';
}

/** The longest of the names that the text begins with, a dot after it. */
function longestPrefix(text: string, names: readonly string[]): string | null {
  const fitting = names.filter((name) => text.startsWith(`${name}.`));
  return fitting.length === 0 ? null : fitting.reduce((a, b) => (b.length > a.length ? b : a));
}

const LISTED = 12;

function unknown(
  message: string,
  written: string,
  offset: number,
  known: readonly string[],
): UnknownFigure {
  const nearest = nearestWord(written, known);
  const listed = known.slice(0, LISTED).join(', ') + (known.length > LISTED ? ', …' : '');
  const hint = nearest === null ? `there are ${listed}` : `did you mean ${nearest}?`;
  return new UnknownFigure(`${message} ${quote(written)}`, offset, hint);
}

/** Half the width of a figure's interval over the figure; null without an interval or for 0. */
export function relativeHalfWidth({ value, interval }: FigureValue): number | null {
  if (value === null || interval === null || value === 0) return null;
  return (interval.high - interval.low) / 2 / Math.abs(value);
}

/** Parses the path of a figure that must have intervals. Throws InputError. */
export function parseIntervalFigure(
  text: string,
  names: FigureNames,
  option = '--figure',
): FigurePath {
  let path: FigurePath;
  try {
    path = parseFigurePath(text, names);
  } catch (error) {
    if (!(error instanceof UnknownFigure)) throw error;
    throw inputError(`${option}:1:${error.offset + 1}: ${error.message}`, error.hint);
  }
  const { figure, source } = path;
  const has =
    figure.kind !== 'latency'
      ? figure.name !== 'unserved'
      : INTERVAL_FIGURES.includes(figure.statistic as IntervalFigure);
  if (has && source === null) return path;
  throw inputError(
    `${option} ${quote(text)}: this figure has no interval`,
    'choose a counter, a mean or a percentile of the whole machine, such as vista.dpcWait.p99',
  );
}
