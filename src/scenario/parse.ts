import { InputError } from '../errors.js';
import type { Problem } from '../errors.js';
import { formatCount, quote } from '../units.js';
import { LIMITS } from './limits.js';
import { LONG_LIST_HINT, Places, plainObject, SyntaxProblem } from './places.js';
import type { ParsedText } from './places.js';
import { problemsError, type WrittenPlace } from './problems.js';
import { readJson } from './read-json.js';
import { readToml } from './read-toml.js';
import { readYaml } from './read-yaml.js';
import type { Scenario } from './scenario.js';
import { scenarioShape } from './schema.js';
import { applySetting, type Setting } from './setting.js';
import { isObject, Scope, Spot } from './shape.js';
import type { Path, ResolveRecording } from './shape.js';

export type { ResolveRecording } from './shape.js';

/** What a scenario is read with, beside what is written in it. */
export interface ScenarioOptions {
  /** Loads what `arrivals: { recording }` names; left out, recordings are refused. */
  resolveRecording?: ResolveRecording;
  /** Put into what is written before it is read, in this order. */
  settings?: readonly Setting[];
}

interface Format {
  endings: readonly string[];
  read: (text: string) => ParsedText;
  lengthLimit: number;
}

const FORMATS: readonly Format[] = [
  { endings: ['.json'], read: readJson, lengthLimit: LIMITS.textLength },
  { endings: ['.yaml', '.yml'], read: readYaml, lengthLimit: LIMITS.slowTextLength },
  { endings: ['.toml'], read: readToml, lengthLimit: LIMITS.slowTextLength },
];

/** The endings of scenario files. */
const SCENARIO_ENDINGS: readonly string[] = FORMATS.flatMap((format) => format.endings);

/**
 * Reads a scenario file: JSON, YAML or TOML by the ending of `file`, which is not opened but named
 * in problems. Throws InputError with every problem found, each with its line and column from 1.
 */
export function parseScenario(text: string, file: string, options: ScenarioOptions = {}): Scenario {
  const parsed = readTextOf(text, file);
  const placeOf = (path: Path, on: 'key' | 'value'): WrittenPlace =>
    parsed.places.of(parsed.value, path, on);
  return readScenario(parsed.value, { file, defaultName: nameOf(file), placeOf }, options);
}

/** What a file says, by its ending, and where. Throws InputError for what cannot be read. */
export function readTextOf(text: string, file: string): ParsedText {
  const format = FORMATS.find(({ endings }) =>
    endings.some((ending) => file.toLowerCase().endsWith(ending)),
  );
  if (format === undefined) {
    throw fileError(file, 'the name of the file must end in ' + SCENARIO_ENDINGS.join(', '));
  }
  if (text.length > format.lengthLimit) {
    throw fileError(
      file,
      `the file has ${formatCount(text.length)} characters; ` +
        `${formatCount(format.lengthLimit)} are allowed in this format`,
      LONG_LIST_HINT,
    );
  }
  if (text.trim() === '') {
    const place = { file, line: 1, column: 1, path: '' };
    throw new InputError([{ ...place, message: 'the file is empty', hint: '' }]);
  }
  return readText(format, text, file);
}

/**
 * Resolves a scenario given as plain objects in the written form. Throws InputError with every
 * problem found, each with its path.
 */
export function resolveScenario(value: unknown, options: ScenarioOptions = {}): Scenario {
  // What the caller holds stays as it is.
  const own = options.settings === undefined ? value : copyOfWritten(value);
  return readScenario(own, { file: null, defaultName: 'unnamed', placeOf: () => null }, options);
}

/** Lists and plain objects anew; what is neither as it is, for a reader to refuse. */
function copyOfWritten(value: unknown, copies = new Map<object, unknown>()): unknown {
  if (!Array.isArray(value) && !isObject(value)) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const copy: unknown[] | Record<string, unknown> = Array.isArray(value) ? [] : plainObject();
  copies.set(value, copy);
  for (const [key, item] of Object.entries(value)) {
    (copy as Record<string, unknown>)[key] = copyOfWritten(item, copies);
  }
  return copy;
}

interface Origin {
  file: string | null;
  defaultName: string;
  placeOf: (path: Path, on: 'key' | 'value') => WrittenPlace | null;
}

function readScenario(
  value: unknown,
  { file, defaultName, placeOf }: Origin,
  { resolveRecording, settings = [] }: ScenarioOptions,
): Scenario {
  const applied = settings.map((setting) => ({ setting, path: applySetting(value, setting) }));
  const scope = new Scope(resolveRecording);
  const scenario = scenarioShape(defaultName).read(value, new Spot(scope));
  if (scenario !== undefined && scope.problems.length === 0) return scenario;
  throw problemsError(scope.problems, file, (path, on) => {
    const by = applied.findLast((one) => beginsWith(one.path, path) || beginsWith(path, one.path));
    return by === undefined || path.length === 0
      ? placeOf(path, on)
      : { origin: by.setting.origin };
  });
}

function beginsWith(path: Path, beginning: Path): boolean {
  return beginning.every((step, i) => path[i] === step);
}

function readText(format: Format, text: string, file: string): ParsedText {
  try {
    return format.read(text);
  } catch (error) {
    const places = new Places(text);
    const failures = error instanceof AggregateError ? error.errors : [error];
    throw new InputError(
      failures.slice(0, LIMITS.problems).map((failure) => syntaxProblem(failure, places, file)),
    );
  }
}

function syntaxProblem(failure: unknown, places: Places, file: string): Problem {
  if (failure instanceof SyntaxProblem) {
    const { message, hint, offset } = failure;
    return { file, ...places.at(offset), path: '', message, hint };
  }
  const message = `the file cannot be read: ${quote(String(failure), 200)}`;
  return { file, line: null, column: null, path: '', message, hint: '' };
}

function fileError(file: string, message: string, hint = ''): InputError {
  return new InputError([{ file, line: null, column: null, path: '', message, hint }]);
}

/** The file's name without folder and ending, cut to what a name may be. */
function nameOf(file: string): string {
  const base = file
    .split(/[\\/]/)
    .pop()!
    .replace(/\.[^.]*$/, '');
  const name = base.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').slice(0, LIMITS.nameLength);
  return name === '' ? 'unnamed' : name;
}
