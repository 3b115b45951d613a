import type { Command } from 'commander';
import { EXIT, inputError } from '../errors.js';
import { RATE_NAMES } from '../result/outcome.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ExperimentResult, ResultComparison } from '../stats/compare-experiments.js';
import type { GateOutcome, Threshold } from '../stats/gate.js';
import type { ResultDocument } from '../result/document.js';
import { collectTexts, parsePercent } from './arguments.js';
import { baselinePath, prepareBaseline, readBaseline, saveBaseline } from './baseline.js';
import type { Attempts } from './attempts.js';
import type { Place } from './check-places.js';
import type { Console } from './console.js';
import { GateFailed } from './exit-code.js';
import { writeFileWhole } from './write-file.js';

/** The options that `run`, `replay` and `compare` share. */
export interface GateFlags {
  failIf?: string[];
  /** Percent. */
  failOnRegression?: number;
  junit?: string;
}

export interface RunGateFlags extends GateFlags {
  baseline?: string;
  saveBaseline?: string;
  against?: string;
  json?: string;
  quiet?: boolean;
}

export function withGateOptions(command: Command): Command {
  return command
    .option(
      '--fail-if <condition>',
      'fail if it holds, such as "vista.dpcWait.p99 > 100us"; may be repeated',
      collectTexts,
    )
    .option(
      '--fail-on-regression <percent>',
      'fail if a figure is higher than before by more than this, such as 5%',
      parsePercent,
    )
    .option('--junit <file>', 'write what became of the gates as JUnit XML');
}

export function withBaselineOptions(command: Command): Command {
  return withGateOptions(command)
    .option('--baseline <name>', 'compare with a saved baseline')
    .option('--save-baseline <name>', 'save the result as a baseline if every gate passes');
}

/** Gates that were read and found right before anything runs. */
export interface OpenGates {
  thresholds: Threshold[];
  baseline: ResultDocument | null;
}

/** What a run reads and writes for its gates. The folder of baselines must be there. */
export function gatePlaces(flags: RunGateFlags): { inputs: Place[]; outputs: Place[] } {
  const { baseline, saveBaseline: saved, junit } = flags;
  const pathOf = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : baselinePath(name);
  // A baseline may be replaced by what is compared with it.
  const isReplaced = baseline === saved;
  return {
    inputs: [{ as: '--baseline', path: isReplaced ? undefined : pathOf(baseline) }],
    outputs: [
      { as: '--junit', path: junit },
      { as: '--save-baseline', path: pathOf(saved) },
    ],
  };
}

/** Refuses what is wrong with the gates, and a baseline that cannot be compared, beforehand. */
export async function openGates(scenario: Scenario, flags: RunGateFlags): Promise<OpenGates> {
  const { against, baseline: name } = flags;
  if (flags.failOnRegression !== undefined && name === undefined && against === undefined) {
    throw inputError(
      '--fail-on-regression has nothing to compare with',
      'add --baseline NAME, or --against SCENARIO',
    );
  }
  if (name !== undefined && against !== undefined) {
    throw inputError('--baseline and --against exclude each other', 'compare with one of them');
  }
  const thresholds = await readThresholds(scenario, flags);
  const baseline = flags.baseline === undefined ? null : await readBaseline(flags.baseline);
  if (baseline !== null) await refuseBeforehand(baseline, scenario);
  if (flags.saveBaseline !== undefined) await prepareBaseline(flags.saveBaseline);
  return { thresholds, baseline };
}

/** Before anything runs: have the scenarios of `--against` policies that can be compared? */
export async function refuseOtherPolicies(before: Scenario, now: Scenario): Promise<void> {
  const { refuseUnpaired } = await import('../stats/compare-experiments.js');
  const [a, b] = [before, now].map(({ policies }) => policies.map(({ name }) => name));
  refuseUnpaired(a, b);
}

async function refuseBeforehand(baseline: ResultDocument, scenario: Scenario): Promise<void> {
  const { refuseIncomparable } = await import('../stats/compare-experiments.js');
  const { shippedKernel } = await import('../disk/shipped-kernel.js');
  refuseIncomparable(baseline, {
    rules: shippedKernel().identity.rules,
    policies: scenario.policies.map(({ name }) => name),
  });
}

/** Parses the thresholds with the names of a scenario. Throws InputError. */
export async function readThresholds(
  { policies, sources }: Named,
  flags: GateFlags,
): Promise<Threshold[]> {
  const { failIf = [], failOnRegression, junit } = flags;
  if (junit !== undefined) {
    if (failIf.length === 0 && failOnRegression === undefined) {
      throw inputError('--junit has no gate to write of', 'add --fail-if or --fail-on-regression');
    }
  }
  const { parseThreshold } = await import('../stats/gate.js');
  const names = {
    policies: policies.map(({ name }) => name),
    sources: sources.map(({ name }) => name),
    counters: [...RATE_NAMES, 'unserved'],
  };
  return failIf.map((text) => parseThreshold(text, names));
}

interface Named {
  policies: readonly { name: string }[];
  sources: readonly { name: string }[];
}

/**
 * After the answer: the comparison, the gates, the new baseline. With `--json -` standard output
 * holds nothing but JSON, so the words go to standard error.
 * Returns what became of the gates.
 * Unless every gate passes, nothing is saved as a baseline and `attempts` has a GateFailed.
 */
export async function passGates(
  result: ExperimentResult,
  { thresholds, baseline }: OpenGates,
  flags: RunGateFlags,
  console: Console,
  attempts: Attempts,
  against: ExperimentResult | null = null,
): Promise<readonly GateOutcome[]> {
  const say = flags.json === '-' ? console.err : console.out;
  const { document } = result;
  const before = baseline === null ? against : { document: baseline, figures: null };
  const comparison =
    before && (await sayComparison(before, result, (text) => say(`\n${text}`), console.width));
  const gates = { thresholds, comparison, width: console.width };
  const outcomes = await applyGates(document, gates, flags, say, attempts);
  const { saveBaseline: name } = flags;
  const hasPassed = outcomes.every(({ status }) => status === 'pass');
  if (name === undefined || !hasPassed) return outcomes;
  await attempts.make(async () => {
    const path = await saveBaseline(name, document);
    if (flags.quiet !== true) console.err(`Baseline: ${path}\n`);
  });
  return outcomes;
}

/** Compares and says it: exactly, or what differs and by how much. */
export async function sayComparison(
  before: ExperimentResult,
  now: ExperimentResult,
  say: (text: string) => void,
  width: number,
): Promise<ResultComparison> {
  const { compareResults } = await import('../stats/compare-experiments.js');
  const comparison = compareResults(before, now);
  if (comparison.kind === 'documents') {
    const { formatComparison } = await import('../export/comparison.js');
    say(formatComparison(before.document, now.document, comparison, width));
  } else {
    const { formatExperiments } = await import('../export/experiments.js');
    say(formatExperiments(before.document, now.document, comparison, width));
  }
  return comparison;
}

/** Evaluates and shows the gates, and writes the JUnit file. */
export async function applyGates(
  document: ResultDocument,
  { thresholds, comparison, width }: Gates,
  flags: GateFlags,
  say: (text: string) => void,
  attempts: Attempts,
): Promise<readonly GateOutcome[]> {
  const { evaluateRegression, evaluateThreshold } = await import('../stats/gate.js');
  const outcomes = thresholds.map((threshold) => evaluateThreshold(document, threshold));
  if (comparison !== null && flags.failOnRegression !== undefined) {
    outcomes.push(...evaluateRegression(comparison, flags.failOnRegression));
  }
  if (outcomes.length === 0) return [];
  const { junit } = flags;
  if (junit !== undefined) {
    const { toJunit } = await import('../export/junit.js');
    await attempts.make(() => writeFileWhole(junit, toJunit(outcomes, document.scenario.name)));
  }
  const { formatGates } = await import('../export/comparison.js');
  say(`\n${formatGates(outcomes, width)}`);
  await attempts.make(() => refuseUnlessPassed(outcomes));
  return outcomes;
}

interface Gates {
  thresholds: readonly Threshold[];
  /** With what a regression is held against; null if there is nothing before. */
  comparison: ResultComparison | null;
  /** Columns of the terminal. */
  width: number;
}

/** What is known to be bad comes before what is not known. */
function refuseUnlessPassed(outcomes: readonly GateOutcome[]): void {
  const failed = outcomes.filter(({ status }) => status === 'fail');
  const withoutData = outcomes.filter(({ status }) => status === 'noData');
  if (failed.length + withoutData.length === 0) return;
  const exitCode = failed.some(({ kind }) => kind === 'threshold')
    ? EXIT.threshold
    : failed.length > 0
      ? EXIT.regression
      : EXIT.noData;
  const message =
    `Of ${outcomes.length} gate${outcomes.length === 1 ? '' : 's'} ${failed.length} failed ` +
    `and ${withoutData.length} had too few data to decide on.`;
  throw new GateFailed(message, exitCode);
}
