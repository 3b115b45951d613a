import { type Command, InvalidArgumentError } from 'commander';
import { inputError } from '../errors.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Timeline } from '../timeline/timeline.js';
import { formatCount } from '../units.js';
import { visibleLine } from '../visible-text.js';
import { collectTexts, parseTime } from './arguments.js';
import { applyFlags } from './carry-out.js';
import { checkPlaces, type Place } from './check-places.js';
import type { Console } from './console.js';
import { openSubject } from './open-subject.js';
import { policyFileOption, seedOption } from './shared-options.js';
import { writeFileWhole } from './write-file.js';

interface LookFlags {
  policy?: string;
  policyFile?: string[];
  set?: string[];
  seed?: number;
  time?: number;
}

interface InspectFlags extends LookFlags {
  at: number;
  processor: number;
}

interface TimelineFlags extends LookFlags {
  from: number;
  to: number;
  output: string;
}

/** `inspect` and `timeline`: the machine at an instant, and between two. */
export function addLookCommands(program: Command, console: Console): void {
  withLookOptions(program.command('inspect'))
    .summary('show a processor at an instant, as a debugger would')
    .description(
      'Shows what !pcr, !dpcs and k of WinDbg would of a simulated processor, when everything ' +
        'has happened that is due by an instant. The run is that of trace: a single shard.',
    )
    .requiredOption('--at <duration>', 'the instant, from time 0 on, such as 1.2ms', parseInstant)
    .option('--processor <n>', 'which one', parseProcessor, 0)
    .action(async (nameOrPath: string, flags: InspectFlags) => {
      const scenario = await openOne(nameOrPath, flags, console);
      const { processors } = scenario.machine;
      if (flags.processor >= processors) {
        throw inputError(
          `--processor ${flags.processor}: the machine has ${processors}`,
          `from 0 to ${processors - 1}`,
        );
      }
      const { machineAt } = await import('../run/look-at.js');
      const { formatProcessor } = await import('../export/processor.js');
      const state = await machineAt(scenario, flags.at, flags);
      console.out(formatProcessor(scenario, state, flags.processor, flags.at));
    });

  withLookOptions(program.command('timeline'))
    .summary('draw what the processors do between two instants')
    .description(
      'Draws a window of the event log as an SVG: a lane for each processor, as high as its ' +
        'IRQL, and arrows for DPCs and IPIs. The run is that of trace: a single shard. A name ' +
        'that ends in .html gives a page: with a cursor, zoom, steps and the inspector.',
    )
    .requiredOption('--from <duration>', 'where the window begins', parseInstant)
    .requiredOption('--to <duration>', 'where it ends', parseInstant)
    .requiredOption('-o, --output <file>', 'the SVG to write, or a page (.html)')
    .action(async (nameOrPath: string, flags: TimelineFlags) => {
      const inputs: Place[] = [];
      const scenario = await openOne(nameOrPath, flags, console, inputs);
      await checkPlaces([{ as: '--output', path: flags.output }], inputs);
      const { timelineOf } = await import('../run/look-at.js');
      const window = { fromNs: flags.from, toNs: flags.to };
      const timeline = await timelineOf(scenario, window, flags);
      const title = `${scenario.name} under ${scenario.policies[0].name}`;
      await writeFileWhole(flags.output, await pictureOf(scenario, timeline, title, flags.output));
      console.err(`Timeline: ${visibleLine(flags.output)}\n`);
    });
}

/** As the name of the file wants it. */
async function pictureOf(
  scenario: Scenario,
  timeline: Timeline,
  title: string,
  file: string,
): Promise<string> {
  if (!/\.html?$/i.test(file)) {
    const { drawTimeline } = await import('../report/draw-timeline.js');
    return drawTimeline(timeline, { title, notes: [], zeroNs: 0 });
  }
  const { MOST_TOLD_EVENTS, sceneOf } = await import('../timeline/replayed-timeline.js');
  const count = timeline.events.length;
  if (count > MOST_TOLD_EVENTS) {
    throw inputError(
      `the window has ${formatCount(count)} events, a page tells ${formatCount(MOST_TOLD_EVENTS)}`,
      'look at a shorter one, or write an .svg',
    );
  }
  const { timelinePage } = await import('../disk/load-play.js');
  return timelinePage({ title, scene: sceneOf(scenario, 0), timeline });
}

function withLookOptions(command: Command): Command {
  return command
    .argument('<what>', 'a scenario, a name of the catalogue, or a recording')
    .option('--set <path=value>', 'change the scenario, as for run', collectTexts)
    .option('-p, --policy <name>', 'the policy; may be left out if the scenario has only one')
    .addOption(policyFileOption())
    .addOption(seedOption())
    .option('-t, --time <duration>', 'end the run after this simulated time', parseTime);
}

async function openOne(
  nameOrPath: string,
  flags: LookFlags,
  console: Console,
  inputs: Place[] = [],
): Promise<Scenario> {
  const { policy, policyFile, time } = flags;
  const policies = policy === undefined ? undefined : [policy];
  return applyFlags(await openSubject(nameOrPath, {}, console, inputs, flags.set), {
    time,
    policyFile,
    policy: policies,
  });
}

/** A duration from 0 up, in ns. */
function parseInstant(text: string): number {
  return text === '0' ? 0 : parseTime(text);
}

function parseProcessor(text: string): number {
  if (/^[0-9]{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be the number of a processor, from 0 up.');
}
