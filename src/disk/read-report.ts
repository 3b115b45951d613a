import { inputError } from '../errors.js';
import { type DpcIsrReport, looksLikeDpcIsr, readDpcIsr } from '../recording/dpcisr-report.js';
import { looksLikeCswitch } from '../recording/idle-shares.js';
import { looksLikeLatencyMon, readLatencyMon } from '../recording/latencymon-report.js';
import { readUnpackedStart } from '../recording/read-lines.js';
import { readUnpacked } from '../recording/read-unpacked.js';
import { encodingOf } from '../recording/text-encoding.js';

/** A report of a day by second is a tenth of it. */
const MOST_BYTES = 64 * 2 ** 20;
const BEGINNING_BYTES = 65_536;

/**
 * Whether a file begins as what xperf prints of DPCs and ISRs, or of idle shares before them, or as
 * LatencyMon's text. One that cannot be read does not: whoever reads it next says why.
 */
export async function isWindowsReport(path: string): Promise<boolean> {
  const start = await readUnpackedStart(path, BEGINNING_BYTES).catch(() => new Uint8Array());
  // The last character may be cut in half, which only a strict decoder minds.
  const text = new TextDecoder(decoderOf(start, false)).decode(start);
  return looksLikeDpcIsr(text) || looksLikeCswitch(text) || looksLikeLatencyMon(text);
}

/**
 * The lines of a report, plain or gzip: UTF-8, UTF-16 or CP-1252, with either end of lines. Throws
 * InputError if the file cannot be read, is damaged gzip or too long.
 */
export function readReportLines(path: string): string[] {
  const { bytes } = readUnpacked(path, MOST_BYTES);
  return new TextDecoder(decoderOf(bytes, true)).decode(bytes).split(/\r\n?|\n/);
}

/** The report in these lines. Throws InputError for one that no load model can be made of. */
export function readReport(lines: readonly string[], path: string): DpcIsrReport {
  const isDpcIsr = lines.some(looksLikeDpcIsr);
  if (!isDpcIsr && lines.some(looksLikeLatencyMon)) return readLatencyMon(lines, path);
  if (!isDpcIsr && lines.some(looksLikeCswitch)) {
    throw inputError(
      `${path}: what "xperf -a cswitch" prints, idle shares and no DPCs`,
      `give it beside a report: dpcbench import REPORT --cswitch ${path}`,
    );
  }
  return readDpcIsr(lines, path);
}

function decoderOf(bytes: Uint8Array, isWhole: boolean): string {
  const encoding = encodingOf(bytes);
  if (encoding.startsWith('utf-16')) return encoding;
  if (encoding === 'utf8-bom' || !isWhole) return 'utf-8';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}
