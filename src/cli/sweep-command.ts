import { type Command, Option } from 'commander';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { inputError } from '../errors.js';
import {
  DEFAULT_FRONT,
  type SweepDocument,
  type SweepParameter,
} from '../result/sweep-document.js';
import { MAXIMUM_SHARDS } from '../run/plan-shards.js';
import type { Scenario } from '../scenario/scenario.js';
import type { SweepPlan } from '../sweep/carry-out-sweep.js';
import { visibleLine } from '../visible-text.js';
import {
  collectNames,
  collectTexts,
  parseCount,
  parsePrecision,
  parseTime,
  upTo,
} from './arguments.js';
import { chooseByFlags, precisionGoal, type RunFlags } from './carry-out.js';
import type { Console } from './console.js';
import { KeptWork, openFolder } from './output-folder.js';
import {
  policyFileOption,
  quietOption,
  seedOption,
  warmupOption,
  workersOption,
} from './shared-options.js';
import { shellCommand } from './shell-words.js';
import { StepsDisplay } from './steps-display.js';
import type { ReportedPoints, ReportGround } from './sweep-reports.js';
import { writeFileWhole } from './write-file.js';

interface SweepFlags extends RunFlags {
  param?: string[];
  sample?: number;
  front?: string[];
  output: string;
  reports?: ReportedPoints;
}

const MOST_SAMPLES = 100_000;

/** `sweep`: one scenario at many points. */
export function addSweepCommand(program: Command, console: Console): void {
  program
    .command('sweep')
    .summary('simulate a scenario at many points, and show what moves what')
    .description(
      'Simulates a scenario with every combination of values, all from one seed, and writes a ' +
        'table and a page. What is finished is kept: ended, the same command goes on.',
    )
    .argument('<scenario>', 'a file or a name of the catalogue')
    .option(
      '--param <path=values>',
      'such as machine.processors=1..64x2, policy=vista,msdn; may be repeated',
      collectTexts,
    )
    .option('--sample <n>', 'so many combinations, by Latin hypercube', upTo(MOST_SAMPLES, 'them'))
    .option('--front <a,b>', `what is traded (default: ${DEFAULT_FRONT.join(',')})`, collectNames)
    .option('-o, --output <folder>', 'where table, page and journal go', 'dpcbench-sweep')
    .addOption(
      new Option('--reports <which>', 'write the report of each point as well').choices([
        'front',
        'all',
      ]),
    )
    .option('--set <path=value>', 'change the scenario at every point', collectTexts)
    .option(
      '-p, --policy <names>',
      "policies at every point (default: the scenario's)",
      collectNames,
    )
    .addOption(policyFileOption())
    .addOption(seedOption())
    .option('-n, --interrupts <n>', 'end a point after this many interrupts', parseCount)
    .option('-t, --time <duration>', 'end a point after this simulated time', parseTime)
    .option('--shards <n>', 'cut a point into this many machines', upTo(MAXIMUM_SHARDS, 'machines'))
    .addOption(workersOption())
    .addOption(warmupOption())
    .option('--precision <percent>', 'add shards until --figure is known this well', parsePrecision)
    .option('--figure <path>', 'such as dpcWait.p99, of every policy')
    .option('--most-shards <n>', 'give up --precision after so many (default: 1000)', parseCount)
    .addOption(quietOption())
    .action(async (nameOrPath: string, flags: SweepFlags) => {
      await sweep(nameOrPath, flags, console);
    });
}

async function sweep(nameOrPath: string, flags: SweepFlags, console: Console): Promise<void> {
  const { parameters, policy } = await readParameters(flags);
  const { planSweep } = await import('../sweep/plan-sweep.js');
  const open = await scenarioOpener(nameOrPath, { ...flags, policy });
  const { seed = 1, sample = null, front = DEFAULT_FRONT, shards, warmup } = flags;
  const plan = planSweep({
    parameters,
    sample,
    seed,
    front,
    open,
    commandOf: (settings) => shellCommand(commandAt(nameOrPath, settings, { ...flags, policy })),
    options: { shards, warmup, precision: precisionGoal(flags) },
  });
  const folder = await openFolder(flags.output, 'sweep');
  const display = flags.quiet === true ? null : new StepsDisplay(console, `sweep ${plan.name}`);
  try {
    const document = await folder.keeping(console, (signal) =>
      simulate(plan, flags, {
        folder,
        signal,
        onProgress: (progress) => display?.show(progress),
        wordsAt: (settings) => commandAt(nameOrPath, settings, { ...flags, policy }),
      }),
    );
    display?.end();
    await deliver(document, folder, console);
  } finally {
    display?.end();
    folder.close();
  }
}

/** All points, and the reports that are asked for. */
async function simulate(
  plan: SweepPlan,
  flags: SweepFlags,
  ground: Pick<ReportGround, 'signal' | 'onProgress' | 'wordsAt'> & { folder: KeptWork },
): Promise<SweepDocument> {
  const { folder, onProgress, signal, wordsAt } = ground;
  const { carryOutSweep } = await import('../sweep/carry-out-sweep.js');
  const workers = flags.workers ?? availableParallelism();
  const document = await carryOutSweep(plan, {
    workers,
    signal,
    journal: folder.journal,
    onProgress: ({ choices: all, done, simulated }) => onProgress({ all, done, simulated }),
  });
  if (flags.reports !== undefined) {
    const { writePointReports } = await import('./sweep-reports.js');
    const { path } = folder;
    await writePointReports(document, flags.reports, {
      folder: path,
      plan,
      workers,
      signal,
      onProgress,
      wordsAt,
    });
  }
  return document;
}

async function deliver(sweep: SweepDocument, folder: KeptWork, console: Console): Promise<void> {
  const { pointsCsv, pointsNdjson } = await import('../export/points.js');
  const { formatSweep } = await import('../export/sweep-table.js');
  const { renderSweep } = await import('../report/render-sweep.js');
  const { sha256 } = await import('../disk/load-page.js');
  const page = join(folder.path, 'index.html');
  await writeFileWhole(join(folder.path, 'points.csv'), pointsCsv(sweep));
  await writeFileWhole(join(folder.path, 'points.ndjson'), pointsNdjson(sweep));
  await writeFileWhole(page, renderSweep(sweep, sha256));
  console.out(formatSweep(sweep));
  console.out(
    `\nPage:  ${visibleLine(page)}\n` +
      `Table: ${visibleLine(join(folder.path, 'points.csv'))} (and points.ndjson), with the ` +
      'command of each point\n',
  );
}

/** The parameters, and the policies if one of them is `policy`. */
async function readParameters(
  flags: SweepFlags,
): Promise<{ parameters: SweepParameter[]; policy: string[] | undefined }> {
  const { parseParameter } = await import('../sweep/parameter.js');
  const all = (flags.param ?? []).map(parseParameter);
  const twice = all.find(({ path }, i) => all.findIndex((other) => other.path === path) < i);
  if (twice !== undefined) {
    throw inputError(`--param ${twice.path} stands twice`, 'put its values together');
  }
  const own = all.find(({ path }) => path === 'policy');
  if (own !== undefined && flags.policy !== undefined) {
    throw inputError('--param policy and --policy say the same', 'give one of them');
  }
  const parameters = all.filter((one) => one !== own);
  const end = parameters.find(({ path }) => /^until\b/.test(path));
  if (end !== undefined && (flags.time !== undefined || flags.interrupts !== undefined)) {
    throw inputError(
      `--param ${end.path}: --time and --interrupts say when every point ends`,
      'leave one of them out',
    );
  }
  if (all.length === 0) {
    throw inputError('a sweep needs a --param', 'such as --param machine.processors=1..64x2');
  }
  return { parameters, policy: own?.values ?? flags.policy };
}

/** Takes `PATH=VALUE`. */
type Open = (chosen: readonly string[]) => Scenario;

/** What opens the scenario with settings; its policies and its end are those of the flags. */
async function scenarioOpener(nameOrPath: string, flags: SweepFlags): Promise<Open> {
  const { loadScenario } = await import('../disk/load-scenario.js');
  const { loadPolicies } = await import('../disk/load-policies.js');
  const { parseSetting } = await import('../scenario/setting.js');
  const always = (flags.set ?? []).map((text) => parseSetting(text));
  const own = loadPolicies(flags.policyFile ?? []);
  // Whatever is wrong with the file itself is said before anything else.
  loadScenario(nameOrPath, undefined, always);
  return (chosen) => {
    const settings = chosen.map((text) => parseSetting(text, '--param'));
    const scenario = loadScenario(nameOrPath, undefined, [...always, ...settings]);
    return chooseByFlags(scenario, flags, own);
  };
}

/** The words that repeat a point, with all policies that it was simulated beside. */
function commandAt(nameOrPath: string, chosen: readonly string[], flags: SweepFlags): string[] {
  const option = (name: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [name, String(value)];
  return [
    ...['dpcbench', 'run', nameOrPath],
    ...[...(flags.set ?? []), ...chosen].flatMap((text) => ['--set', text]),
    ...option('--policy', flags.policy?.join(',')),
    ...(flags.policyFile ?? []).flatMap((file) => ['--policy-file', file]),
    ...option('--interrupts', flags.interrupts),
    ...option('--time', flags.time === undefined ? undefined : `${flags.time}ns`),
    ...option('--seed', flags.seed),
    ...option('--shards', flags.shards),
    ...option('--warmup', typeof flags.warmup === 'number' ? `${flags.warmup}ns` : flags.warmup),
    ...option('--precision', flags.precision === undefined ? undefined : `${flags.precision}%`),
    ...option('--figure', flags.figure),
    ...option('--most-shards', flags.mostShards),
  ];
}
