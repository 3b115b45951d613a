import { basename } from 'node:path';
import type { Command } from 'commander';
import { inputError } from '../errors.js';
import type { DpcIsrReport } from '../recording/dpcisr-report.js';
import type { IdleShares } from '../recording/dpcisr-scenario.js';
import { visibleLine } from '../visible-text.js';
import { parsePercent } from './arguments.js';
import { carryOut } from './carry-out.js';
import { checkPlaces } from './check-places.js';
import type { Console } from './console.js';
import { openRecordingFile } from './open-recording.js';
import { writeFileWhole } from './write-file.js';

interface ImportFlags {
  output: string;
  cswitch?: string;
  /** In per cent. */
  idle?: number;
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
      'Imports perf script, trace-cmd report or babeltrace2 text, plain or gzip, and writes a ' +
        'compact recording that a scenario can name as the arrivals of a source. What ' +
        '"xperf -a dpcisr" prints becomes a scenario with the load that it reports, and DPC and ' +
        'ISR time by processor is simulated and set beside the reported.',
    )
    .argument('<file>', 'the recorded text, or the report')
    .requiredOption(
      '-o, --output <file>',
      'the recording to write, by custom *.dpcrec, or the scenario, *.yaml',
    )
    .option('--cswitch <file>', 'idle shares beside a report: what "xperf -a cswitch" prints')
    .option('--idle <percent>', 'the idle share of all processors beside a report', parsePercent)
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

async function importEvents(path: string, flags: ImportFlags, console: Console): Promise<void> {
  if (flags.cswitch !== undefined || flags.idle !== undefined) {
    throw inputError(
      '--cswitch and --idle belong to a report of "xperf -a dpcisr"',
      `leave them out: ${path} is none`,
    );
  }
  const { recording } = await openRecordingFile(path, flags.quiet === true, console);
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
  const { readReportLines } = await import('../disk/read-report.js');
  const { readDpcIsr } = await import('../recording/dpcisr-report.js');
  const { dpcIsrScenario } = await import('../recording/dpcisr-scenario.js');
  const { parseScenario } = await import('../scenario/parse.js');
  const lines = readReportLines(path);
  const report = readDpcIsr(lines, path);
  const idle = await idleShares(path, lines, flags, report);
  const text = dpcIsrScenario(report, path, basename(path), idle);
  const scenario = parseScenario(text, flags.output);
  await writeFileWhole(flags.output, text);
  if (flags.quiet === true) return;
  console.err(`Scenario: ${visibleLine(flags.output)}\n`);
  for (const doubt of report.doubts) console.err(`${visibleLine(`${path}: ${doubt}`)}.\n`);
  if (idle === null) {
    console.err('No idle shares: the processors run no threads. Give --cswitch or --idle.\n');
  }
  const { checkLoad } = await import('../study/check-load.js');
  const { formatLoadCheck } = await import('../export/load-table.js');
  const first = { ...scenario, policies: scenario.policies.slice(0, 1) };
  const document = await carryOut(first, {}, console, ['dpcbench', ...args]);
  console.out(formatLoadCheck(checkLoad(report, document)));
}

/** From an option, or from a table in the report's own file; null if there is neither. */
async function idleShares(
  path: string,
  lines: readonly string[],
  { cswitch, idle }: ImportFlags,
  { processors }: DpcIsrReport,
): Promise<IdleShares | null> {
  if (cswitch !== undefined && idle !== undefined) {
    throw inputError('--cswitch and --idle exclude each other', 'give one of them');
  }
  if (idle !== undefined) {
    if (idle > 100) throw inputError(`--idle ${idle}%: at most 100% is allowed`);
    const share = idle / 100;
    return { shares: new Array<number>(processors).fill(share), from: `--idle ${idle}%` };
  }
  const { looksLikeCswitch, readIdleShares } = await import('../recording/idle-shares.js');
  const { readReportLines } = await import('../disk/read-report.js');
  if (cswitch !== undefined) {
    const shares = readIdleShares(readReportLines(cswitch), cswitch, processors);
    return { shares, from: basename(cswitch) };
  }
  if (!lines.some((line) => looksLikeCswitch(line))) return null;
  return { shares: readIdleShares(lines, path, processors), from: basename(path) };
}
