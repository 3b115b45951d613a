import { looksLikeDumper } from './dumper-csv.js';
import { looksLikeKutrace } from './kutrace-json.js';
import { looksLikePerfView } from './perfview-xml.js';
import { readUnpackedStart } from './read-lines.js';
import type { LineFormat, TraceFormat } from './recording.js';
import { TextDecoding } from './text-encoding.js';
import { findWpaHead } from './wpa-csv.js';

type RoutineFormat = Exclude<TraceFormat, LineFormat>;

/** Headers of other events may stand before the first DPC's. */
const BEGINNING_BYTES = 65_536;
/** A table's head is among its first lines. */
const HEAD_LINES = 20;

/**
 * The format of a file that holds finished routines instead of their entries and exits, told by its
 * beginning; null for any other.
 */
export async function findRoutineFormat(path: string): Promise<RoutineFormat | null> {
  return routineFormatOf(await textAtStart(path, BEGINNING_BYTES));
}

/** The format by the beginning of a text; null for any other. */
export function routineFormatOf(text: string): RoutineFormat | null {
  if (looksLikeKutrace(text)) return 'kutrace-json';
  if (looksLikePerfView(text)) return 'perfview-xml';
  if (findWpaHead(text.split(/\r?\n/, HEAD_LINES)) >= 0) return 'wpa-csv';
  return looksLikeDumper(text) ? 'xperf-dumper' : null;
}

/** The beginning of a text file, unpacked and decoded. */
export async function textAtStart(path: string, bytes: number): Promise<string> {
  const start = await readUnpackedStart(path, bytes);
  return new TextDecoding().decode(Buffer.from(start));
}
