import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { countedNames } from '../../src/result/outcome.js';
import { PRESET_NAMES } from '../../src/policy/presets.js';
import { CATALOG_NAMES } from '../../src/disk/catalog.js';
import type { ResultDocument } from '../../src/result/document.js';
import { type Answer, runCli } from './run-cli.js';

const VECTOR = 'test/fixtures/scenarios/03-high-goes-to-the-front.json';
const RECORDING = 'test/fixtures/recordings/hand-made.ftrace.txt';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const dpcbench = (...args: string[]): Promise<Answer> => runCli(args);

describe('run', () => {
  it('prints one document and nothing else with --json -', async () => {
    const args = ['run', 'w8', '-n', '5k', '--seed', '3', '--json', '-'];
    const { code, out, err } = await dpcbench(...args);
    expect([code, err]).toEqual([EXIT.ok, '']);
    const document = JSON.parse(out) as ResultDocument;
    expect(document.schema).toBe('dpcbench-result/1');
    expect(document.results.map((result) => result.policy)).toEqual(['pre-vista', 'vista']);
    const { counters } = document.results[0];
    expect(Object.keys(counters)).toEqual([...countedNames(document.scenario), 'unserved']);
    expect(counters).not.toHaveProperty('held');
    expect(document.meta).toMatchObject({ seed: 3, shards: 1, processors: 8, interrupts: 10_000 });
    expect(document.meta.scenarioHash).toMatch(/^[0-9a-f]{64}$/);
    expect(document.meta.host.commandLine).toEqual(['dpcbench', ...args]);
  });

  it('takes policies repeated or separated by commas, in that order', async () => {
    const args = ['run', 'w1', '-n', '100', '-p', 'msdn,vista', '--policy', 'nt52', '--json', '-'];
    const { out } = await dpcbench(...args);
    const { results } = JSON.parse(out) as ResultDocument;
    expect(results.map((result) => result.policy)).toEqual(['msdn', 'vista', 'nt52']);
  });

  it('ends after the time that is asked for', async () => {
    const { out } = await dpcbench('run', 'w1', '--time', '2ms', '--shards', '2', '--json', '-');
    const { meta, scenario } = JSON.parse(out) as ResultDocument;
    expect(meta).toMatchObject({ durationNs: 2_000_000, shards: 2 });
    expect(scenario.until).toEqual({ timeNs: 2_000_000, interrupts: null });
  });

  it('writes files whole, and a report, and leaves nothing beside them', async () => {
    const place = join(folder, 'whole');
    mkdirSync(place);
    const json = join(place, 'r.json');
    const html = join(place, 'r.html');
    writeFileSync(json, 'older');
    const { code, out } = await dpcbench('run', VECTOR, '--json', json, '--report', html);
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('03-high-goes-to-the-front');
    const document = JSON.parse(readFileSync(json, 'utf8')) as ResultDocument;
    expect(document.results.length).toBeGreaterThan(0);
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/);
    expect(readdirSync(place)).toEqual(['r.html', 'r.json']);
  });

  it('refuses places that cannot be written before anything runs', async () => {
    const nowhere = join(folder, 'no', 'r.html');
    const { code, out, err } = await dpcbench('run', 'w8', '--report', nowhere);
    expect([code, out]).toEqual([EXIT.files, '']);
    expect(err).toContain('its folder does not exist');
    expect((await dpcbench('run', 'w8', '--json', folder)).err).toContain('it is a folder');
  });

  it.each([
    [['run', 'w9'], EXIT.files, /w9: no such file.*did you mean w1\?/],
    [['run', 'w8', '--policy', 'vist'], EXIT.usage, /no policy "vist".*did you mean vista\?/],
    [['run', 'w8', '--policy', 'vista,vista'], EXIT.usage, /named twice/],
    [['run', 'w8', '--polcy', 'vista'], EXIT.usage, /unknown option[^]*Did you mean --policy\?/],
    [['run', 'w8', '-n', '1.5'], EXIT.usage, /must be a whole number above 0/],
    [['run', 'w8', '-n', '10', '-t', '1ms'], EXIT.usage, /exclude each other/],
    [['run', 'w8', '-t', '5 parsecs'], EXIT.usage, /must be a duration/],
    [['run', 'w8', '--seed', '-1'], EXIT.usage, /from 0 to 9007199254740991/],
    [['run', 'w8', '--workers', '5000'], EXIT.usage, /from 1 to 1024/],
    [['run', VECTOR, '--shards', '2'], EXIT.usage, /is one shard, because/],
    [['run', 'w8', 'w1'], EXIT.usage, /too many arguments/],
    [
      ['run', 'w8', '--json', 'a', '--json', 'b'],
      EXIT.usage,
      /option '--json <file>' is given twice: one would be lost/,
    ],
    [
      ['sweep', 'w8', '-o', 'a', '--output', 'b'],
      EXIT.usage,
      /option '-o, --output <folder>' is given twice/,
    ],
    [['fly'], EXIT.usage, /"fly" is no command/],
    [['run', 'w8', '-w', '0'], EXIT.usage, /must be a number of threads from 1 to 1024/],
    [['run', 'w8', '--shards', '10001'], EXIT.usage, /number of machines from 1 to 10000/],
    [['validate', '-n', '21G'], EXIT.usage, /20 shards count to 20,000,000,000/],
    [['validate', '--coverage', '2000000'], EXIT.usage, /experiments from 1 to 1000000/],
    [['run', VECTOR, '--warmup', '3s'], EXIT.usage, /the warm-up of 3 s leaves no/],
    [['trace', 'w8'], EXIT.usage, /an event log is of one policy.*--policy/],
    [['replay', 'none.txt'], EXIT.files, /none\.txt/],
    [['import', RECORDING], EXIT.usage, /required option '-o/],
    [['report', 'none.json', '-o', 'x.html'], EXIT.files, /none\.json: no such file/],
    [['policies', 'nt3'], EXIT.usage, /no policy "nt3"/],
    [['scenarios', 'w9'], EXIT.usage, /no scenario named "w9"/],
  ])('%j fails with exit code %d and says why', async (args, code, message) => {
    const answer = await dpcbench(...args);
    expect(answer.code).toBe(code);
    expect(answer.err).toMatch(message);
    expect(answer.err).not.toContain('    at ');
    expect(answer.out).toBe('');
  });
});

describe('replay and import', () => {
  it('replays a recording under all policies that ship', async () => {
    const { code, out, err } = await dpcbench('replay', RECORDING, '--json', '-');
    expect(code).toBe(EXIT.ok);
    expect(err).toContain('hand-made.ftrace.txt');
    const document = JSON.parse(out) as ResultDocument;
    expect(document.results.map((result) => result.policy)).toEqual(PRESET_NAMES);
    expect(document.meta.shards).toBe(1);
    expect(document.results[0].counters.arrivals).toBeGreaterThan(0);
  });

  it('gives the same from the imported recording, and says nothing with --quiet', async () => {
    const file = join(folder, 'kept.dpcrec');
    expect(await dpcbench('import', RECORDING, '-o', file, '--quiet')).toEqual({
      code: EXIT.ok,
      out: '',
      err: '',
    });
    const kept = await dpcbench('replay', file, '--json', '-', '--quiet');
    const direct = await dpcbench('replay', RECORDING, '--json', '-', '--quiet');
    expect(kept.err).toBe('');
    const results = (text: string): unknown => (JSON.parse(text) as ResultDocument).results;
    expect(results(kept.out)).toEqual(results(direct.out));
  });

  it('leaves what stands there when an import fails', async () => {
    const file = join(folder, 'before.dpcrec');
    writeFileSync(file, 'before');
    expect((await dpcbench('import', 'package.json', '-o', file)).code).toBe(EXIT.usage);
    expect(readFileSync(file, 'utf8')).toBe('before');
  });
});

describe('trace', () => {
  it('prints one event a line, in the documented order of keys', async () => {
    const { code, out, err } = await dpcbench('trace', VECTOR, '--policy', 'vista');
    expect([code, err]).toEqual([EXIT.ok, '']);
    const lines = out.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      expect(Object.keys(JSON.parse(line) as object).slice(0, 3)).toEqual(['t', 'p', 'e']);
    }
    expect(out).toContain('"e":"insert"');
  });

  it('counts as many inserts as the run does', async () => {
    const { out } = await dpcbench('trace', 'w8', '-p', 'vista', '-n', '3000');
    const run = await dpcbench('run', 'w8', '-p', 'vista', '-n', '3000', '--json', '-');
    const { counters } = (JSON.parse(run.out) as ResultDocument).results[0];
    expect(out.match(/"queued":true/g)).toHaveLength(counters.inserts);
    expect(out.match(/"e":"tick"/g) ?? []).toHaveLength(counters.ticks);
  });
});

describe('check', () => {
  it('says of each file that it is right', async () => {
    const { code, out } = await dpcbench('check', VECTOR, 'default');
    expect(code).toBe(EXIT.ok);
    expect(out.match(/: ok: /g)).toHaveLength(2);
  });

  it('says everything that is wrong, with file, line and column', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, 'machine: { processors: 0 }\nsorces: []\nuntil: { time: 1ms }\n');
    const { code, err } = await dpcbench('check', file, VECTOR);
    expect(code).toBe(EXIT.usage);
    expect(err).toMatch(/wrong\.yaml:1:\d+: machine\.processors: /);
    expect(err).toMatch(/wrong\.yaml:2:\d+: .*sources/);
  });
});

describe('report', () => {
  it('makes one page of several results', async () => {
    const json = join(folder, 'one.json');
    const html = join(folder, 'one.html');
    await dpcbench('run', VECTOR, '--json', json);
    expect((await dpcbench('report', json, json, '-o', html)).code).toBe(EXIT.ok);
    expect(readFileSync(html, 'utf8')).toContain('03-high-goes-to-the-front');
  });

  it.each([
    ['{"schema": "dpcbench-result/2"}', /schema: "dpcbench-result\/2" is another version/],
    ['{"schema": "dpcbench-result/1"}', /:1:1: the key meta is missing/],
    ['[1, 2', /this is not JSON/],
    ['null', /no result of dpcbench/],
  ])('refuses %s', async (text, message) => {
    const json = join(folder, 'bad.json');
    writeFileSync(json, text);
    const { code, err } = await dpcbench('report', json, '-o', join(folder, 'bad.html'));
    expect(code).toBe(EXIT.usage);
    expect(err).toMatch(message);
  });
});

describe('what ships', () => {
  it('lists policies with their sources, and shows the rules of one', async () => {
    const { out } = await dpcbench('policies');
    for (const name of PRESET_NAMES) expect(out).toMatch(new RegExp(`^${name}$`, 'm'));
    const one = await dpcbench('policies', 'vista');
    expect(one.out).toMatch(/low +over or slow +over and idle +tail/);
  });

  it('lists scenarios with their questions, and prints each so that it can be run', async () => {
    const { out } = await dpcbench('scenarios');
    for (const name of CATALOG_NAMES) {
      expect(out).toMatch(new RegExp(`^${name}\n  \\S`, 'm'));
      const text = (await dpcbench('scenarios', name)).out;
      const file = join(folder, `${name}${text.startsWith('{') ? '.json' : '.yaml'}`);
      writeFileSync(file, text);
      expect((await dpcbench('check', file)).code).toBe(EXIT.ok);
    }
  });

  it('prints the JSON Schema', async () => {
    const schema: unknown = JSON.parse((await dpcbench('schema')).out);
    expect(schema).toMatchObject({ title: 'dpcbench scenario' });
  });

  it('takes the lines that name the schema to an editor', async () => {
    const page = readFileSync('docs/cli.md', 'utf8');
    const line = (format: string): string =>
      new RegExp(`^\\| ${format} \\| \`([^\`]+)\``, 'm').exec(page)![1];
    const [, json] = (await dpcbench('scenarios', 'w1')).out.split(/^\{/);
    const files = {
      'schema.yaml': `${line('YAML')}\n{${json}`,
      'schema.toml':
        `${line('TOML')}\npolicies = ["vista"]\nuntil = { time = "1ms" }\n` +
        '[machine]\nprocessors = 1\n[[sources]]\nname = "nic"\nirql = 5\nisr = 5\n' +
        'arrivals = { at = [5] }\n',
      'schema.json': `{${line('JSON')}${json}`,
    };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), text);
      expect((await dpcbench('check', join(folder, name))).err).toBe('');
    }
  });

  it('explains itself', async () => {
    const { code, out } = await dpcbench('--help');
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('Exit codes:');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect((await dpcbench('--version')).out).toBe(`${version}\n`);
  });
});

describe('exit codes', () => {
  it('are all documented', () => {
    const page = readFileSync('docs/cli.md', 'utf8');
    for (const code of Object.values(EXIT)) expect(page).toContain(`\n| ${code} | `);
  });
});
