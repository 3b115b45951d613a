import { basename } from 'node:path';
import { inputError } from '../errors.js';
import type { DpcIsrReport } from '../recording/dpcisr-report.js';
import type { IdleShares } from '../recording/dpcisr-scenario.js';
import type { Scenario } from '../scenario/scenario.js';
import { visibleLine } from '../visible-text.js';
import type { Console } from './console.js';

export interface IdleFlags {
  cswitch?: string;
  /** In per cent. */
  idle?: number;
}

/** A report of xperf or LatencyMon, and the scenario that is made of it. */
export interface OpenedReport {
  report: DpcIsrReport;
  idle: IdleShares | null;
  /** The scenario as YAML. */
  text: string;
  scenario: Scenario;
}

/** Makes a scenario of a report; `as` is the name of the file that it is going to stand in. */
export async function openReport(
  path: string,
  flags: IdleFlags,
  as: string,
  set: readonly string[] = [],
): Promise<OpenedReport> {
  const { readReport, readReportLines } = await import('../disk/read-report.js');
  const { dpcIsrScenario } = await import('../recording/dpcisr-scenario.js');
  const { parseScenario } = await import('../scenario/parse.js');
  const { parseSetting } = await import('../scenario/setting.js');
  const settings = set.map((text) => parseSetting(text));
  const lines = readReportLines(path);
  const report = readReport(lines, path);
  const idle = await idleShares(path, lines, flags, report);
  const text = dpcIsrScenario(report, path, basename(path), idle);
  return { report, idle, text, scenario: parseScenario(text, as, { settings }) };
}

/** What is doubtful in a report, on standard error. */
export function sayDoubts(path: string, { report, idle }: OpenedReport, console: Console): void {
  for (const doubt of report.doubts) console.err(`${visibleLine(`${path}: ${doubt}`)}.\n`);
  if (idle === null) {
    console.err(
      'No idle shares: the processors run no threads. Give --cswitch or --idle to "import".\n',
    );
  }
}

/** From an option, or from a table in the report's own file; null if there is neither. */
async function idleShares(
  path: string,
  lines: readonly string[],
  { cswitch, idle }: IdleFlags,
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
