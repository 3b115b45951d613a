import { basename } from 'node:path';
import type { Command } from 'commander';
import { EXIT, inputError } from '../errors.js';
import type { PlayState } from '../play/play-state.js';
import { recordedSource } from '../scenario/recorded-source.js';
import type { Scenario } from '../scenario/scenario.js';
import { visibleLine } from '../visible-text.js';
import { collectTexts } from './arguments.js';
import { checkPlaces, type Place } from './check-places.js';
import type { Console } from './console.js';
import { openScenario } from './open-file.js';
import { interruptsOption, seedOption } from './shared-options.js';
import { writeFileWhole } from './write-file.js';

const DEFAULT_PAGE = 'dpcbench-play.html';

interface PlayFlags {
  output: string;
  seed?: number;
  interrupts?: number;
  quiet?: boolean;
  tour?: string[];
}

/** `play`: the machine, live, as one HTML file. */
export function addPlayCommand(program: Command, console: Console): void {
  program
    .command('play')
    .summary('write the live page: the machine in a browser')
    .description(
      'Writes one HTML file that holds the kernel, the catalogue and an editor, and runs two ' +
        'policies side by side on the same interrupts. It opens from disk and needs no network.',
    )
    .argument('[scenario]', 'a file (.yaml, .json, .toml) or a name of the catalogue', 'default')
    .option('-o, --output <file>', 'the HTML file to write', DEFAULT_PAGE)
    .addOption(seedOption())
    .addOption(interruptsOption())
    .option('--tour <file>', 'add a guided tour; may be repeated', collectTexts)
    .option('-q, --quiet', 'say nothing when it is done')
    .action(async (nameOrPath: string, flags: PlayFlags) => {
      const inputs: Place[] = [];
      const scenario = await openScenario(nameOrPath, inputs);
      await checkPlaces([{ as: '--output', path: flags.output }], inputs);
      const start = await startOf(nameOrPath, scenario, flags);
      const { loadTour, playPage } = await import('../disk/load-play.js');
      const tours = (flags.tour ?? []).map(loadTour);
      await writeFileWhole(flags.output, playPage(start, undefined, tours));
      if (flags.quiet !== true) console.out(`Live page: ${visibleLine(flags.output)}\n`);
    });
}

async function startOf(
  nameOrPath: string,
  scenario: Scenario,
  { interrupts = null, seed = 1 }: Omit<PlayFlags, 'interrupts'> & { interrupts?: number | null },
): Promise<PlayState> {
  const { CATALOG_NAMES } = await import('../disk/catalog.js');
  const { readScenarioFile } = await import('../disk/load-scenario.js');
  if (recordedSource(scenario) !== undefined) {
    throw inputError(
      'the scenario names a recording, which the live page cannot carry',
      'run it with `dpcbench run` and write a --report',
      EXIT.usage,
    );
  }
  const named = CATALOG_NAMES.includes(nameOrPath);
  return {
    scenario: named
      ? { name: nameOrPath }
      : { file: basename(nameOrPath), text: readScenarioFile(nameOrPath) },
    policies: twoOf(scenario),
    seed,
    interrupts,
    speedNs: null,
    view: null,
  };
}

/** The first two of the scenario's own; where it has one, vista or else pre-vista beside it. */
function twoOf({ policies }: Scenario): [string, string] {
  const names = [...new Set([...policies.map(({ name }) => name), 'vista', 'pre-vista'])];
  return [names[0], names[1]];
}
