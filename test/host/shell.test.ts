import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { parseScenario } from '../../src/scenario/parse.js';
import { openPage } from '../../src/cli/open-page.js';
import { shellCommand } from '../../src/cli/shell-words.js';
import { Console } from '../../src/cli/console.js';
import { runCli } from './run-cli.js';
import { ROOT } from '../tidy/source-files.js';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'dpcbench-shell-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('completion', () => {
  /** What bash completes the last of these words with. */
  function completed(script: string, ...words: string[]): string[] {
    const file = at('completion.bash');
    const list = words.map((word) => `'${word}'`).join(' ');
    const call =
      `COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _dpcbench; ` +
      'printf "%s\\n" "${COMPREPLY[@]}"';
    writeFileSync(file, `${script}\n${call}\n`);
    return execFileSync('bash', [file], { encoding: 'utf8', cwd: folder }).split('\n').slice(0, -1);
  }

  it('for bash completes commands, options, names, choices and files', async () => {
    const { code, out } = await runCli(['completion', 'bash']);
    expect(code).toBe(EXIT.ok);
    writeFileSync(at('mine.yaml'), '');
    expect(completed(out, 'dpcbench', 're')).toEqual(expect.arrayContaining(['replay', 'report']));
    expect(completed(out, 'dpcbench', 'run', '--int')).toEqual(['--interrupts', '--intervals']);
    expect(completed(out, 'dpcbench', 'run', '--intervals', '')).toEqual(['machine', 'all']);
    expect(completed(out, 'dpcbench', 'run', '-p', 'vi')).toEqual(['vista']);
    expect(completed(out, 'dpcbench', 'run', 'audio')).toEqual(['audio-behind-nic']);
    expect(completed(out, 'dpcbench', 'run', 'min')).toEqual(['mine.yaml']);
    expect(completed(out, 'dpcbench', 'run', '--json', 'min')).toEqual(['mine.yaml']);
    expect(completed(out, 'dpcbench', 'run', '--seed', '')).toEqual(['']);
    expect(completed(out, 'dpcbench', 'completion', 'p')).toEqual(['powershell']);
  });

  it.each(['bash', 'zsh', 'fish', 'powershell'])(
    'for %s has every command and option',
    async (shell) => {
      const { out } = await runCli(['completion', shell]);
      const { out: help } = await runCli(['--help']);
      const commands = [...help.split('Commands:')[1].matchAll(/^ {2}([a-z]+) /gm)].map(
        ([, c]) => c,
      );
      expect(commands.length).toBeGreaterThan(12);
      for (const command of commands) {
        expect(out, command).toMatch(new RegExp(`\\b${command}\\b`));
        const { out: own } = await runCli([command, '--help']);
        for (const [, option] of own.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)) {
          expect(out, `${command} --${option}`).toMatch(new RegExp(`(--|-l )${option}\\b`));
        }
      }
    },
  );

  /**
   * The words of a script for PowerShell: texts in single quotes, in which two of them are one, and
   * all else letter by letter. There is no PowerShell here to ask.
   */
  function powershellWords(script: string): string[] {
    const words = script.match(/#[^\n]*\n|'(?:[^'\n]|'')*'|"[^"\n]*"|[^]/g)!;
    const open: string[] = [];
    const closers: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
    for (const word of words) {
      if ('([{'.includes(word)) open.push(word);
      else if (word in closers) expect(open.pop(), word).toBe(closers[word]);
      else expect(word).not.toMatch(/^['"`‘’]$/);
    }
    expect(open).toEqual([]);
    return words;
  }

  it('for PowerShell closes what it opens, and no table has a key twice in any case', async () => {
    const { out } = await runCli(['completion', 'powershell']);
    const words = powershellWords(out).filter((word) => word !== ' ' && word !== '\n');
    const tables: Set<string>[] = [];
    let keys = 0;
    words.forEach((word, i) => {
      if (word === '{') tables.push(new Set());
      if (word === '}') tables.pop();
      const isKey = word.startsWith("'") && words[i + 1] === '=' && words[i + 2] === '@';
      if (!isKey) return;
      // PowerShell refuses a table with both -s and -S.
      expect(tables.at(-1)!.has(word.toLowerCase()), word).toBe(false);
      tables.at(-1)!.add(word.toLowerCase());
      keys += 1;
    });
    expect(keys).toBeGreaterThan(30);
    expect(() => powershellWords(out.replace("@('", "@(''"))).toThrow();
    expect(() => powershellWords(out.replace('[ordered]@{', '[ordered]@'))).toThrow();
  });

  it('names the shells that there are', async () => {
    const { code, err } = await runCli(['completion', 'tcsh']);
    expect([code, err]).toEqual([EXIT.usage, expect.stringMatching(/bash, zsh, fish, powershell/)]);
  });
});

describe('a command that is printed', () => {
  it('is quoted as the shell of the system reads it', () => {
    const words = ['dpcbench', 'run', 'a\\b.yaml', "it's.yaml", '--set', 'x=1 2'];
    expect(shellCommand(words, 'win32')).toBe("dpcbench run a\\b.yaml 'it''s.yaml' --set 'x=1 2'");
    expect(shellCommand(words, 'linux')).toBe(
      "dpcbench run 'a\\b.yaml' 'it'\\''s.yaml' --set 'x=1 2'",
    );
  });
});

describe('man', () => {
  it('has every command and option, and no line of it is a stray request', async () => {
    const { out } = await runCli(['man']);
    const requests = /^\.(?:TH|SH|SS|TP|B|I)(?: |$)/;
    const odd = out.split('\n').filter((line) => /^[.']/.test(line) && !requests.test(line));
    expect(odd).toEqual([]);
    const { out: help } = await runCli(['run', '--help']);
    for (const [, option] of help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)) {
      expect(out).toContain(option === '--help' ? 'explain' : option.replaceAll('-', '\\-'));
    }
  });
});

describe('new', () => {
  it('writes a scenario that runs, and never over a file', async () => {
    const { code, out } = await runCli(['new', at('first.yaml')]);
    expect([code, out]).toEqual([EXIT.ok, expect.stringContaining('dpcbench run ')]);
    const text = readFileSync(at('first.yaml'), 'utf8');
    const { sources } = parseScenario(text, 'first.yaml');
    expect(sources.map(({ name }) => name)).toEqual(['nic', 'audio']);
    const commented = text.split('\n').filter((line) => line.includes('#'));
    expect(commented.length).toBeGreaterThan(10);
    expect((await runCli(['run', at('first.yaml'), '-n', '2k', '-q'])).code).toBe(EXIT.ok);
    writeFileSync(at('first.yaml'), 'mine');
    const again = await runCli(['new', at('first.yaml')]);
    expect([again.code, again.err]).toEqual([EXIT.files, expect.stringContaining('there already')]);
    expect(readFileSync(at('first.yaml'), 'utf8')).toBe('mine');
    expect((await runCli(['new', '-'])).out).toBe(text);
    expect((await runCli(['new', at('x.json')])).code).toBe(EXIT.usage);
  });

  it('says nothing that an option of its forms does not take', () => {
    // What the comments offer instead, put in.
    const forms = ['{ exponential: 2us }', '{ lognormal: { mean: 2us, p99: 9us } }'];
    for (const form of forms) {
      const source = `name: a, irql: 12, processor: 0, isr: ${form}, arrivals: { at: [10us] }`;
      const text = `sources: [{ ${source} }]\nuntil: { time: 1ms }\n`;
      expect(() => parseScenario(text, 'a.yaml')).not.toThrow();
    }
  });
});

describe('standard input', () => {
  const start = (args: string[], input: string): { out: string; code: number } => {
    try {
      const out = execFileSync(process.execPath, [join(ROOT, 'dist', 'cli.js'), ...args], {
        input,
        encoding: 'utf8',
        stdio: 'pipe',
      });
      return { out, code: 0 };
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string };
      return { out: stderr, code: status };
    }
  };
  const source = 'name: a, irql: 5, arrivals: { at: [1us] }';

  it('is a scenario in any of its formats, and a result', () => {
    const yaml = start(['check', '-'], `sources: [{ ${source} }]\nuntil: { time: 1ms }\n`);
    expect(yaml).toEqual({ code: 0, out: expect.stringContaining('-: ok: stdin: 1 processor') });
    const toml =
      '[[sources]]\nname = "a"\nirql = 5\narrivals.at = ["1us"]\n[until]\ntime = "1ms"\n';
    expect(start(['check', '-'], toml).code).toBe(0);
    const wrong = start(['check', '-'], '{"sources": 3}');
    expect(wrong).toEqual({ code: 2, out: expect.stringMatching(/^stdin\.json:1:13: sources/) });
  });

  it('is a result, and read once', async () => {
    const { out } = await runCli(['run', 'w1', '-n', '500', '--json', '-']);
    const csv = at('piped.csv');
    expect(start(['report', '-', '--export', csv], out).code).toBe(0);
    expect(readFileSync(csv, 'utf8')).toContain(',w1,1,vista,machine,');
    const twice = start(['compare', '-', '-'], out);
    expect(twice).toEqual({ code: 2, out: expect.stringContaining('was read already') });
  });
});

describe('--open', () => {
  const say = async (path: string): Promise<string> => {
    let said = '';
    const streams = { err: (text: string) => ((said += text), true) };
    await openPage(path, new Console(streams as never));
    return said;
  };

  it('hands the file to the desktop and says so, and does not fail without one', async () => {
    const before = process.env.PATH;
    const before2 = process.platform;
    try {
      Object.defineProperty(process, 'platform', { value: 'linux' });
      const opener = at('xdg-open');
      writeFileSync(opener, `#!/bin/sh\nprintf %s "$1" > '${at('opened')}'\n`);
      chmodSync(opener, 0o755);
      process.env.PATH = `${folder}${delimiter}${before}`;
      expect(await say('-r.html')).toBe('Opening -r.html with xdg-open.\n');
      await expect.poll(() => readFileSync(at('opened'), 'utf8')).toMatch(/\/-r\.html$/);
      process.env.PATH = at('empty');
      expect(await say('r.html')).toContain('There is no xdg-open here to open it');
    } finally {
      process.env.PATH = before;
      Object.defineProperty(process, 'platform', { value: before2 });
    }
  });

  it('opens what report and run have written, and nothing without it', async () => {
    const before = process.env.PATH;
    const [result, page] = [at('result.json'), at('page.html')];
    const run = ['run', 'w1', '-n', '100', '-q', '--json', result, '--report', page];
    try {
      process.env.PATH = at('empty');
      for (const command of [run, ['report', result, '-o', page]]) {
        const opened = 'here to open it';
        const { err } = await runCli(command);
        expect(err).not.toContain(opened);
        expect((await runCli([...command, '--open'])).err).toContain(opened);
      }
    } finally {
      process.env.PATH = before;
    }
  });

  it('needs a report', async () => {
    const { code, err } = await runCli(['run', 'w1', '-n', '100', '--open']);
    expect([code, err]).toEqual([EXIT.usage, expect.stringContaining('add --report report.html')]);
  });
});
