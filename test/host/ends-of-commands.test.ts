import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli.js';
import { Attempts } from '../../src/cli/attempts.js';
import { Console } from '../../src/cli/console.js';
import {
  CommandInterrupted,
  exitCodeOf,
  exitCodeOfSuccess,
  GateFailed,
} from '../../src/cli/exit-code.js';
import { EXIT, inputError } from '../../src/errors.js';
import { RunCancelled } from '../../src/run/tasks.js';
import { runCli } from './run-cli.js';

const FILES = join(import.meta.dirname, '../golden/transcripts');
const before = process.cwd();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-ends-'));
  cpSync(FILES, folder, { recursive: true });
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});
afterEach(() => void vi.restoreAllMocks());

const SHORT = ['small.yaml', '-n', '2k', '--shards', '5', '--warmup', 'none', '-p', 'vista'];
/** All that show how far they are; later ones use what earlier ones wrote. */
const COMMANDS: Record<string, string[]> = {
  run: ['run', ...SHORT, '--report', 'r.html'],
  'a run with a journal': ['run', ...SHORT, '--journal', 'a.journal'],
  'a run that is checked': ['run', ...SHORT, '--check-determinism'],
  'a run against another': ['run', ...SHORT, '--against', 'busier.yaml'],
  'a part': ['run', ...SHORT, '--shard', '1/2', '--journal', 'p1.journal'],
  merge: ['merge', 'p1.journal', '--finish'],
  sweep: ['sweep', ...SHORT, '--param', 'machine.tick=1ms', '-o', 's', '--reports', 'all'],
  tune: [
    ...['tune', 'small.yaml', '--set', 'machine.tick=100us', '-n', '40k', '--budget', '2'],
    ...['--rules-only', '--elsewhere', 'none', '-o', 't'],
  ],
  worst: ['worst', 'small.yaml', '-n', '2k', '-p', 'vista'],
  explain: ['explain', 'small.yaml', '-n', '2k', '--warmup', 'none'],
  coverage: ['validate', '--coverage', '2', '--of', 'covered.yaml'],
};

/** Where Linux lists what a process has open. */
const OPEN_FILES = '/proc/self/fd';

/** Files in the folder that are open still; nothing is known of them on other systems. */
function openFiles(): string[] {
  if (!existsSync(OPEN_FILES)) return [];
  const open = readdirSync(OPEN_FILES).flatMap((number) => {
    try {
      return readlinkSync(join(OPEN_FILES, number));
    } catch {
      return [];
    }
  });
  return open.filter((path) => path.startsWith(realpathSync(folder)));
}

/** What a terminal gets, on a machine on which every look at the clock takes a second. */
async function onTerminal(args: readonly string[]): Promise<{ code: number; err: string }> {
  let nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 1_000));
  let err = '';
  const code = await run([...args], {
    out: () => true,
    err: (text) => ((err += text), true),
    colours: false,
    width: 80,
    isInteractive: true,
    lost: null,
    listening: (work) => work(new AbortController().signal),
  });
  return { code, err };
}

describe('on a terminal', () => {
  it.each(Object.keys(COMMANDS))(
    '%s shows how far it is, and takes the line away',
    async (name) => {
      const { code, err } = await onTerminal(COMMANDS[name]);
      expect(code).toBe(EXIT.ok);
      const lines = err.split('\r\x1b[2K').slice(1);
      expect(lines.length).toBeGreaterThan(1);
      // After the last line that is taken away no other is drawn, and words end with their line.
      expect(lines.at(-1)).toMatch(/^([^\r]*\n)?$/);
      const drawn = lines.filter((line) => !line.includes('\n'));
      for (const line of drawn) expect(line.length).toBeLessThan(80);
    },
  );

  const quick = Object.keys(COMMANDS).filter((name) => !['sweep', 'tune'].includes(name));
  it.each(quick)('%s is quiet where it is asked to be', async (name) => {
    for (const path of ['a.journal', 'p1.journal']) {
      if (name !== 'merge') rmSync(path, { force: true });
    }
    if (name === 'merge') await runCli(COMMANDS['a part']);
    const { code, err } = await onTerminal([...COMMANDS[name], '--quiet']);
    expect(code).toBe(EXIT.ok);
    expect(openFiles()).toEqual([]);
    expect(err).toMatch(name === 'a run that is checked' ? /^Determinism: .*\n$/ : /^$/);
  });
});

describe('interrupted', () => {
  it.each([
    ['run', 'Interrupted: 0 of'],
    ['a run with a journal', 'is kept in a.journal: the same command goes on'],
    ['a part', 'is kept in p1.journal'],
    ['sweep', 'Interrupted'],
    ['tune', 'Interrupted'],
    ['worst', 'Interrupted'],
    ['explain', 'Interrupted'],
    ['coverage', 'Interrupted'],
  ])('%s says so: %s', async (name, words) => {
    for (const path of ['a.journal', 'p1.journal', 's', 't']) {
      rmSync(path, { force: true, recursive: true });
    }
    const { code, err, out } = await runCli(COMMANDS[name], AbortSignal.abort());
    expect(code).toBe(EXIT.interrupted);
    expect(err).toContain(words);
    expect(out).toBe('');
  });
});

describe('what ended a command', () => {
  const consoleOf = (said: string[], lost: string | null = null): Console =>
    new Console({
      out: () => true,
      err: (text) => said.push(text) > 0,
      lost,
      colours: false,
      width: 80,
      isInteractive: false,
      listening: (work) => work(new AbortController().signal),
    });
  const progress = { tasks: 1_000, tasksDone: 12, interrupts: 5_000, share: 0.01 };
  const coded = (code: string): Error => Object.assign(new Error(code), { code });

  it.each([
    [inputError('not so', 'but so'), EXIT.usage, 'not so (but so)\n'],
    [inputError('full', '', EXIT.files), EXIT.files, 'full\n'],
    [new GateFailed('worse', EXIT.regression), EXIT.regression, 'worse\n'],
    [
      new RunCancelled(progress),
      EXIT.interrupted,
      'Interrupted: 12 of 1,000 shards done, 5,000 interrupts simulated. ' +
        'A part is no result: nothing was written.\n',
    ],
    [
      new RunCancelled(progress, 'j'),
      EXIT.interrupted,
      'Interrupted: 12 of 1,000 shards done, 5,000 interrupts simulated. ' +
        'What is finished is kept in j: the same command goes on from there.\n',
    ],
    [new CommandInterrupted(), EXIT.interrupted, 'Interrupted: nothing was written.\n'],
    [
      coded('EMFILE'),
      EXIT.files,
      'too many files are open (use fewer --workers, or raise the limit: ulimit -n)\n',
    ],
    [
      coded('ENOMEM'),
      EXIT.files,
      'the system gives no more memory (use fewer --workers, or a smaller scenario)\n',
    ],
    [coded('EAGAIN'), EXIT.files, 'the system starts no more threads (use fewer --workers)\n'],
    [
      'a text',
      EXIT.internal,
      'A defect of dpcbench, please report it with the command line:\na text\n',
    ],
  ])('%s: exit code %d', (error, code, words) => {
    const said: string[] = [];
    expect(exitCodeOf(error, consoleOf(said))).toBe(code);
    expect(said.join('')).toBe(words);
  });

  it('is told with its stack where it is a defect', () => {
    const said: string[] = [];
    expect(exitCodeOf(new Error('broken'), consoleOf(said))).toBe(EXIT.internal);
    expect(said.join('')).toMatch(/command line:\nError: broken\n +at /);
  });

  it('may be that not everything was written', () => {
    const said: string[] = [];
    expect(exitCodeOfSuccess(consoleOf(said))).toBe(EXIT.ok);
    expect(said).toEqual([]);
    expect(exitCodeOfSuccess(consoleOf(said, 'standard output: no space'))).toBe(EXIT.files);
    expect(said).toEqual(['standard output: no space: not everything was written\n']);
  });

  it('is a gate before a file, and else what came first; the others are said', async () => {
    const made = async (...errors: Error[]): Promise<[unknown, string[]]> => {
      const attempts = new Attempts();
      const said: string[] = [];
      for (const error of errors) await attempts.make(() => Promise.reject(error));
      try {
        attempts.end(consoleOf(said));
      } catch (error) {
        return [error, said];
      }
      return [null, said];
    };
    const [a, b] = ['a', 'b'].map((name) => inputError(name, '', EXIT.files));
    const gate = new GateFailed('gate', EXIT.threshold);
    expect(await made()).toEqual([null, []]);
    expect(await made(a, b)).toEqual([a, ['b\n']]);
    expect(await made(a, gate, b)).toEqual([gate, ['a\n', 'b\n']]);
    const usage = inputError('usage');
    await expect(made(usage)).rejects.toBe(usage);
    await expect(made(new Error('x'))).rejects.toThrow('x');
  });
});
