import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { EXIT, inputError, InputError } from '../errors.js';
import { readWholeFile } from '../recording/read-whole-file.js';
import { readStandardInput, STANDARD_INPUT } from '../recording/standard-input.js';
import { recordingResolver } from '../recording/resolve-recording.js';
import { CATALOG_NAMES, catalogDirectory, catalogFile, loadCatalogScenario } from './catalog.js';
import { nearestWord } from '../nearest-word.js';
import { decodeText } from '../scenario/decode-text.js';
import { parseScenario } from '../scenario/parse.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Setting } from '../scenario/setting.js';
import { workloadText } from '../scenario/workloads.js';
import { quote } from '../units.js';

/** No scenario file may be longer; recordings are files of their own. */
const MAXIMUM_FILE_BYTES = 64 * 1024 * 1024;

/**
 * A scenario from the catalogue, from standard input (`-`) or from a file, its recordings loaded
 * from beside it, with the settings put in. `onFile` gets the path of each file that was read and
 * is not the program's own.
 *
 * @throws InputError with every problem found; exit code `files` when it cannot be read.
 */
export function loadScenario(
  pathOrName: string,
  onFile: (path: string) => void = () => undefined,
  settings: readonly Setting[] = [],
): Scenario {
  if (CATALOG_NAMES.includes(pathOrName)) {
    return loadCatalogScenario(pathOrName, {
      resolveRecording: recordingResolver(catalogDirectory()),
      settings,
    });
  }
  if (pathOrName === STANDARD_INPUT) {
    const bytes = readStandardInput(MAXIMUM_FILE_BYTES);
    const text = decodeText(bytes, 'standard input');
    const resolveRecording = recordingResolver('.', onFile);
    return parseScenario(text, `stdin${endingOf(text)}`, { resolveRecording, settings });
  }
  const text = readScenarioFile(pathOrName);
  onFile(pathOrName);
  const resolveRecording = recordingResolver(dirname(pathOrName), onFile);
  return parseScenario(text, pathOrName, { resolveRecording, settings });
}

/** The ending that a file of this text would have. */
function endingOf(text: string): '.json' | '.toml' | '.yaml' {
  if (/^\s*\{/.test(text)) return '.json';
  const isToml = /^\s*\[\[?[\w."-]+\]\]?\s*$/m.test(text) || /^\s*[\w.-]+\s*=\s/m.test(text);
  return isToml ? '.toml' : '.yaml';
}

/** A catalogue scenario as it is written, for reading and for making one's own of it. */
export function scenarioSource(name: string): string {
  const workload = workloadText(name);
  if (workload !== null) return workload;
  const file = catalogFile(name);
  if (file !== null) return readFileSync(file, 'utf8');
  throw inputError(`the catalogue has no scenario named ${quote(name)}`, nameHint(name));
}

/** The text of a scenario file. Throws InputError, exit code `files`, if it cannot be read. */
export function readScenarioFile(path: string): string {
  try {
    return decodeText(readWholeFile(path, MAXIMUM_FILE_BYTES), path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw unreadable(path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}

function unreadable(path: string, code: string): InputError {
  if (code !== 'ENOENT') return inputError(`${path}: cannot be read (${code})`, '', EXIT.files);
  return inputError(
    `${path}: no such file, and no scenario of that name in the catalogue`,
    nameHint(path),
    EXIT.files,
  );
}

function nameHint(name: string): string {
  const nearest = nearestWord(name, CATALOG_NAMES);
  const guess = nearest === null ? '' : `did you mean ${nearest}? `;
  return `${guess}the catalogue has ${CATALOG_NAMES.join(', ')}`;
}
