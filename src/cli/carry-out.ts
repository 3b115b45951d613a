import { EXIT, inputError } from '../errors.js';
import type { Policy } from '../policy/policy.js';
import { selectPolicies } from '../policy/select-policies.js';
import type { PrecisionGoal } from '../run/precision.js';
import type { Breakdown } from '../export/breakdown.js';
import { runExperiment, type RunOptions } from '../run/run-benchmark.js';
import type { IntervalScope } from '../result/shard-line.js';
import type { WarmupChoice } from '../run/warmup-pilot.js';
import { SeenShards } from '../run/seen-shards.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ResultDocument } from '../result/document.js';
import type { ExperimentResult } from '../stats/compare-experiments.js';
import { quote } from '../units.js';
import type { LongestWait } from '../timeline/worst-wait.js';
import type { Attempts } from './attempts.js';
import type { Console } from './console.js';
import { deliverAnswer, deliverReport, type OutputFlags } from './deliver.js';
import { GateFailed } from './exit-code.js';
import type { ExportFlags } from './export-files.js';
import type { RunGateFlags } from './gates.js';
import { type JournalFlags, withJournal } from './journal-flags.js';
import { ProgressDisplay } from './progress.js';
import { tellAgain } from './tell-again.js';
import { writeFileWhole } from './write-file.js';

/** The options that `run` and `replay` share, as commander hands them on. */
export interface RunFlags extends OutputFlags, JournalFlags {
  policy?: string[];
  /** Files of policies. */
  policyFile?: string[];
  /** PATH=VALUE. */
  set?: string[];
  /** A scenario, or a recording. */
  against?: string;
  seed?: number;
  interrupts?: number;
  time?: number;
  shards?: number;
  workers?: number;
  warmup?: WarmupChoice;
  intervals?: IntervalScope;
  overTime?: boolean;
  /** In per cent. */
  precision?: number;
  figure?: string;
  mostShards?: number;
  checkDeterminism?: boolean;
  by?: Breakdown;
  /** Count decisions; left out: where the result is kept. */
  decisions?: boolean;
}

/**
 * The scenario with what the command line changes of it: policies, and when it ends. The policies
 * of files come after its own.
 */
export async function applyFlags(scenario: Scenario, flags: RunFlags): Promise<Scenario> {
  const { policyFile: files = [] } = flags;
  if (files.length === 0) return chooseByFlags(scenario, flags);
  const { loadPolicies } = await import('../disk/load-policies.js');
  return chooseByFlags(scenario, flags, loadPolicies(files));
}

/** What `applyFlags` does once the files have been read. */
export function chooseByFlags(
  written: Scenario,
  flags: RunFlags,
  added: readonly Policy[] = [],
): Scenario {
  const scenario = addPolicies(written, added);
  if (flags.interrupts !== undefined && flags.time !== undefined) {
    throw inputError('--interrupts and --time exclude each other', 'give one of them');
  }
  const ends = flags.interrupts !== undefined || flags.time !== undefined;
  return {
    ...scenario,
    policies:
      flags.policy === undefined ? scenario.policies : selectPolicies(scenario, flags.policy),
    until: ends
      ? { timeNs: flags.time ?? null, interrupts: flags.interrupts ?? null }
      : scenario.until,
  };
}

function addPolicies(scenario: Scenario, added: readonly Policy[]): Scenario {
  if (added.length === 0) return scenario;
  const known = scenario.policies.map(({ name }) => name);
  const twice = added.find(({ name }) => known.includes(name));
  if (twice !== undefined) {
    throw inputError(
      `the policy ${quote(twice.name)} is in the scenario and in a file of --policy-file`,
      'rename one of them',
    );
  }
  return { ...scenario, policies: [...scenario.policies, ...added] };
}

/** Runs the scenario, showing progress. */
export async function carryOut(
  scenario: Scenario,
  flags: RunFlags,
  console: Console,
  command: GivenCommand,
): Promise<ResultDocument> {
  return (await carryOutExperiment(scenario, flags, console, command)).document;
}

/** What was typed, and what is to be typed for the longest waits of its run. */
export interface GivenCommand {
  line: readonly string[];
  /** Null where `worst` does not carry out the same run. */
  worst: string | null;
}

export interface CarriedOut extends ExperimentResult {
  /** Where the longest waits are, for a report; null without one. */
  seen: SeenShards | null;
}

/** Runs the scenario, and keeps the figures of its shards. */
export async function carryOutExperiment(
  scenario: Scenario,
  flags: RunFlags,
  console: Console,
  command: GivenCommand,
  seen = flags.report === undefined ? null : new SeenShards(null),
): Promise<CarriedOut> {
  const display = flags.quiet === true ? null : new ProgressDisplay(console, scenario.name);
  const options: RunOptions = {
    ...runOptions(flags),
    onProgress: (progress) => display?.show(progress),
    commandLine: [...command.line],
  };
  try {
    return await console.listening(async (signal) => {
      const result = await withJournal(scenario, flags, options, console, (execute) =>
        runExperiment(scenario, { ...options, signal }, seen?.watch(execute) ?? execute),
      );
      result.document.meta.host.worstCommand = command.worst;
      if (flags.checkDeterminism === true) {
        await runAgain(scenario, { ...options, signal }, result.document, console);
      }
      return { ...result, seen };
    });
  } finally {
    display?.end();
  }
}

/**
 * The census costs a few per cent of a run's time. The answer in a terminal hardly needs it;
 * whoever keeps the result may want to know later what made its figures.
 */
function keepsDecisions(flags: RunFlags & RunGateFlags & ExportFlags): boolean {
  const { by, export: exported = [], journal, json, report, saveBaseline } = flags;
  const files = [journal, json, report, saveBaseline, ...exported];
  return by === 'importance' || files.some((file) => file !== undefined);
}

/** What flags say of how a run is carried out. */
export function runOptions(flags: RunFlags): RunOptions {
  return {
    seed: flags.seed,
    shards: flags.shards,
    workers: flags.workers,
    warmup: flags.warmup,
    intervals: flags.intervals,
    // A report has a section of it.
    overTime: flags.overTime ?? flags.report !== undefined,
    census: flags.decisions ?? keepsDecisions(flags),
    precision: precisionGoal(flags),
  };
}

export function precisionGoal({
  precision,
  figure,
  mostShards,
}: RunFlags): PrecisionGoal | undefined {
  if (precision === undefined && figure === undefined && mostShards === undefined) return undefined;
  if (precision === undefined || figure === undefined) {
    throw inputError(
      '--precision and --figure belong together',
      'such as --precision 2% --figure vista.dpcWait.p99',
    );
  }
  return { figure, target: precision / 100, limit: mostShards };
}

/** A precision that was asked for and not reached is no pass: too few data. */
export function refuseImprecise({ meta: { precision, shards } }: ResultDocument): void {
  if (precision === null) return;
  const { figure, target, reached } = precision;
  if (reached !== null && reached <= target) return;
  const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
  throw new GateFailed(
    `--precision: after ${shards} shards ${figure} is known to ` +
      `${reached === null ? 'nothing' : percent(reached)}, not to ${percent(target)}: ` +
      'raise --most-shards or --interrupts.',
    EXIT.noData,
  );
}

/** --check-determinism. A difference is a defect, and ends with its exit code. */
async function runAgain(
  scenario: Scenario,
  options: RunOptions,
  document: ResultDocument,
  console: Console,
): Promise<void> {
  const { checkDeterminism } = await import('../study/check-determinism.js');
  const { how, difference } = await checkDeterminism(scenario, options, document);
  const ways = how.join(' and ');
  if (difference !== null) {
    throw new Error(`run again with ${ways} the result differs, first at ${difference}`);
  }
  console.err(`Determinism: run again with ${ways}, the result is the same to the last figure.\n`);
}

/** The answer as a table or JSON, and the report. */
export async function deliver(
  scenario: Scenario,
  { document, seen }: Pick<CarriedOut, 'document' | 'seen'>,
  flags: RunFlags,
  console: Console,
  attempts: Attempts,
): Promise<void> {
  await deliverAnswer(flags, console, attempts, {
    isStyled: true,
    toJson: async () => (await import('../export/json.js')).toJson(document),
    toText: async () => {
      const { formatTerminal } = await import('../export/terminal.js');
      const { colours, width } = console;
      return formatTerminal(document, { colours, width, by: flags.by });
    },
  });
  await deliverReport(flags, console, attempts, async () => {
    const waits = seen === null ? null : await tellAgain(scenario, seen, flags, console);
    return renderReport([document], [waits]);
  });
}

export async function writeReport(
  documents: readonly ResultDocument[],
  path: string,
  waits: readonly (LongestWait[] | null)[] = [],
): Promise<void> {
  await writeFileWhole(path, await renderReport(documents, waits));
}

async function renderReport(
  documents: readonly ResultDocument[],
  waits: readonly (LongestWait[] | null)[],
): Promise<string> {
  const { renderDocuments } = await import('../run/render-documents.js');
  return renderDocuments(documents, waits);
}
