import { type Command, Option } from 'commander';
import { inputError } from '../errors.js';
import type { StampedEnd } from '../recording/routine-spans.js';
import { visibleLine } from '../visible-text.js';
import { parsePercent } from './arguments.js';
import { carryOut } from './carry-out.js';
import { checkPlaces } from './check-places.js';
import type { Console } from './console.js';
import { openRecordingFile } from './open-recording.js';
import { type IdleFlags, openReport, sayDoubts } from './open-report.js';
import { writeFileWhole } from './write-file.js';

interface ImportFlags extends IdleFlags {
  output: string;
  stamp?: StampedEnd;
  quiet?: boolean;
}

/** `import`: what others recorded, as a recording, or a scenario where it has no single events. */
export function addImportCommand(
  program: Command,
  console: Console,
  args: readonly string[],
): void {
  program
    .command('import')
    .summary('turn what others recorded into a recording or a scenario')
    .description(
      'Imports single events and writes a compact recording that a scenario can name as the ' +
        'arrivals of a source: text of perf script, trace-cmd report, babeltrace2 or "xperf -a ' +
        'dumper", CSV of Windows Performance Analyzer, XML of PerfView, JSON of KUtrace, plain ' +
        'or gzip. What "xperf -a dpcisr" or LatencyMon prints becomes a scenario with the load ' +
        'that it reports, and DPC and ISR time by processor is simulated and set beside the ' +
        'reported.',
    )
    .argument('<file>', 'the recorded text, or the report')
    .requiredOption(
      '-o, --output <file>',
      'the recording to write, by custom *.dpcrec, or the scenario, *.yaml',
    )
    .option('--cswitch <file>', 'idle shares beside a report: what "xperf -a cswitch" prints')
    .option('--idle <percent>', 'the idle share of all processors beside a report', parsePercent)
    .addOption(stampOption())
    .option('-q, --quiet', 'do not say what was used and left out, nor simulate a report')
    .action(async (path: string, flags: ImportFlags) => {
      const places = [
        { as: 'the recorded text', path },
        { as: '--cswitch', path: flags.cswitch },
      ];
      await checkPlaces([{ as: '--output', path: flags.output }], places);
      const { isWindowsReport } = await import('../disk/read-report.js');
      if (await isWindowsReport(path)) await importReport(path, flags, console, args);
      else await importEvents(path, flags, console);
    });
}

/** The option of `import` and `replay`. */
export function stampOption(): Option {
  const text = 'what the stamps of "xperf -a dumper" are (default: told from the file)';
  return new Option('--stamp <end>', text).choices(['entry', 'exit']);
}

async function importEvents(path: string, flags: ImportFlags, console: Console): Promise<void> {
  if (flags.cswitch !== undefined || flags.idle !== undefined) {
    throw inputError(
      '--cswitch and --idle belong to a report of "xperf -a dpcisr" or LatencyMon',
      `leave them out: ${path} is none`,
    );
  }
  const { recording } = await openRecordingFile(path, flags, console);
  const { encodeRecording } = await import('../recording/write-recording.js');
  await writeFileWhole(flags.output, encodeRecording(recording));
  if (flags.quiet !== true) console.err(`Recording: ${visibleLine(flags.output)}\n`);
}

async function importReport(
  path: string,
  flags: ImportFlags,
  console: Console,
  args: readonly string[],
): Promise<void> {
  if (!/\.ya?ml$/i.test(flags.output)) {
    throw inputError(
      `--output ${flags.output}: a report becomes a scenario in YAML`,
      'give a name that ends in .yaml',
    );
  }
  const opened = await openReport(path, flags, flags.output);
  const { report, scenario, text } = opened;
  await writeFileWhole(flags.output, text);
  if (flags.quiet === true) return;
  console.err(`Scenario: ${visibleLine(flags.output)}\n`);
  sayDoubts(path, opened, console);
  const { checkLoad } = await import('../study/check-load.js');
  const { formatLoadCheck } = await import('../export/load-table.js');
  const first = { ...scenario, policies: scenario.policies.slice(0, 1) };
  const document = await carryOut(first, {}, console, { line: ['dpcbench', ...args], worst: null });
  console.out(formatLoadCheck(checkLoad(report, path, document)));
}
