import type { Command, Option } from 'commander';
import { CATALOG_NAMES } from '../disk/catalog.js';
import { PRESET_NAMES } from '../policy/presets.js';

/** What may follow on a command line, as commander has it declared. */
export interface CommandWords {
  name: string;
  summary: string;
  options: OptionWords[];
  /** Names that an argument may be. */
  names: string[];
  /** An argument may be a file. */
  takesFiles: boolean;
}

export interface OptionWords {
  long: string;
  /** Without the dash; "" for none. */
  short: string;
  description: string;
  value: 'none' | 'file' | 'word' | 'other';
  /** Those of the value, if it is a word. */
  words: readonly string[];
}

/** All commands of the program, in their order. */
export async function commandsOf(program: Command): Promise<CommandWords[]> {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary() || command.description(),
    options: command.options.filter(({ hidden }) => !hidden).map(optionWords),
    names: command.registeredArguments.flatMap((argument) => [
      ...(argument.argChoices ?? []),
      ...namesOf(argument.name(), command.name()),
    ]),
    takesFiles: command.registeredArguments.some((argument) => argument.argChoices === undefined),
  }));
}

function namesOf(argument: string, command: string): readonly string[] {
  if (command === 'policies') return PRESET_NAMES;
  const isScenario = ['scenario', 'what', 'files'].includes(argument) || command === 'scenarios';
  return isScenario ? CATALOG_NAMES : [];
}

function optionWords(option: Option): OptionWords {
  const { long, short, description, argChoices } = option;
  const placeholder = /[<[]([\w-]+)/.exec(option.flags)?.[1] ?? '';
  const words = argChoices ?? (['policy', 'diff'].includes(option.name()) ? PRESET_NAMES : []);
  const isFile = /file|folder|output|path$/.test(placeholder) && placeholder !== 'path';
  const value = !placeholder ? 'none' : words.length > 0 ? 'word' : isFile ? 'file' : 'other';
  return {
    long: long ?? '',
    short: short?.replace(/^-/, '') ?? '',
    description,
    value,
    words,
  };
}
