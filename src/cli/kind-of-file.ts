import { InputError } from '../errors.js';
import { looksLikeDpcIsr } from '../recording/dpcisr-report.js';
import { routineFormatOf } from '../recording/find-routine-format.js';
import { looksLikeLatencyMon } from '../recording/latencymon-report.js';
import { readUnpackedStart } from '../recording/read-lines.js';
import { RECORDING_MAGIC } from '../recording/recording-format.js';
import { TextDecoding } from '../recording/text-encoding.js';

/** What a file is, as far as its beginning tells. */
export type FileKind = 'scenario' | 'recording' | 'report' | 'result' | 'fit';

/** The name in sentences, and the command that takes it. */
const KINDS: Record<FileKind, { noun: string; command: (path: string) => string }> = {
  scenario: { noun: 'a scenario', command: (path) => `dpcbench run ${path}` },
  recording: { noun: 'a recording', command: (path) => `dpcbench replay ${path}` },
  report: {
    noun: 'a report of xperf or LatencyMon',
    command: (path) => `dpcbench import ${path} -o scenario.yaml`,
  },
  result: { noun: 'a result', command: (path) => `dpcbench report ${path} -o report.html` },
  fit: { noun: 'what "fit --json" prints, which no command reads', command: () => '' },
};

const BEGINNING_BYTES = 16_384;
const SCENARIO_NAME = /\.(ya?ml|toml|json)$/i;
const SCENARIO_KEY =
  /^[\s{,]*["']?(machine|sources|until|policies)["']?\s*[:=]|^\[+(machine|sources)/m;
const RESULT_KEY = /^\s*\{\s*"schema"\s*:\s*"dpcbench-(result|fit)\//;
/** A processor in brackets, then a time stamp: a line of perf script, ftrace or trace-cmd. */
const EVENT_LINE = /^.{0,80}\[\d{3,4}\] .{0,20}\d+\.\d{6,9}: /m;

/** Null for what cannot be read, is no plain file or looks like nothing that dpcbench knows. */
export async function kindOfFile(path: string): Promise<FileKind | null> {
  const bytes = await readUnpackedStart(path, BEGINNING_BYTES).catch(() => null);
  if (bytes === null) return null;
  if (RECORDING_MAGIC.every((byte, i) => bytes[i] === byte)) return 'recording';
  const text = new TextDecoding().decode(Buffer.from(bytes));
  const [, schema] = RESULT_KEY.exec(text) ?? [];
  if (schema !== undefined) return schema as 'result' | 'fit';
  if (EVENT_LINE.test(text) || text.startsWith('# tracer:')) return 'recording';
  if (routineFormatOf(text) !== null) return 'recording';
  if (looksLikeDpcIsr(text) || looksLikeLatencyMon(text)) return 'report';
  return SCENARIO_NAME.test(path) && SCENARIO_KEY.test(text) ? 'scenario' : null;
}

/** The command that takes a file of this kind. */
export function commandFor(kind: FileKind, path: string): string {
  return KINDS[kind].command(path);
}

/**
 * What `load` makes of a file. Where that fails since the file is of another kind, the error names
 * the command that is meant.
 */
export async function loadKind<T>(
  wanted: FileKind,
  path: string,
  load: () => T | Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const kind = error instanceof InputError ? await kindOfFile(path) : null;
    if (kind === null || kind === wanted) throw error;
    const message = `this is ${KINDS[kind].noun}, not ${KINDS[wanted].noun}`;
    const meant = commandFor(kind, path);
    const hint = meant === '' ? '' : `it is taken by: ${meant}`;
    const place = { file: path, line: null, column: null, path: '' };
    throw new InputError([{ ...place, message, hint }]);
  }
}
