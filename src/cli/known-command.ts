import type { Command } from 'commander';
import { inputError, type InputError } from '../errors.js';
import { nearestWord } from '../nearest-word.js';
import { quote } from '../units.js';
import { commandFor, kindOfFile } from './kind-of-file.js';

/**
 * The command line with its command found: `help run` as `run --help`.
 *
 * @throws InputError for a first word that is no command, with the one that was probably meant.
 */
export async function knownCommand(
  program: Command,
  args: readonly string[],
): Promise<readonly string[]> {
  const [first, ...rest] = args;
  const names = program.commands.map((command) => command.name());
  if (first === undefined || first.startsWith('-') || names.includes(first)) return args;
  if (first !== 'help') throw await unknown(first, rest, names);
  const [topic] = rest;
  if (topic === undefined || topic === 'help') return ['--help'];
  if (names.includes(topic)) return [topic, '--help'];
  throw unknownWord(topic, (nearest) => `dpcbench help ${nearest}`, names);
}

async function unknown(
  first: string,
  rest: readonly string[],
  names: readonly string[],
): Promise<InputError> {
  const { CATALOG_NAMES } = await import('../disk/catalog.js');
  if (CATALOG_NAMES.includes(first)) return noCommand(first, `dpcbench run ${first}`);
  const { PRESET_NAMES } = await import('../policy/presets.js');
  if (PRESET_NAMES.includes(first)) return noCommand(first, `dpcbench policies ${first}`);
  const kind = await kindOfFile(first);
  if (kind !== null) return noCommand(first, commandFor(kind, first));
  return unknownWord(first, (nearest) => ['dpcbench', nearest, ...rest].join(' '), names);
}

function unknownWord(
  word: string,
  correct: (nearest: string) => string,
  names: readonly string[],
): InputError {
  const nearest = nearestWord(word, names);
  return noCommand(word, nearest === null ? '' : correct(nearest), names);
}

/** `meant` is a whole command line, or "" where none is near. */
function noCommand(word: string, meant: string, names: readonly string[] = []): InputError {
  const hint = meant === '' ? `there are ${names.join(', ')}` : `did you mean: ${meant}`;
  return inputError(`${quote(word)} is no command`, hint);
}
