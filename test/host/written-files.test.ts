import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFolder } from '../../src/cli/output-folder.js';
import { checkWritable, writeFileWhole } from '../../src/cli/write-file.js';
import { EXIT } from '../../src/errors.js';
import { runCli } from './run-cli.js';

const RECORDING = 'test/fixtures/recordings/hand-made.ftrace.txt';
let folder: string;
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a file that is written', () => {
  it('keeps the mode of the one before it, and gets the usual one otherwise', async () => {
    writeFileSync(at('old'), 'before');
    chmodSync(at('old'), 0o640);
    await writeFileWhole(at('old'), 'after');
    await writeFileWhole(at('new'), 'new');
    expect(statSync(at('old')).mode & 0o777).toBe(0o640);
    expect(statSync(at('new')).mode & 0o777).toBe(0o666 & ~process.umask());
    expect(readFileSync(at('old'), 'utf8')).toBe('after');
    expect(readdirSync(folder).sort()).toEqual(['new', 'old']);
  });

  it('never goes through a link that waits beside it', async () => {
    writeFileSync(at('victim'), 'precious');
    // Every name that can be guessed from the target and the process.
    for (const name of [`.r.json.${process.pid}.tmp`, '.r.json.tmp']) {
      symlinkSync(at('victim'), at(name));
    }
    await writeFileWhole(at('r.json'), 'result');
    expect(readFileSync(at('victim'), 'utf8')).toBe('precious');
    expect(lstatSync(at('r.json')).isSymbolicLink()).toBe(false);
  });

  it('goes to where a link in its place leads, and leaves the link', async () => {
    mkdirSync(at('deep'));
    writeFileSync(at('deep/real'), 'before');
    symlinkSync(at('deep/real'), at('link'));
    await writeFileWhole(at('link'), 'after');
    expect(readFileSync(at('deep/real'), 'utf8')).toBe('after');
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
  });

  it('may have the longest name that there is', async () => {
    const name = 'n'.repeat(255);
    await writeFileWhole(at(name), 'long');
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('removes what a killed run has left, and nothing that another one still writes', async () => {
    const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
    const left = (mark: string, pid: number): string =>
      `.old.json.dpcbench-${mark}-${pid}-0123456789abcdef.tmp`;
    // Linux gives no process a number beyond 2^22.
    const dead = left(host, 2 ** 22 + 1);
    const kept = [left(host, process.pid), left('00000000', 2 ** 22 + 1), '.mine.tmp', 'r.json'];
    for (const name of [dead, ...kept.slice(0, 3)]) writeFileSync(at(name), '');
    await writeFileWhole(at('r.json'), 'result');
    expect(readdirSync(folder).sort()).toEqual(kept.sort());
  });

  it('leaves nothing beside it when it cannot be written', async () => {
    mkdirSync(at('taken'));
    await expect(writeFileWhole(at('taken'), 'x')).rejects.toMatchObject({ exitCode: EXIT.files });
    const broken = (function* (): Generator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('no more');
    })();
    await expect(writeFileWhole(at('half'), broken)).rejects.toThrow(/half: cannot be written/);
    expect(readdirSync(folder)).toEqual(['taken']);
    await expect(checkWritable(at('taken'))).rejects.toThrow('it is a folder');
  });
});

describe('places of a command line', () => {
  const small = ['run', 'w1', '-n', '100'];

  it.each([
    [['--json', 'x', '--report', 'x'], /--report x: this is the file of --json as well/],
    [['--json', 'x', '--report', './sub/../x'], /--report/],
    [['--json', 'x', '--fail-if', 'vista.ipis > 1', '--junit', 'x'], /--junit/],
    [['--save-baseline', 'b', '--json', '.dpcbench/baselines/b.json'], /--save-baseline/],
  ])('%j are refused, being one file', async (args, message) => {
    const before = process.cwd();
    mkdirSync(at('sub'));
    process.chdir(folder);
    try {
      const { code, out, err } = await runCli([...small, ...args]);
      expect([code, out]).toEqual([EXIT.usage, '']);
      expect(err).toMatch(message);
      expect(existsSync('x')).toBe(false);
    } finally {
      process.chdir(before);
    }
  });

  it('are refused where an answer would replace what is read', async () => {
    const scenario = at('s.json');
    writeFileSync(scenario, (await runCli(['scenarios', 'w1'])).out);
    writeFileSync(at('t.txt'), readFileSync(RECORDING));
    linkSync(at('t.txt'), at('other-name.txt'));
    await runCli([...small, '--json', at('r.json')]);
    const lines = [
      ['run', scenario, '-n', '100', '--json', scenario],
      ['run', scenario, '-n', '100', '--report', scenario],
      ['replay', at('t.txt'), '--json', at('t.txt')],
      ['import', at('t.txt'), '-o', at('t.txt')],
      ['import', at('t.txt'), '-o', at('other-name.txt')],
      ['fit', at('t.txt'), '--report', at('t.txt')],
      ['report', at('r.json'), '-o', at('r.json')],
      ['compare', at('r.json'), at('r.json'), '--fail-if', 'vista.ipis>1', '--junit', at('r.json')],
    ];
    const files = (): string[][] =>
      readdirSync(folder).map((name) => [name, readFileSync(at(name), 'utf8')]);
    const before = files();
    for (const args of lines) {
      const { code, err } = await runCli(args);
      expect([args, code]).toEqual([args, EXIT.usage]);
      expect(err).toMatch(/this is the file of .* as well/);
    }
    expect(files()).toEqual(before);
  });

  it('may be one device, or a baseline that is compared with and replaced', async () => {
    const devices = ['--json', '/dev/null', '--report', '/dev/null'];
    expect((await runCli([...small, ...devices])).code).toBe(EXIT.ok);
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect((await runCli([...small, '--save-baseline', 'b'])).code).toBe(EXIT.ok);
      const again = [...small, '--baseline', 'b', '--save-baseline', 'b'];
      expect((await runCli(again)).code).toBe(EXIT.ok);
    } finally {
      process.chdir(before);
    }
  });
});

it('a folder that cannot be made is refused with the true reason', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'dpcbench-made-')), 'file');
  writeFileSync(file, '');
  await expect(openFolder(join(file, 'a', 'b'), 'sweep')).rejects.toThrow(
    'this folder cannot be made: a part of its path is not a folder',
  );
  await expect(openFolder(join(dirname(file), 'x'.repeat(300), 'b'), 'sweep')).rejects.toThrow(
    'its name is too long',
  );
  const deep = join(dirname(file), 'a', 'b', 'c');
  (await openFolder(deep, 'sweep')).close();
  expect(existsSync(deep)).toBe(true);
  rmSync(dirname(file), { recursive: true });
});
