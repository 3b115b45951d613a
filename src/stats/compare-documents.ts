import { inputError } from '../errors.js';
import { quote } from '../units.js';
import { type FigurePath, readFigure } from './figure-path.js';
import type {
  FigureComparison,
  Interval,
  LatencySummary,
  ResultDocument,
} from '../result/document.js';

/** A figure that counts for a regression: higher is worse. Null: no samples, or too few. */
export interface FigureChange {
  path: FigurePath;
  before: number | null;
  now: number | null;
  /** Left out where the two are of one experiment: every difference is real then. */
  estimate?: ChangeEstimate;
}

/** How well a change is known between two experiments that differ. */
export interface ChangeEstimate {
  /** `now − before`, and `now / before`; null without intervals. */
  difference: Interval | null;
  ratio: Interval | null;
  verdict: FigureComparison['verdict'];
  /** Both are one and the same list of arrivals, of which there are no other shards. */
  isExact: boolean;
}

export interface DocumentComparison {
  kind: 'documents';
  /** For each policy: IPIs per thousand, then the latencies; always in the same order. */
  figures: FigureChange[];
  /** The first of all simulated figures that differs, as `path: before against now`, or null. */
  firstDifference: string | null;
}

const COMPARED_LATENCIES = ['dpcWait', 'interruptToDpc'] as const;
const COMPARED_STATISTICS: readonly [string, keyof LatencySummary][] = [
  ['p50', 'p50Ns'],
  ['p99', 'p99Ns'],
  ['p99.9', 'p999Ns'],
  ['max', 'maxNs'],
];

/**
 * Compares the simulated figures of two results of the same experiment, exactly: they are functions
 * of scenario, seed and kernel. `meta.host` holds wall-clock figures and is left out.
 *
 * @throws InputError that names the differences when the two are not of the same experiment.
 */
export function compareDocuments(before: ResultDocument, now: ResultDocument): DocumentComparison {
  refuseDifferent(experimentOf(before), experimentOf(now));
  const paths = now.results.flatMap(({ policy }) => comparedFigures(policy));
  const read = (document: ResultDocument, path: FigurePath): number | null =>
    readFigure(document, path).value;
  return {
    kind: 'documents',
    figures: paths.map((path) => ({ path, before: read(before, path), now: read(now, path) })),
    firstDifference: differences(before.results, now.results, 'results', 1)[0] ?? null,
  };
}

/** The figures of a policy that count for a regression. */
export function comparedFigures(policy: string): FigurePath[] {
  const whole = { policy, source: null, of: 'value' } as const;
  const ipis: FigurePath = {
    ...whole,
    text: `${policy}.ipisPerThousand`,
    unit: 'count',
    figure: { kind: 'perThousand', name: 'ipis' },
  };
  const latencies = COMPARED_LATENCIES.flatMap((latency) =>
    COMPARED_STATISTICS.map(([written, statistic]): FigurePath => ({
      ...whole,
      text: `${policy}.${latency}.${written}`,
      unit: 'ns',
      figure: { kind: 'latency', latency, statistic },
    })),
  );
  return [ipis, ...latencies];
}

/** What must be equal before figures may be compared exactly. */
interface Experiment {
  /** The version of the machine's rules. */
  rules: number;
  seed: number;
  shards: number;
  warmup: { kind: string; ns: number | null };
  /** Names of the policies that have results. */
  policies: string[];
  scenario: ResultDocument['scenario'];
}

function experimentOf({ meta, results, scenario }: ResultDocument): Experiment {
  const { kind, ns } = meta.warmup;
  return {
    rules: meta.versions.rules,
    seed: meta.seed,
    shards: meta.shards,
    // An end that was found is a result of the run.
    warmup: { kind, ns: kind === 'auto' || kind === 'settle' ? null : ns },
    policies: results.map(({ policy }) => policy),
    scenario,
  };
}

/** May the figures of the two be compared exactly? */
export function isSameExperiment(before: ResultDocument, now: ResultDocument): boolean {
  return differences(experimentOf(before), experimentOf(now), '', 1).length === 0;
}

const LISTED = 5;

function refuseDifferent(before: Experiment, now: Experiment): void {
  const found = differences(before, now, '', LISTED + 1);
  if (found.length === 0) return;
  const more = found.length > LISTED ? '; and more' : '';
  throw inputError(
    `these results cannot be compared, they differ in ${found.slice(0, LISTED).join('; ')}${more}`,
    'compare runs of the same scenario, policies, rules, seed and shards',
  );
}

/** Prose: names and sentences that change nothing of what is simulated. A recording has a hash. */
const PROSE = new RegExp(
  '^scenario\\.(?:name|question|sources\\[\\d+\\]\\.arrivals\\.recording\\.origin|' +
    'policies\\[\\d+\\]\\.(?:sentence|source|(?:current|other)\\.\\w+\\.text))$',
);
/** Missing on one side: not counted when that result was written, which is no difference. */
const COUNTED = /\.(?:decisions|overTime|(?:counters|perThousand)\.\w+)$/;
/** A result is about ten levels deep; a made-up one must not exhaust the stack. */
const DEEPEST = 40;

/** The first `most` places where two values differ, as `path: before against now`. */
function differences(before: unknown, now: unknown, path: string, most: number): string[] {
  const found: string[] = [];
  const visit = (a: unknown, b: unknown, at: string, depth: number): void => {
    if (found.length >= most || a === b || PROSE.test(at)) return;
    if (isMissing(a) && isMissing(b)) return;
    if ((isMissing(a) || isMissing(b)) && COUNTED.test(at)) return;
    const isWalked = isObject(a) && isObject(b) && Array.isArray(a) === Array.isArray(b);
    if (!isWalked || depth > DEEPEST) {
      found.push(`${at}: ${show(a)} against ${show(b)}`);
      return;
    }
    if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) {
      found.push(`${at}: ${a.length} entries against ${b.length}`);
      return;
    }
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (found.length >= most) return;
      const label = /^\w+$/.test(name) ? name : quote(name);
      const child = Array.isArray(a) ? `${at}[${name}]` : at === '' ? label : `${at}.${label}`;
      visit(member(a, name), member(b, name), child, depth + 1);
    }
  };
  visit(before, now, path, 0);
  return found;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function member(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (isObject(value)) return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'string' ? quote(value) : String(value);
}
