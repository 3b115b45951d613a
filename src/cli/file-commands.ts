import type { Command } from 'commander';
import { EXIT, inputError, InputError, type Problem } from '../errors.js';
import type { ResultDocument } from '../result/document.js';
import { formatCountOf } from '../units.js';
import { visibleLine } from '../visible-text.js';
import { writeReport } from './carry-out.js';
import { Attempts } from './attempts.js';
import { checkPlaces } from './check-places.js';
import type { Console } from './console.js';
import {
  exportFiles,
  type ExportFlags,
  exportPlaces,
  labelled,
  namesOf,
  withExportOption,
} from './export-files.js';
import { openResult, openScenario } from './open-file.js';
import { openPage } from './open-page.js';

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

  withExportOption(
    program
      .command('report')
      .summary('make an HTML report of results, or files in other formats')
      .description('Makes one HTML report of one or more results written with --json.')
      .argument('<results...>', 'JSON results')
      .option('-o, --output <file>', 'the HTML file to write')
      .option('--open', 'open the HTML file'),
  ).action(async (files: string[], flags: ReportFlags) => {
    await reportResults(files, flags, console);
  });
}

interface ReportFlags extends ExportFlags {
  output?: string;
  open?: boolean;
}

async function reportResults(
  files: readonly string[],
  flags: ReportFlags,
  console: Console,
): Promise<void> {
  const { output } = flags;
  if (output === undefined && flags.export === undefined) {
    throw inputError('nothing is to be written', 'add -o report.html or --export figures.csv');
  }
  const inputs = files.map((path) => ({ as: 'a result', path }));
  const documents: ResultDocument[] = [];
  for (const path of files) documents.push(await openResult(path));
  const labels = documents.length === 1 ? [''] : documents.map((_, i) => String(i + 1));
  const results = labelled(labels, documents);
  const exports = exportPlaces(flags, namesOf(results));
  await checkPlaces([{ as: '--output', path: output }, ...exports], inputs);
  const attempts = new Attempts();
  if (output !== undefined) {
    await attempts.make(async () => {
      await writeReport(documents, output);
      if (flags.open === true) await openPage(output, console);
    });
  }
  await exportFiles({ results }, flags, console, attempts);
  attempts.end(console);
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
