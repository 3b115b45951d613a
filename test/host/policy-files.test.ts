import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { truthTable } from '../../src/export/truth-table.js';
import { parseCondition } from '../../src/policy/parse-condition.js';
import { findPreset } from '../../src/policy/presets.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { parsePolicies } from '../../src/scenario/parse-policies.js';
import { type Answer, runCli } from './run-cli.js';

const TEXT = `policies:
  - name: quiet
    other: { high: never, low: over and slow }
  - name: quieter
    extends: quiet
    other: { mediumHigh: never }
`;
let folder: string;
let file: string;

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const dpcbench = (...args: string[]): Promise<Answer> => runCli(args);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-policies-'));
  file = write('mine.yaml', TEXT);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file of policies', () => {
  it('holds a list, of which one may extend another before it, or a single one', () => {
    const [quiet, quieter] = parsePolicies(TEXT, 'mine.yaml');
    expect(quiet.other.medium).toEqual(findPreset('vista')!.other.medium);
    expect(quieter.other.high).toEqual(parseCondition('never'));
    expect([quieter.name, quieter.other.mediumHigh.text]).toEqual(['quieter', 'never']);
    const [single] = parsePolicies('{ "name": "one", "extends": "msdn" }', 'one.json');
    expect([single.name, single.depth]).toEqual(['one', 'exceeds']);
    const scenario = resolveScenario({
      sources: [{ name: 's', irql: 5, arrivals: { at: [1] } }],
      policies: [
        { name: 'a', other: { low: 'always' } },
        { name: 'b', extends: 'a' },
      ],
    });
    expect(scenario.policies[1].other.low.text).toBe('always');
  });

  it('is refused with the place of everything that is wrong', () => {
    const wrong = 'policies:\n  - name: vista\n  - name: a\n    extends: quite\n    depth: reach\n';
    expect(() => parsePolicies(wrong, 'my.yaml')).toThrow(
      /^my\.yaml:2:11: policies\[0\]\.name.*\nmy\.yaml:4:14: .*\.extends.*\nmy\.yaml:5:12/,
    );
    expect(() => parsePolicies('name: a\nextends: vist', 'my.yaml')).toThrow(/mean vista\?/);
    expect(() => parsePolicies('policies: []', 'my.yaml')).toThrow(/a list of 1 to 64/);
    const twice = 'policies: [{ name: a }, { name: a }]';
    expect(() => parsePolicies(twice, 'my.yaml')).toThrow(/that of item 0 again/);
    // A policy cannot extend one that comes after it, nor itself: there are no circles.
    expect(() => parsePolicies('name: a\nextends: a', 'my.yaml')).toThrow(/found "a"/);
  });
});

describe('--policy-file', () => {
  const RUN = ['run', 'remote-completion', '-n', '4k', '-q', '--json', '-'];
  const policiesOf = ({ out }: Answer): string[] =>
    (JSON.parse(out) as { results: { policy: string }[] }).results.map(({ policy }) => policy);

  it('adds policies to those of the scenario and to those that are named', async () => {
    expect(policiesOf(await dpcbench(...RUN, '--policy-file', file)).slice(3)).toEqual([
      'windows-internals',
      'quiet',
      'quieter',
    ]);
    const named = await dpcbench(...RUN, '--policy-file', file, '--policy', 'vista,quieter');
    expect(policiesOf(named)).toEqual(['vista', 'quieter']);
  });

  it('is taken by trace and explain', async () => {
    const args = ['-n', '2k', '--policy-file', file, '-p', 'quieter'];
    expect((await dpcbench('trace', 'remote-completion', ...args)).code).toBe(EXIT.ok);
    const explained = await dpcbench(
      'explain',
      'remote-completion',
      ...args.slice(0, 5),
      'vista,quiet',
      '-q',
    );
    expect(explained.out).toContain('quiet');
  });

  it('refuses names that stand twice and files that are none', async () => {
    const other = write('other.yaml', 'name: quiet\n');
    const twice = await dpcbench('policies', '--policy-file', file, '--policy-file', other);
    expect([twice.code, twice.out]).toEqual([EXIT.usage, '']);
    expect(twice.err).toContain('is in');
    const missing = await dpcbench('policies', '--policy-file', 'vista');
    expect([missing.code, missing.err]).toEqual([
      EXIT.files,
      'vista: no such file (a policy that ships is named by --policy vista)\n',
    ]);
    const scenario = write(
      'own.yaml',
      `${TEXT}sources: [{ name: s, irql: 5, arrivals: { at: [1] } }]\n`,
    );
    const clash = await dpcbench('run', scenario, '--policy-file', file, '-q');
    expect([clash.code, clash.err]).toEqual([
      EXIT.usage,
      expect.stringMatching(/^the policy "quiet" is in the sc/),
    ]);
  });
});

describe('the truth table', () => {
  it('has a row for each importance and each rate that counts, within 80 columns', () => {
    const [quiet] = parsePolicies(TEXT, 'mine.yaml');
    const lines = truthTable(quiet);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const other = lines.slice(lines.findIndex((line) => line.includes('another')) + 1);
    expect(other.map((line) => line.trim().split(/ {2,}/)[0])).toEqual([
      'Low, fast',
      'Low, slow',
      'Medium',
      'MediumHigh',
      'High',
    ]);
    expect(other[1]).toMatch(/Low, slow( +-){4}( +yes){4}$/);
    expect(other[2]).toMatch(/Medium( +-){5}( +yes){3}$/);
    expect(other[4]).toMatch(/High( +-){8}$/);
  });

  it('is printed by policies, for a file or a preset', async () => {
    const { out } = await dpcbench('policies', '--policy-file', file);
    expect(out.match(/^quiet(er)?$/gm)).toEqual(['quiet', 'quieter']);
    expect((await dpcbench('policies', 'nt52')).out).toMatch(/Low( +-){4} +yes +- +yes +yes$/m);
    const { out: difference } = await dpcbench(
      'policies',
      '--policy-file',
      file,
      '--diff',
      'quiet',
      'vista',
    );
    expect(difference).toContain('lets it wait (never)');
  });
});
