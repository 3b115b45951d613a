import type { Command } from 'commander';
import { EXIT, InputError, type Problem } from '../errors.js';
import type { ResultDocument } from '../result/document.js';
import { formatCountOf } from '../units.js';
import { visibleLine } from '../visible-text.js';
import { writeReport } from './carry-out.js';
import { checkPlaces } from './check-places.js';
import type { Console } from './console.js';
import { openResult, openScenario } from './open-file.js';

/** `check`, `report`: files in, files or a word out. */
export function addFileCommands(program: Command, console: Console): void {
  program
    .command('check')
    .summary('check scenario files')
    .description('Reads scenarios and says everything that is wrong with them, with the place.')
    .argument('<files...>', 'scenario files, or names of the catalogue')
    .action(async (files: string[]) => {
      await checkScenarios(files, console);
    });

  program
    .command('report')
    .summary('make an HTML report of results')
    .description('Makes one HTML report of one or more results written with --json.')
    .argument('<results...>', 'JSON results')
    .requiredOption('-o, --output <file>', 'the HTML file to write')
    .action(async (files: string[], flags: { output: string }) => {
      const results = files.map((path) => ({ as: 'a result', path }));
      await checkPlaces([{ as: '--output', path: flags.output }], results);
      const documents: ResultDocument[] = [];
      for (const path of files) documents.push(await openResult(path));
      await writeReport(documents, flags.output);
    });
}

async function checkScenarios(files: readonly string[], console: Console): Promise<void> {
  const problems: Problem[] = [];
  let exitCode: number = EXIT.files;
  for (const file of files) {
    try {
      const scenario = await openScenario(file);
      const { sources, policies, machine } = scenario;
      console.out(
        `${visibleLine(file)}: ok: ${visibleLine(scenario.name)}: ` +
          `${formatCountOf(machine.processors, 'processor')}, ` +
          `${formatCountOf(sources.length, 'source')}, ` +
          `${formatCountOf(policies.length, 'policy', 'policies')}\n`,
      );
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
      exitCode = Math.min(exitCode, error.exitCode);
    }
  }
  if (problems.length > 0) throw new InputError(problems, exitCode as InputError['exitCode']);
}
