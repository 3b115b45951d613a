import { availableParallelism } from 'node:os';
import { inputError } from './errors.js';
import { toCsv as csvOf } from './export/csv.js';
import { toMarkdown as markdownOf } from './export/markdown.js';
import { toOpenMetrics as openMetricsOf } from './export/open-metrics.js';
import { toParquet as parquetOf } from './export/parquet.js';
import type { Exported } from './export/result-table.js';
import {
  BOOLEAN,
  checkOptions,
  COUNT,
  either,
  FUNCTION,
  NUMBER,
  OBJECT,
  oneOf,
  type OptionKinds,
  orNull,
  PER_CENT,
  SIGNAL,
  TEXTS,
  TIME,
} from './option-kinds.js';
import type { ResultDocument } from './result/document.js';
import { RESULT_SCHEMA } from './result/figures.js';
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

const RUN_OPTIONS: OptionKinds<RunOptions> = {
  seed: NUMBER,
  shards: orNull(NUMBER),
  workers: NUMBER,
  warmup: either(oneOf('settle', 'none', 'auto'), TIME),
  intervals: oneOf('machine', 'all'),
  overTime: BOOLEAN,
  census: BOOLEAN,
  precision: OBJECT,
  onProgress: FUNCTION,
  signal: SIGNAL,
  commandLine: TEXTS,
};

/**
 * Simulates a scenario under each of its policies, on the same interrupts.
 *
 * @param scenario out of `resolveScenario`, `parseScenario`, `loadScenario` or `replayScenario`.
 * @throws InputError for options or a scenario that cannot be run; RunCancelled when aborted.
 */
export async function run(scenario: Scenario, options: RunOptions = {}): Promise<ResultDocument> {
  checkOptions(options, RUN_OPTIONS, 'run');
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
  for (const document of [before, now]) checkResult(document, 'compare');
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

const GATE_OPTIONS: OptionKinds<GateOptions> = {
  failIf: TEXTS,
  baseline: OBJECT,
  failOnRegression: PER_CENT,
};

/**
 * Holds a result against conditions and a baseline: an outcome for each gate. Missing or too few
 * data are `noData`, never a pass.
 *
 * @throws InputError for a condition that cannot be read, or a baseline of another experiment.
 */
export function gate(document: ResultDocument, options: GateOptions): GateOutcome[] {
  checkResult(document, 'gate');
  checkOptions(options, GATE_OPTIONS, 'gate');
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

const VALIDATE_OPTIONS: OptionKinds<ValidateOptions> = {
  interrupts: COUNT,
  seed: NUMBER,
  workers: NUMBER,
  onProgress: FUNCTION,
  signal: SIGNAL,
};
const VALIDATED_INTERRUPTS = 10_000_000;

/** Special cases of the machine against closed forms; 10,000,000 interrupts each if left out. */
export async function validate(options: Partial<ValidateOptions> = {}): Promise<Validation> {
  checkOptions<Partial<ValidateOptions>>(options, VALIDATE_OPTIONS, 'validate');
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
  for (const document of documents) checkResult(document, 'an export');
  const isAlone = documents.length === 1;
  return {
    results: documents.map((document, i) => ({ label: isAlone ? '' : String(i + 1), document })),
  };
}

/** Throws InputError for what is no result: a part of one, or none at all. */
function checkResult(document: ResultDocument, of: string): void {
  const { schema, meta, scenario, results } = (document ?? {}) as Partial<ResultDocument>;
  const isResult =
    schema === RESULT_SCHEMA &&
    [meta, scenario].every(OBJECT.is) &&
    Array.isArray(results) &&
    results.length > 0;
  if (isResult) return;
  throw inputError(
    `what ${of} was given is no result`,
    'it takes what run resolves to, or readResult returns',
  );
}
