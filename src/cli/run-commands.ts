import { Option, type Command } from 'commander';
import { commonShards, MAXIMUM_SHARDS } from '../run/plan-shards.js';
import type { Breakdown } from '../export/breakdown.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ResultDocument } from '../result/document.js';
import { SeenShards } from '../run/seen-shards.js';
import type { LongestWait } from '../timeline/worst-wait.js';
import {
  collectNames,
  collectTexts,
  parseCount,
  parsePrecision,
  parseWarmup,
  upTo,
} from './arguments.js';
import {
  applyFlags,
  type CarriedOut,
  carryOutExperiment,
  deliver,
  type GivenCommand,
  type RunFlags,
  writeReport,
} from './carry-out.js';
import { Attempts } from './attempts.js';
import type { Place } from './check-places.js';
import type { Console } from './console.js';
import { withExportOption } from './export-files.js';
import { refuseOtherPolicies, withBaselineOptions } from './gates.js';
import { stampOption } from './import-command.js';
import {
  checkJournalFlags,
  journalPlaces,
  withJournalOption,
  withShardOptions,
} from './journal-flags.js';
import { type AnswerFlags, answerJudged, type Compared } from './judged-answer.js';
import { runPart } from './part-run.js';
import {
  interruptsOption,
  policyFileOption,
  quietOption,
  seedOption,
  timeOption,
  workersOption,
} from './shared-options.js';
import { openForReplay, type RecordingFlags, replayExample } from './open-recording.js';
import { openSubject } from './open-subject.js';
import { tellAgain } from './tell-again.js';
import { worstCommand } from './worst-hint.js';
import { checkWritable } from './write-file.js';

const DEFAULT_REPORT = 'dpcbench-report.html';

/** `run`, `replay`, and what happens without a command. */
export function addRunCommands(program: Command, console: Console, args: readonly string[]): void {
  const line = ['dpcbench', ...args];

  program.action(async () => {
    await compareByDefault(console, line);
  });

  withShardOptions(withRunOptions(program.command('run'), "the scenario's own"))
    .summary('simulate a scenario under each of its policies')
    .description(
      'Simulates a scenario under each of its policies, on the same interrupts, and compares them.',
    )
    .argument(
      '[scenario]',
      'a file (.yaml, .json, .toml), a name of the catalogue, a recording or a report',
      'default',
    )
    .action(async (nameOrPath: string, flags: AnswerFlags) => {
      const inputs: Place[] = [];
      const scenario = await openSubject(nameOrPath, flags, console, inputs, flags.set);
      const against =
        flags.against === undefined
          ? undefined
          : await openSubject(flags.against, flags, console, inputs);
      const command = { line, worst: worstCommand(nameOrPath, args) };
      await runAndDeliver(scenario, { flags, inputs, against }, console, command);
    });

  withJournalOption(withRunOptions(program.command('replay'), 'all that ship'))
    .summary('replay a recording of a real machine')
    .description(
      'Replays a recording under all policies that ship: text of perf script, ftrace, ' +
        'babeltrace2 or "xperf -a dumper", CSV of Windows Performance Analyzer, XML of PerfView, ' +
        'JSON of KUtrace, plain or gzip, or a file made by "dpcbench import".',
    )
    .argument('<recording>', 'the recording')
    .addOption(stampOption())
    .action(async (path: string, flags: AnswerFlags & RecordingFlags) => {
      const open = (recording: string, settings?: string[]): Promise<Scenario> =>
        openForReplay(recording, flags, console, settings);
      const scenario = await open(path, flags.set);
      const against = flags.against === undefined ? undefined : await open(flags.against);
      const inputs = [path, ...(flags.against === undefined ? [] : [flags.against])].map(
        (file) => ({ as: 'the recording', path: file }),
      );
      const command = { line, worst: worstCommand(path, args) };
      await runAndDeliver(scenario, { flags, inputs, against }, console, command);
    });
}

function withRunOptions(command: Command, defaultPolicies: string): Command {
  const own = command
    .option(
      '--set <path=value>',
      'change the scenario, such as sources.nic.irql=5; may be repeated',
      collectTexts,
    )
    .option('--against <other>', 'run that as well, and compare with it shard by shard')
    .option(
      '-p, --policy <names>',
      `policies to run, separated by commas; may be repeated (default: ${defaultPolicies})`,
      collectNames,
    )
    .addOption(policyFileOption())
    .addOption(seedOption())
    .addOption(interruptsOption())
    .addOption(timeOption())
    .option('--shards <n>', 'cut the run into this many machines', upTo(MAXIMUM_SHARDS, 'machines'))
    .addOption(workersOption())
    .option(
      '--warmup <time>',
      'left out at the start of each shard: settle, auto, none or a time (default: settle)',
      parseWarmup,
    )
    .addOption(
      new Option('--intervals <scope>', 'of the machine, or of every source as well').choices([
        'machine',
        'all',
      ]),
    )
    .option('--over-time', 'keep figures over simulated time as well, as --report does')
    .option('--decisions', 'count them for "explain"; as --json, --report and --export do')
    .option('--no-decisions', 'leave them out of these files too: a little faster')
    .option('--precision <percent>', 'add shards until --figure is known this well', parsePrecision)
    .option('--figure <path>', 'such as vista.dpcWait.p99')
    .option('--most-shards <n>', 'give up --precision after so many (default: 1000)', parseCount)
    .option('--check-determinism', 'run again with other workers; differing is a defect')
    .addOption(
      new Option('--by <what>', 'break the figures down, every row of it').choices([
        'source',
        'processor',
        'importance',
      ] satisfies Breakdown[]),
    )
    .option('--json <file>', 'write the result as JSON; "-" prints it and nothing else')
    .option('--report <file>', 'write an HTML report')
    .option('--open', 'open the report that --report wrote');
  return withBaselineOptions(withExportOption(own).addOption(quietOption()));
}

interface Opened {
  flags: AnswerFlags;
  inputs: readonly Place[];
  /** What `--against` names. */
  against?: Scenario;
}

async function runAndDeliver(
  scenario: Scenario,
  { flags, inputs, against }: Opened,
  console: Console,
  command: GivenCommand,
): Promise<void> {
  const changed = await applyFlags(scenario, flags);
  checkJournalFlags(flags);
  if (flags.shard !== undefined) {
    await runPart(changed, { flags, inputs, part: flags.shard }, console);
    return;
  }
  const { outputs } = journalPlaces(flags);
  const before = against && (await applyFlags(against, flags));
  await answerJudged(changed, { flags, inputs: [...inputs], outputs }, console, () =>
    carryOutBoth(before, changed, flags, console, command),
  );
}

/** Both are cut into as many shards, so that these make pairs. */
async function carryOutBoth(
  against: Scenario | undefined,
  scenario: Scenario,
  flags: RunFlags,
  console: Console,
  command: GivenCommand,
): Promise<Compared> {
  const run = (one: Scenario, how: RunFlags): Promise<CarriedOut> =>
    carryOutExperiment(one, how, console, command);
  if (against === undefined) return { before: null, now: await run(scenario, flags) };
  await refuseOtherPolicies(against, scenario);
  const isCounted = flags.shards !== undefined || flags.precision !== undefined;
  const common = isCounted ? null : commonShards(against, scenario);
  const how = common === null ? flags : { ...flags, shards: common };
  const before = await carryOutExperiment(against, how, console, { ...command, worst: null }, null);
  return { before, now: await run(scenario, how) };
}

/** On a fresh clone: a real recording, the default scenario, the answer, a report. */
async function compareByDefault(console: Console, line: readonly string[]): Promise<void> {
  const { loadScenario } = await import('../disk/load-scenario.js');
  const { DEFAULT_SCENARIO_NAME } = await import('../disk/catalog.js');
  await checkWritable(DEFAULT_REPORT);
  const documents: ResultDocument[] = [];
  const waits: LongestWait[][] = [];
  const attempts = new Attempts();
  const subjects = [
    { scenario: await replayExample(), worst: null },
    {
      scenario: loadScenario(DEFAULT_SCENARIO_NAME),
      worst: worstCommand(DEFAULT_SCENARIO_NAME, []),
    },
  ];
  for (const { scenario, worst } of subjects) {
    const seen = new SeenShards(null);
    const flags = { intervals: 'all', overTime: true, decisions: true } as const;
    const { document } = await carryOutExperiment(scenario, flags, console, { line, worst }, seen);
    await deliver(scenario, { document, seen: null }, {}, console, attempts);
    console.out('\n');
    documents.push(document);
    waits.push(await tellAgain(scenario, seen, {}, console));
  }
  await writeReport(documents, DEFAULT_REPORT, waits);
  console.out(`Report with charts: ${DEFAULT_REPORT}\n`);
}
