import type { Command } from 'commander';
import { inputError } from '../errors.js';
import type { ResultDocument } from '../result/document.js';
import { collectNames } from './arguments.js';
import { applyFlags, carryOut, type RunFlags } from './carry-out.js';
import type { Console } from './console.js';
import { kindOfFile } from './kind-of-file.js';
import { openResult } from './open-file.js';
import { openSubject } from './open-subject.js';
import {
  interruptsOption,
  policyFileOption,
  quietOption,
  seedOption,
  timeOption,
  warmupOption,
  workersOption,
} from './shared-options.js';

/** `explain`: which decisions of the rules made the IPIs and the waits. */
export function addExplainCommand(
  program: Command,
  console: Console,
  args: readonly string[],
): void {
  program
    .command('explain')
    .summary('say which decisions of the rules made the IPIs and the waits')
    .description(
      'Counts every decision of the request rule (R10) by what was true of the target, and shows ' +
        'in which situations the policies differ, and what that costs.',
    )
    .argument(
      '[what]',
      'a scenario, a recording, a report, or a result written with --json',
      'default',
    )
    .option('-p, --policy <names>', 'policies to compare, separated by commas', collectNames)
    .addOption(policyFileOption())
    .addOption(seedOption())
    .addOption(interruptsOption())
    .addOption(timeOption())
    .addOption(warmupOption())
    .addOption(workersOption())
    .addOption(quietOption())
    .action(async (what: string, flags: RunFlags) => {
      const document = await resultOf(what, flags, console, ['dpcbench', ...args]);
      const { explain } = await import('../stats/explain.js');
      const { formatExplanation } = await import('../export/explanation.js');
      console.out(formatExplanation(document, explain(document), console.width));
    });
}

async function resultOf(
  what: string,
  flags: RunFlags,
  console: Console,
  commandLine: readonly string[],
): Promise<ResultDocument> {
  const kind = await kindOfFile(what);
  if (kind === 'result') {
    const { quiet: _, ...others } = flags;
    if (Object.keys(others).length > 0) {
      throw inputError('a result is explained as it is', 'leave the options out');
    }
    return openResult(what);
  }
  const scenario = await openSubject(what, flags, console);
  const counting = { ...flags, decisions: true };
  return carryOut(await applyFlags(scenario, flags), counting, console, {
    line: commandLine,
    worst: null,
  });
}
