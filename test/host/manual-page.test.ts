import { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { manualPage } from '../../src/cli/manual-page.js';
import { shellCommand } from '../../src/cli/shell-words.js';
import { EXIT, formatProblem } from '../../src/errors.js';
import { runCli } from './run-cli.js';

describe('the manual page', () => {
  it('tells each command with its arguments and options, in roff', () => {
    const program = new Command('dpcbench').description('Simulates DPCs.');
    program
      .command('run')
      .description('.begins with what roff would take for a request')
      .argument('<file>', 'what to run?')
      .argument('[more...]', 'a "quoted" \\ word')
      .addOption(new Option('-f, --form <name>', 'how').choices(['json', 'text']))
      .addOption(new Option('--secret', 'not told').hideHelp())
      .option('--fail-if <text>', "ends in a sentence of its own. It's one!");
    program.command('compare').description('Compares.').argument('<a...>', 'results');
    expect(manualPage(program, '1.2.3').split('\n')).toEqual([
      '.TH DPCBENCH 1 "" "dpcbench 1.2.3" "User Commands"',
      '.SH NAME',
      'dpcbench \\- simulates DPCs',
      '.SH SYNOPSIS',
      '.B dpcbench',
      '[\\fICOMMAND\\fR] [\\fIOPTIONS\\fR]',
      '.SH COMMANDS',
      '.SS "dpcbench run <file> [more...]"',
      '\\&.begins with what roff would take for a request',
      '.TP',
      '.I file',
      'What to run?',
      '.TP',
      '.I more',
      'A \\(dqquoted\\(dq \\e word.',
      '.TP',
      '.B "\\-f, \\-\\-form <name>"',
      'How (json, text).',
      '.TP',
      '.B "\\-\\-fail\\-if <text>"',
      "Ends in a sentence of its own. It's one!",
      '.SS "dpcbench compare <a...>"',
      'Compares.',
      '.TP',
      '.I a',
      'Results.',
      '.SH EXIT STATUS',
      ...[
        ['0', 'Done.'],
        ['1', 'A defect of dpcbench itself.'],
        ['2', 'A command line, scenario, recording or result that cannot be used as it stands.'],
        ['3', 'A file or stream that cannot be read or written.'],
        ['4', 'A failed threshold, or a figure off its target.'],
        ['5', 'A regression.'],
        ['6', 'A gate without data, or too few.'],
        ['130', 'Ended by Ctrl\\-C.'],
      ].flatMap(([code, meaning]) => ['.TP', `.B ${code}`, meaning]),
      '.SH SEE ALSO',
      'The documents in the folder docs of the package, docs/cli.md above all.',
      '',
    ]);
  });

  it('has a line for every command, and none that roff would take for a request', async () => {
    const { code, out } = await runCli(['man']);
    expect(code).toBe(EXIT.ok);
    const lines = out.split('\n');
    for (const name of ['run', 'compare', 'sweep', 'tune', 'fit', 'import', 'trace']) {
      expect(lines.filter((line) => line.startsWith(`.SS "dpcbench ${name} `))).toHaveLength(1);
    }
    const requests = lines.filter((line) => /^[.']/.test(line));
    expect(requests.filter((line) => !/^\.(TH|SH|SS|TP|B|I)\b/.test(line))).toEqual([]);
  });
});

it('an exit code is one of those that the manual names', () => {
  expect(EXIT).toEqual({
    ok: 0,
    internal: 1,
    usage: 2,
    files: 3,
    threshold: 4,
    regression: 5,
    noData: 6,
    interrupted: 130,
  });
});

it('a problem is told with as much of its place as is known', () => {
  const nowhere = { file: null, line: null, column: null };
  const problem = { ...nowhere, path: '', message: 'it is', hint: '' };
  const told = (known: Partial<typeof problem>): string => formatProblem({ ...problem, ...known });
  const at = { file: 'a.yaml', line: 3, column: 0 } as never;
  expect(told({})).toBe('it is');
  expect(told({ hint: 'so' })).toBe('it is (so)');
  expect(told({ path: 'until' })).toBe('until: it is');
  expect(told({ path: 'until', ...(at as object) })).toBe('a.yaml:3:0: until: it is');
  expect(told({ file: 'a.yaml' as never })).toBe('a.yaml: it is');
  expect(told({ message: 'a\u001bb' })).not.toContain('\u001b');
});

describe('words for a shell', () => {
  it('stand as they are where each shell reads them so', () => {
    const plain = ['a@b', 'a-b_c', '50%', 'a+b=c:d,e./f'];
    expect(shellCommand(plain, 'linux')).toBe(plain.join(' '));
    expect(shellCommand(plain.slice(1), 'win32')).toBe(plain.slice(1).join(' '));
    expect(shellCommand(['C:\\a\\b.yaml'], 'win32')).toBe('C:\\a\\b.yaml');
  });

  it('are quoted where one would not', () => {
    expect(shellCommand(['', "it's", 'a b', 'a\\b', '$x'], 'linux')).toBe(
      String.raw`'' 'it'\''s' 'a b' 'a\b' '$x'`,
    );
    expect(shellCommand(['', "it's", 'a b', '@a', '$x'], 'win32')).toBe(
      "'' 'it''s' 'a b' '@a' '$x'",
    );
  });
});
