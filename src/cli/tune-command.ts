import { join } from 'node:path';
import type { Command } from 'commander';
import type { Scenario } from '../scenario/scenario.js';
import type { TuneResult } from '../tune/tune.js';
import { visibleLine } from '../visible-text.js';
import { collectNames, collectTexts, parseCount, parseTime, upTo } from './arguments.js';
import { chooseByFlags, type RunFlags } from './carry-out.js';
import type { Console } from './console.js';
import { openFolder } from './output-folder.js';
import { quietOption, seedOption, workersOption } from './shared-options.js';
import { shellCommand } from './shell-words.js';
import { StepsDisplay } from './steps-display.js';
import { writeFileWhole } from './write-file.js';

interface TuneFlags extends RunFlags {
  budget: number;
  front?: string[];
  rulesOnly?: boolean;
  elsewhere?: string[];
  output: string;
}

const DEFAULT_FRONT = ['ipis', 'interruptToDpc.p99'];
const DEFAULT_BUDGET = 200;
const MOST_BUDGET = 100_000;
/** Simulated of each other scenario, under each winner: enough for five shards of most. */
const ELSEWHERE_NS = 30e9;

/** `tune`: a search for rules and settings that beat those in use. */
export function addTuneCommand(program: Command, console: Console, args: readonly string[]): void {
  program
    .command('tune')
    .summary('search for rules that beat those of vista in a scenario')
    .description(
      'Searches conditions, places of insertion and settings for what no other one beats in both ' +
        'of two figures, checks what beats vista on other seeds and in other scenarios, and ' +
        'writes it as a file of policies with the reason for each condition.',
    )
    .argument('<scenario>', 'a file or a name of the catalogue')
    .option(
      '--budget <n>',
      'so many rule sets are tried',
      upTo(MOST_BUDGET, 'rule sets'),
      DEFAULT_BUDGET,
    )
    .option('--front <a,b>', `what is traded (default: ${DEFAULT_FRONT.join(',')})`, collectNames)
    .option('--rules-only', 'search no tunables and no moderation')
    .option(
      '--elsewhere <names>',
      'scenarios to check in (default: all examples; none)',
      collectNames,
    )
    .option('-o, --output <folder>', 'where the policies and the journal go', 'dpcbench-tune')
    .option('--set <path=value>', 'change the scenario before', collectTexts)
    .addOption(seedOption())
    .option('-n, --interrupts <n>', 'simulate so many interrupts of each rule set', parseCount)
    .option('-t, --time <duration>', 'simulate each rule set for so long', parseTime)
    .addOption(workersOption())
    .addOption(quietOption())
    .action(async (nameOrPath: string, flags: TuneFlags) => {
      await tuneScenario(nameOrPath, flags, console, ['dpcbench', ...args]);
    });
}

async function tuneScenario(
  nameOrPath: string,
  flags: TuneFlags,
  console: Console,
  commandLine: readonly string[],
): Promise<void> {
  const { loadScenario } = await import('../disk/load-scenario.js');
  const { EXAMPLE_NAMES } = await import('../disk/catalog.js');
  const { parseSetting } = await import('../scenario/setting.js');
  const { sweepFigures } = await import('../sweep/cell.js');
  const { TuneRunner } = await import('../tune/carry-out-tune.js');
  const { tune } = await import('../tune/tune.js');
  const open = (name: string, texts: readonly string[], how: RunFlags): Scenario =>
    chooseByFlags(
      loadScenario(
        name,
        undefined,
        texts.map((text) => parseSetting(text)),
      ),
      how,
    );
  const own = flags.set ?? [];
  const scenario = open(nameOrPath, own, flags);
  const named = sweepFigures(flags.front ?? DEFAULT_FRONT, { sources: [] });
  const [a, b] = named.front.map((place) => named.figures[place].name);
  const figures = [a, b] as const;
  const { seed = 1, workers } = flags;
  // Before the folder is made: is it a scenario that can be tuned for?
  new TuneRunner({ figures, open: () => scenario });
  const folder = await openFolder(flags.output, 'tune');
  const display = flags.quiet === true ? null : new StepsDisplay(console, `tune ${scenario.name}`);
  try {
    const result = await folder.keeping(console, (signal) => {
      const ground = { figures, workers, signal, journal: folder.journal };
      const here = (texts: readonly string[]): Scenario =>
        open(nameOrPath, [...own, ...texts], flags);
      const wanted = flags.elsewhere ?? EXAMPLE_NAMES.filter((name) => name !== scenario.name);
      const others = wanted.flatMap((name) => {
        if (name === 'none') return [];
        const elsewhere = { time: ELSEWHERE_NS };
        const runner = (): InstanceType<typeof TuneRunner> =>
          new TuneRunner({ ...ground, open: () => open(name, [], elsewhere) });
        return canBeTuned(runner) ? [{ name, runner }] : [];
      });
      return tune(scenario, new TuneRunner({ ...ground, open: here }), figures, {
        budget: flags.budget,
        seed,
        rulesOnly: flags.rulesOnly === true,
        others,
        onProgress: (progress) => display?.show(progress),
        onStage: (what) => {
          display?.end();
          if (flags.quiet !== true) console.err(`Tune: ${what}\n`);
        },
      });
    });
    display?.end();
    await deliver(result, { nameOrPath, own, path: folder.path }, console, commandLine);
  } finally {
    display?.end();
    folder.close();
  }
}

/** The answer, and files of policies: of the front, and of what beats the base if anything does. */
async function deliver(
  result: TuneResult,
  { nameOrPath, own, path }: { nameOrPath: string; own: readonly string[]; path: string },
  console: Console,
  commandLine: readonly string[],
): Promise<void> {
  const { formatTune } = await import('../tune/tune-text.js');
  const { commandsToSee, frontYaml, winnersYaml } = await import('../tune/policy-file.js');
  console.out(formatTune(result));
  const foundBy = shellCommand(commandLine);
  const written = async (name: string, text: string): Promise<string> => {
    const file = join(path, name);
    await writeFileWhole(file, text);
    return file;
  };
  if (result.front.length > 0) console.out('\n');
  if (result.front.some(({ preset }) => preset === '')) {
    const file = await written('front.yaml', frontYaml(result, foundBy));
    console.out(`The front: ${visibleLine(file)}, each by its name, with its settings\n`);
  }
  const [winner] = result.winners;
  if (winner === undefined) return;
  const file = await written('policies.yaml', winnersYaml(result, foundBy));
  const lines = commandsToSee(winner, result.base, { nameOrPath, own, file }).map((words) =>
    shellCommand(words),
  );
  console.out(`Better:    ${visibleLine(file)}\nSee it:    ${lines.join('\n           ')}\n`);
}

/** Some scenarios of the catalogue have no shards to compare. */
function canBeTuned(runner: () => unknown): boolean {
  try {
    runner();
    return true;
  } catch {
    return false;
  }
}
