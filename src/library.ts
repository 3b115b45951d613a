import { availableParallelism } from 'node:os';
import { inputError } from './errors.js';
import { toCsv as csvOf } from './export/csv.js';
import { toMarkdown as markdownOf } from './export/markdown.js';
import { toOpenMetrics as openMetricsOf } from './export/open-metrics.js';
import { toParquet as parquetOf } from './export/parquet.js';
import type { Exported } from './export/result-table.js';
import { nearestWord } from './nearest-word.js';
import type { ResultDocument } from './result/document.js';
import { RATE_NAMES } from './result/outcome.js';
import { runBenchmark, type RunOptions } from './run/run-benchmark.js';
import type { Scenario } from './scenario/scenario.js';
import { compareResults, type ResultComparison } from './stats/compare-experiments.js';
import {
  evaluateRegression,
  evaluateThreshold,
  type GateOutcome,
  parseThreshold,
} from './stats/gate.js';
import type { Validation } from './stats/validation.js';
import { validate as validateCases, type ValidateOptions } from './study/validate.js';
import { quote } from './units.js';

/** Every option of a type, or it does not compile. */
export type Names<T> = Record<keyof T, true>;

const RUN_OPTIONS: Names<RunOptions> = {
  seed: true,
  shards: true,
  workers: true,
  warmup: true,
  intervals: true,
  census: true,
  precision: true,
  onProgress: true,
  signal: true,
  commandLine: true,
};

/** Throws InputError for an option that there is not: a misspelt one would be left out silently. */
export function onlyKnown(options: object, known: Record<string, true>, of: string): void {
  const names = Object.keys(known);
  const odd = Object.keys(options).find((name) => !names.includes(name));
  if (odd === undefined) return;
  const near = nearestWord(odd, names);
  const hint = near === null ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
  throw inputError(`${of} has no option ${quote(odd)}`, hint);
}

/**
 * Simulates a scenario under each of its policies, on the same interrupts.
 *
 * @param scenario out of `resolveScenario`, `parseScenario`, `loadScenario` or `replayScenario`.
 * @throws InputError for options or a scenario that cannot be run; RunCancelled when aborted.
 */
export async function run(scenario: Scenario, options: RunOptions = {}): Promise<ResultDocument> {
  onlyKnown(options, RUN_OPTIONS, 'run');
  if (!isResolved(scenario)) {
    throw inputError(
      'run takes a resolved scenario',
      'make one by resolveScenario({ … }), or loadScenario of a name or a file',
    );
  }
  return runBenchmark(scenario, options);
}

function isResolved(scenario: Scenario): boolean {
  const { machine, policies, until } = (scenario ?? {}) as Partial<Scenario>;
  return (
    typeof machine?.processors === 'number' &&
    typeof until?.timeNs !== 'undefined' &&
    Array.isArray(policies) &&
    policies.every((policy) => typeof policy === 'object' && typeof policy.current === 'object')
  );
}

/**
 * What differs between two results: of one experiment exactly, of two by their intervals.
 *
 * @throws InputError for results that have nothing in common.
 */
export function compare(before: ResultDocument, now: ResultDocument): ResultComparison {
  return compareResults({ document: before, figures: null }, { document: now, figures: null });
}

/** What a result is held against. */
export interface GateOptions {
  /** Conditions under which a gate fails, such as `vista.dpcWait.p99 > 100us`. */
  failIf?: readonly string[];
  /** What a regression is held against. */
  baseline?: ResultDocument;
  /** In per cent: how much higher than in the baseline a figure may be. */
  failOnRegression?: number;
}

const GATE_OPTIONS: Names<GateOptions> = {
  failIf: true,
  baseline: true,
  failOnRegression: true,
};

/**
 * Holds a result against conditions and a baseline: an outcome for each gate. Missing or too few
 * data are `noData`, never a pass.
 *
 * @throws InputError for a condition that cannot be read, or a baseline of another experiment.
 */
export function gate(document: ResultDocument, options: GateOptions): GateOutcome[] {
  onlyKnown(options, GATE_OPTIONS, 'gate');
  const { failIf = [], baseline, failOnRegression } = options;
  if ((baseline === undefined) !== (failOnRegression === undefined)) {
    throw inputError('baseline and failOnRegression belong together', 'give both');
  }
  const names = {
    policies: document.results.map(({ policy }) => policy),
    sources: document.scenario.sources.map(({ name }) => name),
    counters: [...RATE_NAMES, 'unserved'],
  };
  const thresholds = failIf.map((text) => parseThreshold(text, names));
  const outcomes = thresholds.map((threshold) => evaluateThreshold(document, threshold));
  if (baseline === undefined || failOnRegression === undefined) return outcomes;
  return [...outcomes, ...evaluateRegression(compare(baseline, document), failOnRegression)];
}

const VALIDATE_OPTIONS: Names<ValidateOptions> = {
  interrupts: true,
  seed: true,
  workers: true,
  onProgress: true,
  signal: true,
};
const VALIDATED_INTERRUPTS = 10_000_000;

/** Special cases of the machine against closed forms; 10,000,000 interrupts each if left out. */
export async function validate(options: Partial<ValidateOptions> = {}): Promise<Validation> {
  onlyKnown(options, VALIDATE_OPTIONS, 'validate');
  const { interrupts = VALIDATED_INTERRUPTS, workers = availableParallelism() } = options;
  return validateCases({ ...options, interrupts, workers });
}

/** A row for each figure of one or more results, as CSV (docs/exports.md). */
export function toCsv(...documents: readonly ResultDocument[]): string {
  return csvOf(exported(documents));
}

/** The rows of `toCsv` as the bytes of an Apache Parquet file. */
export function toParquet(...documents: readonly ResultDocument[]): Promise<Uint8Array> {
  return parquetOf(exported(documents));
}

/** A summary for a pull request; `gates` are what `gate` returned. */
export function toMarkdown(document: ResultDocument, gates: readonly GateOutcome[] = []): string {
  return markdownOf({ ...exported([document]), gates });
}

/** OpenMetrics text, in seconds. */
export function toOpenMetrics(...documents: readonly ResultDocument[]): string {
  return openMetricsOf(exported(documents));
}

function exported(documents: readonly ResultDocument[]): Exported {
  const isAlone = documents.length === 1;
  return {
    results: documents.map((document, i) => ({ label: isAlone ? '' : String(i + 1), document })),
  };
}
