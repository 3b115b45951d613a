import type { Command } from 'commander';
import { inputError } from '../errors.js';
import { MAXIMUM_SHARDS } from '../run/plan-shards.js';
import type { Scenario } from '../scenario/scenario.js';
import { visibleLine } from '../visible-text.js';
import { collectNames, collectTexts, upTo } from './arguments.js';
import { applyFlags, type RunFlags } from './carry-out.js';
import { checkPlaces, type Place } from './check-places.js';
import type { Console } from './console.js';
import { openSubject } from './open-subject.js';
import { ProgressDisplay } from './progress.js';
import {
  interruptsOption,
  policyFileOption,
  quietOption,
  seedOption,
  timeOption,
  warmupOption,
  workersOption,
} from './shared-options.js';
import { writeFileWhole } from './write-file.js';

interface WorstFlags extends RunFlags {
  source?: string;
  svg?: string;
}

/** `worst`: the longest wait of each policy, found again and told as a chain of causes. */
export function addWorstCommand(program: Command, console: Console): void {
  program
    .command('worst')
    .summary('find the longest wait of a DPC again and say why it was so long')
    .description(
      'Runs a scenario or a recording as run and replay do, finds the longest wait of a DPC on ' +
        'its queue under each policy, simulates that machine again with the event log on, and ' +
        'tells the wait as a chain of causes. Give the options of the run that it is about.',
    )
    .argument('[what]', 'a scenario or a recording', 'default')
    .option('--set <path=value>', 'change the scenario, as for run', collectTexts)
    .option('-p, --policy <names>', 'policies, separated by commas', collectNames)
    .addOption(policyFileOption())
    .option('--source <name>', 'the worst wait of this source instead of any')
    .addOption(seedOption())
    .addOption(interruptsOption())
    .addOption(timeOption())
    .option('--shards <n>', 'as for run', upTo(MAXIMUM_SHARDS, 'machines'))
    .addOption(warmupOption())
    .addOption(workersOption())
    .option('--svg <file>', 'write the worst wait as a timeline; one policy alone')
    .addOption(quietOption())
    .action(async (what: string, flags: WorstFlags) => {
      await tellWorst(what, flags, console);
    });
}

async function tellWorst(what: string, flags: WorstFlags, console: Console): Promise<void> {
  const inputs: Place[] = [];
  const scenario = await applyFlags(
    await openSubject(what, flags, console, inputs, flags.set),
    flags,
  );
  await checkPicture(flags, scenario, inputs);
  const display = flags.quiet === true ? null : new ProgressDisplay(console, scenario.name);
  const { findWorstWaits } = await import('../run/worst-wait.js');
  const answer = await console
    .listening(async (signal) =>
      findWorstWaits(scenario, {
        source: flags.source,
        seed: flags.seed,
        shards: flags.shards,
        workers: flags.workers,
        warmup: flags.warmup,
        onProgress: (progress) => display?.show(progress),
        signal,
      }),
    )
    .finally(() => display?.end());
  const { formatWorstWaits } = await import('../export/worst-wait.js');
  const options = { source: flags.source ?? null, width: console.width };
  console.out(formatWorstWaits(answer.document, answer.worst, options));
  const [worst] = answer.worst;
  if (flags.svg === undefined || worst === null) return;
  const { drawWorstWait } = await import('../report/draw-worst-wait.js');
  await writeFileWhole(flags.svg, drawWorstWait(scenario.name, worst));
  if (flags.quiet !== true) console.err(`Timeline: ${visibleLine(flags.svg)}\n`);
}

async function checkPicture(
  { svg }: WorstFlags,
  { policies }: Scenario,
  inputs: readonly Place[],
): Promise<void> {
  if (svg === undefined) return;
  if (policies.length !== 1) {
    throw inputError('--svg shows one wait, and there are several policies', 'add --policy NAME');
  }
  await checkPlaces([{ as: '--svg', path: svg }], inputs);
}
