import { gzipSync } from 'node:zlib';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { runCli } from './run-cli.js';

const TRACE = 'test/fixtures/recordings/hand-made.ftrace.txt';
const PERF = 'test/fixtures/recordings/http-loopback-end.perf-script.txt.gz';
let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-meant-'));
  writeFileSync(at('s.yaml'), (await runCli(['scenarios', 'default'])).out);
  writeFileSync(at('s.json'), (await runCli(['scenarios', 'w1'])).out);
  writeFileSync(at('t.gz'), gzipSync(readFileSync(TRACE)));
  await runCli(['import', TRACE, '-q', '-o', at('x.dpcrec')]);
  await runCli(['run', 'w1', '-n', '100', '--json', at('r.json')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('help', () => {
  it('is a command too', async () => {
    const { code, out } = await runCli(['help']);
    expect([code, out]).toEqual([EXIT.ok, (await runCli(['--help'])).out]);
    expect(await runCli(['help', 'run'])).toEqual(await runCli(['run', '--help']));
    expect((await runCli(['help', 'help'])).code).toBe(EXIT.ok);
    expect((await runCli(['help', 'runn'])).err).toContain('did you mean: dpcbench help run');
  });

  it('names the policies of each command as they are', async () => {
    expect((await runCli(['run', '--help'])).out).toMatch(/default:\s+the\s+scenario's\s+own/);
    expect((await runCli(['replay', '--help'])).out).toMatch(/default:\s+all\s+that\s+ship/);
  });
});

describe('a word that is no command', () => {
  it.each([
    [['runn', 'w8', '-n', '5'], 'did you mean: dpcbench run w8 -n 5'],
    [['repaly', 'x'], 'did you mean: dpcbench replay x'],
    [['w8'], 'did you mean: dpcbench run w8'],
    [['vista'], 'did you mean: dpcbench policies vista'],
    [['s.yaml'], 'did you mean: dpcbench run s.yaml'],
    [['s.json'], 'did you mean: dpcbench run s.json'],
    [['x.dpcrec'], 'did you mean: dpcbench replay x.dpcrec'],
    [['t.gz'], 'did you mean: dpcbench replay t.gz'],
    [['r.json', '--report', 'x'], 'did you mean: dpcbench report r.json -o report.html'],
    [['frobnicate'], 'there are run, replay, import, check, report'],
    [['/dev/zero'], 'there are run'],
  ])('%j: %s', async (args, hint) => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const { code, out, err } = await runCli(args);
      expect([code, out]).toEqual([EXIT.usage, '']);
      expect(err).toContain(`"${args[0]}" is no command (${hint}`);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    } finally {
      process.chdir(before);
    }
  });
});

describe('a file of another kind', () => {
  const meant = { scenario: 'run', recording: 'replay', result: 'report' };

  it.each([
    ['run', 'r.json', 'a result', meant.result],
    ['trace', 'x.dpcrec', 'a recording', meant.recording],
    ['check', 'r.json', 'a result', meant.result],
    ['replay', 's.yaml', 'a scenario', meant.scenario],
    ['replay', 's.json', 'a scenario', meant.scenario],
    ['replay', 'r.json', 'a result', meant.result],
    ['fit', 's.yaml', 'a scenario', meant.scenario],
    ['import', 's.yaml', 'a scenario', meant.scenario],
    ['report', 's.yaml', 'a scenario', meant.scenario],
    ['report', 'x.dpcrec', 'a recording', meant.recording],
    ['compare', 's.json', 'a scenario', meant.scenario],
  ])('%s %s: this is %s, taken by %s', async (command, name, noun, other) => {
    const rest = { import: ['-o', at('y')], report: ['-o', at('y')], compare: [at('r.json')] };
    const more = rest[command as keyof typeof rest] ?? [];
    const { code, err } = await runCli([command, at(name), ...more]);
    expect(code).toBe(EXIT.usage);
    expect(err).toContain(`${at(name)}: this is ${noun}, not a`);
    expect(err).toContain(`it is taken by: dpcbench ${other} ${at(name)}`);
  });

  it('is not guessed where a file is of the right kind and wrong', async () => {
    const file = at('wrong.yaml');
    writeFileSync(file, 'machine: { processors: 0 }\nuntil: { time: 1ms }\n');
    expect((await runCli(['run', file])).err).toContain('machine.processors');
    const cut = at('cut.gz');
    writeFileSync(cut, readFileSync(PERF).subarray(0, 5000));
    expect((await runCli(['replay', cut])).err).toContain('gzip data are damaged');
  });
});
