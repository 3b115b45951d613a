import type { Command, Option } from 'commander';

/** The manual page in roff's `man` macros, out of the declarations of all commands. */
export function manualPage(program: Command, version: string): string {
  const lines = [
    `.TH DPCBENCH 1 "" "dpcbench ${version}" "User Commands"`,
    '.SH NAME',
    `dpcbench \\- ${roff(lowerFirst(program.description()))}`,
    '.SH SYNOPSIS',
    '.B dpcbench',
    '[\\fICOMMAND\\fR] [\\fIOPTIONS\\fR]',
    '.SH COMMANDS',
    ...program.commands.flatMap(commandLines),
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, roff(meaning)]),
    '.SH SEE ALSO',
    'The documents in the folder docs of the package, docs/cli.md above all.',
  ];
  return `${lines.join('\n')}\n`;
}

const EXIT_CODES: readonly [number, string][] = [
  [0, 'Done.'],
  [1, 'A defect of dpcbench itself.'],
  [2, 'A command line, scenario, recording or result that cannot be used as it stands.'],
  [3, 'A file or stream that cannot be read or written.'],
  [4, 'A failed threshold, or a figure off its target.'],
  [5, 'A regression.'],
  [6, 'A gate without data, or too few.'],
  [130, 'Ended by Ctrl-C.'],
];

function commandLines(command: Command): string[] {
  const args = command.registeredArguments.map((argument) => {
    const name = argument.name() + (argument.variadic ? '...' : '');
    return ` ${argument.required ? `<${name}>` : `[${name}]`}`;
  });
  return [
    `.SS "${roff(`dpcbench ${command.name()}${args.join('')}`)}"`,
    roff(command.description()),
    ...command.registeredArguments.flatMap((argument) => [
      '.TP',
      `.I ${roff(argument.name())}`,
      roff(sentence(argument.description)),
    ]),
    ...command.options.filter(({ hidden }) => !hidden).flatMap(optionLines),
  ];
}

function optionLines({ flags, description, argChoices }: Option): string[] {
  const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`;
  return ['.TP', `.B "${roff(flags)}"`, roff(sentence(description + choices))];
}

/** Nothing in the text is a request or an escape, and its hyphens stay what is typed. */
function roff(text: string): string {
  const escaped = text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('"', '\\(dq');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
}

function lowerFirst(text: string): string {
  return text[0].toLowerCase() + text.slice(1).replace(/\.$/, '');
}
