import { inputError } from '../errors.js';
import { canonicalJson } from '../scenario/canonical.js';
import { countOf, type IntervalFigure, type PerFigure } from '../result/figures.js';
import type { RateName } from '../result/outcome.js';
import type { FigureComparison, PolicyResult, ResultDocument } from '../result/document.js';
import {
  compareDocuments,
  comparedFigures,
  type DocumentComparison,
  type FigureChange,
  isSameExperiment,
} from './compare-documents.js';
import { compareFigures } from './compare-policies.js';
import { isSameLatency, sentenceOf } from './comparison-sentence.js';
import { isCounted, type FigurePath } from './figure-path.js';
import { differenceOfIndependent, ratioOfIndependent } from './independent.js';
import { type ScenarioDifference, scenarioDifferences } from './scenario-differences.js';
import { mapFigures, ShardFigures } from './shard-figures.js';
import { MOST_KEPT_SHARDS } from '../result/shard-columns.js';
import { formatCount } from '../units.js';

/** A result, with the figures of its shards; null for one out of a file, which may keep them. */
export interface ExperimentResult {
  document: ResultDocument;
  /** One for each policy. */
  figures: readonly ShardFigures[] | null;
}

/** Two results of experiments that differ. Figures differ by more than chance, or do not. */
export interface ExperimentComparison {
  kind: 'experiments';
  figures: FigureChange[];
  differences: ScenarioDifference[];
  /** How the intervals were made, and why not otherwise; a sentence. */
  method: string;
  /** Each policy of the second result with the one of the first that it is held against. */
  pairs: { before: string; now: string; sentence: string }[];
}

/** What differs between two results: of one experiment exactly, of two by their intervals. */
export type ResultComparison = DocumentComparison | ExperimentComparison;

/**
 * Two results of one experiment are compared exactly; of two that differ in what is simulated, it
 * is said in what, and figures have intervals.
 *
 * @throws InputError for results that have nothing in common.
 */
export function compareResults(one: ExperimentResult, other: ExperimentResult): ResultComparison {
  const [before, now] = [one, other].map(withFigures);
  if (isSameExperiment(before.document, now.document)) {
    return compareDocuments(before.document, now.document);
  }
  refuseIncomparable(before.document, {
    rules: now.document.meta.versions.rules,
    policies: now.document.results.map(({ policy }) => policy),
  });
  const method = methodOf(before, now);
  const pairs = pairPolicies(namesOf(before), namesOf(now)).map(([from, to]) => {
    const figures = compareOne(before, now, [from, to], method.isPaired);
    const against = before.document.results[from].policy;
    const { policy } = now.document.results[to];
    const isSame = policy === against;
    const sentence = sentenceOf(
      {
        policy: isSame ? `${policy} now` : policy,
        against: isSame ? `${against} before` : against,
        ...figures,
      },
      Math.min(before.document.meta.shards, now.document.meta.shards),
    );
    return { before: against, now: policy, sentence, figures };
  });
  return {
    kind: 'experiments',
    figures: pairs.flatMap((pair) =>
      changesOf(pair.now, pair.figures, now.document, isOneStory(before, now)),
    ),
    differences: differencesOf(before.document, now.document),
    method: method.sentence,
    pairs: pairs.map(({ figures: _, ...pair }) => pair),
  };
}

/** With the figures of shards that its document keeps, if it does. */
function withFigures({ document, figures }: ExperimentResult): ExperimentResult {
  const kept = figures ?? document.results.map((result) => ShardFigures.of(result));
  return { document, figures: kept.every((one) => one !== null) ? kept : null };
}

/** What is known of a run before it has run. */
interface Comparable {
  rules: number;
  policies: readonly string[];
}

/**
 * @throws InputError for results of different rules of the machine, whose figures do not mean the
 *   same, and for those whose policies are no pairs.
 */
export function refuseIncomparable(before: ResultDocument, now: Comparable): void {
  const { rules } = before.meta.versions;
  if (rules !== now.rules) {
    throw inputError(
      `these results cannot be compared: one follows version ${rules} of the machine's rules, ` +
        `the other version ${now.rules}, and a figure may not mean the same in both`,
      'simulate both with one version of dpcbench',
    );
  }
  refuseUnpaired(
    before.results.map(({ policy }) => policy),
    now.policies,
  );
}

/** @throws InputError for names of policies that are no pairs. */
export function refuseUnpaired(before: readonly string[], now: readonly string[]): void {
  if (pairPolicies(before, now).length > 0) return;
  throw inputError(
    `these results cannot be compared: one is of ${before.join(', ')}, the other of ` +
      `${now.join(', ')}, and no policy is in both`,
    'name one policy in each, or one that is in both',
  );
}

function namesOf({ document }: ExperimentResult): string[] {
  return document.results.map(({ policy }) => policy);
}

/** By name; two that stand alone are a pair whatever their names. Places in both lists. */
function pairPolicies(before: readonly string[], now: readonly string[]): [number, number][] {
  if (before.length === 1 && now.length === 1) return [[0, 0]];
  return now.flatMap((name, to): [number, number][] => {
    const from = before.indexOf(name);
    return from < 0 ? [] : [[from, to]];
  });
}

interface Method {
  isPaired: boolean;
  sentence: string;
}

function methodOf(before: ExperimentResult, now: ExperimentResult): Method {
  const [a, b] = [before.document.meta, now.document.meta];
  const asIf = 'Intervals are those of two independent runs';
  const unpaired = (why: string): Method => ({ isPaired: false, sentence: `${asIf}: ${why}.` });
  const without = [now, before].find((one) => !mayHaveIntervals(one));
  if (without !== undefined) {
    const { sentence } = without.document.meta.settling;
    return { isPaired: false, sentence: sentence || 'No intervals: one of the two has none.' };
  }
  if (a.seed !== b.seed) {
    return unpaired(`the seeds ${a.seed} and ${b.seed} draw other interrupts`);
  }
  if (before.figures === null || now.figures === null) {
    return unpaired(
      'one of the two files keeps no figures of single shards to be paired, being older or of ' +
        `more than ${formatCount(MOST_KEPT_SHARDS)}`,
    );
  }
  if (a.shards !== b.shards) {
    return unpaired(`${a.shards} and ${b.shards} shards make no pairs`);
  }
  return {
    isPaired: true,
    sentence:
      `Shards are paired: both runs draw from the streams of seed ${a.seed}, so what they have ` +
      'in common cancels out.',
  };
}

function mayHaveIntervals({ document }: ExperimentResult): boolean {
  return document.results.some(({ intervals }) => intervals !== null);
}

/** Both are the same list of arrivals, such as a recording: there are no other shards to be had. */
function isOneStory(before: ExperimentResult, now: ExperimentResult): boolean {
  const [a, b] = [before, now].map(({ document: { meta, scenario } }) =>
    meta.shards === 1 && meta.settling.state === 'from-start' ? listsOf(scenario) : [],
  );
  return a.length > 0 && canonicalJson(a) === canonicalJson(b);
}

function listsOf({ sources }: ResultDocument['scenario']): unknown[] {
  return sources.flatMap((source): unknown[] => {
    if (source.kind === 'timer') return [];
    const { arrivals } = source;
    if (arrivals.kind === 'at') return [arrivals.atNs];
    return arrivals.kind === 'recording' ? [arrivals.recording.hash] : [];
  });
}

type Figures = PerFigure<FigureComparison | null>;

function compareOne(
  before: ExperimentResult,
  now: ExperimentResult,
  [from, to]: readonly [number, number],
  isPaired: boolean,
): Figures {
  const [first, other] = [before.document.results[from], now.document.results[to]];
  if (isPaired) {
    return compareFigures(
      { result: first, figures: before.figures![from] },
      { result: other, figures: now.figures![to] },
      true,
    );
  }
  const names = [...Object.keys(first.counters), 'drains'] as RateName[];
  return mapFigures<FigureComparison>(
    names.filter((name) => (name as string) !== 'unserved'),
    (name) => compareValues(perThousand(first, name), perThousand(other, name), (a, b) => a === b),
    (name, figure) => {
      const [a, b] = [first, other].map((result) => latencyOf(result, name, figure));
      return compareValues(a, b, isSameLatency);
    },
  );
}

interface Estimate {
  value: number | null;
  interval: { low: number; high: number } | null;
}

function perThousand({ counters, intervals }: PolicyResult, name: RateName): Estimate {
  const count = countOf(counters, name);
  const value =
    counters.arrivals === 0 || count === null ? null : (count * 1000) / counters.arrivals;
  return { value, interval: intervals?.perThousand[name] ?? null };
}

function latencyOf(
  { latency, intervals }: PolicyResult,
  name: keyof PolicyResult['latency'],
  figure: IntervalFigure,
): Estimate {
  const summary = latency[name];
  const value = summary.count === 0 ? null : summary[figure];
  return { value, interval: intervals?.latency[name][figure] ?? null };
}

function compareValues(
  from: Estimate,
  to: Estimate,
  isSame: (a: number, b: number) => boolean,
): FigureComparison | null {
  const [first, other] = [from.value, to.value];
  if (first === null || other === null) return null;
  const difference = other - first;
  const ratio = first === 0 ? null : other / first;
  const known = from.interval !== null && to.interval !== null;
  const [a, b] = [from, to].map(({ value, interval }) => ({ value: value!, interval: interval! }));
  const differenceInterval = known ? differenceOfIndependent(a, b) : null;
  const holdsZero =
    differenceInterval !== null && differenceInterval.low <= 0 && differenceInterval.high >= 0;
  return {
    first,
    other,
    difference,
    differenceInterval,
    ratio,
    ratioInterval: known && ratio !== null ? ratioOfIndependent(a, b) : null,
    verdict: isSame(first, other)
      ? 'same'
      : differenceInterval === null
        ? 'unknown'
        : holdsZero
          ? 'indistinguishable'
          : difference < 0
            ? 'lower'
            : 'higher',
  };
}

/** A maximum has no interval, and of other interrupts it says nothing. */
function changesOf(
  policy: string,
  figures: Figures,
  now: ResultDocument,
  isExact: boolean,
): FigureChange[] {
  return comparedFigures(policy)
    .filter(({ figure }) => figure.kind !== 'latency' || figure.statistic !== 'maxNs')
    .filter((path) => isCounted(now, path))
    .map((path): FigureChange => {
      const compared = comparisonOf(figures, path);
      return {
        path,
        before: compared?.first ?? null,
        now: compared?.other ?? null,
        estimate: {
          difference: compared?.differenceInterval ?? null,
          ratio: compared?.ratioInterval ?? null,
          verdict: compared?.verdict ?? 'unknown',
          isExact,
        },
      };
    });
}

function comparisonOf(figures: Figures, { figure }: FigurePath): FigureComparison | null {
  return figure.kind === 'latency'
    ? figures.latency[figure.latency][figure.statistic as IntervalFigure]
    : figures.perThousand[figure.name as 'ipis'];
}

function differencesOf(before: ResultDocument, now: ResultDocument): ScenarioDifference[] {
  const [a, b] = [before.meta, now.meta];
  const found = scenarioDifferences(before.scenario, now.scenario);
  const add = (path: string, from: number, to: number): void => {
    if (from !== to) found.push({ path, before: String(from), now: String(to) });
  };
  add('seed', a.seed, b.seed);
  add('shards', a.shards, b.shards);
  if (a.warmup.kind !== b.warmup.kind) {
    found.push({ path: 'warm-up', before: a.warmup.kind, now: b.warmup.kind });
  }
  return found;
}
