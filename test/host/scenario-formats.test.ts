import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml';
import { InputError } from '../../src/errors.js';
import { LIMITS } from '../../src/scenario/limits.js';
import { parseScenario, resolveScenario } from '../../src/scenario/parse.js';
import { readJson } from '../../src/scenario/read-json.js';
import { readToml } from '../../src/scenario/read-toml.js';
import { readYaml } from '../../src/scenario/read-yaml.js';

const FIXTURES = new URL('../fixtures/scenarios/', import.meta.url);
const fixtures = readdirSync(FIXTURES).filter((name) => name.endsWith('.json'));
const fixture = (name: string): string => readFileSync(new URL(name, FIXTURES), 'utf8');

function failure(text: string, file: string): string {
  try {
    parseScenario(text, file);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return '';
}

const SOURCES = '"sources":[{"name":"s","irql":5,"arrivals":{"at":[1]}}]';

describe('the three formats', () => {
  it('have fixtures to read', () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(5);
  });

  it.each(fixtures)('give the same scenario for %s', (name) => {
    const text = fixture(name);
    const written = JSON.parse(text) as { name: string; sources: unknown[]; policies: unknown[] };
    const scenario = parseScenario(text, name);
    expect(resolveScenario(written)).toEqual(scenario);
    expect(parseScenario(stringifyYaml(written), `${name}.yaml`)).toEqual(scenario);
    expect(parseScenario(tomlOf(written), `${name}.toml`)).toEqual(scenario);
    expect(scenario.name).toBe(written.name);
    expect(scenario.sources).toHaveLength(written.sources.length);
    expect(scenario.policies).toHaveLength(written.policies.length);
  });

  it('are told apart by the ending alone', () => {
    expect(failure('{}', 'a.txt')).toBe(
      'a.txt: the name of the file must end in .json, .yaml, .yml, .toml',
    );
    expect(failure(`{${SOURCES}}`, 'A.JSON')).toBe('');
  });

  it('are bounded in length', () => {
    const text = ' '.repeat(LIMITS.slowTextLength + 1);
    expect(failure(text, 'a.yaml')).toMatch(/has 4,194,305 characters; 4,194,304 are allowed/);
    expect(failure(text, 'a.json')).not.toMatch(/are allowed in this format/);
  });

  it('read a list of arrivals of a megabyte without delay', () => {
    const at = Array.from({ length: 125_000 }, (_, index) => 1_000_000 + index);
    const text = JSON.stringify({ sources: [{ name: 's', irql: 5, arrivals: { at } }] });
    expect(text.length).toBeGreaterThan(1e6);
    const startedAt = performance.now();
    const scenario = parseScenario(text, 'a.json');
    // Some 20 ms; the bound only has to tell it from a reader that is slow by design.
    expect(performance.now() - startedAt).toBeLessThan(900);
    expect(scenario.sources[0]).toMatchObject({ arrivals: { kind: 'at', atNs: at } });
  });

  it('keep keys that JavaScript gives a meaning as plain keys', () => {
    for (const [text, file] of [
      [`{"__proto__":{"x":1},${SOURCES}}`, 'a.json'],
      [`__proto__: {x: 1}\nconstructor: 2\n`, 'a.yaml'],
      [`__proto__.x = 1\n[constructor]\nprototype = 2`, 'a.toml'],
    ]) {
      expect(failure(text, file)).toMatch(/unknown key "__proto__"/);
    }
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('JSON', () => {
  it('is read as JSON.parse reads it', () => {
    const text =
      '\ufeff { "a" : [ 1 , -0.5e+3, "x\\u00e9\\n\\"" , true,false , null,{ } , [ ] ], "": 0 }';
    expect(JSON.stringify(readJson(text).value)).toBe(JSON.stringify(JSON.parse(text.slice(1))));
  });

  it.each([
    ['', '1:1: the file is empty'],
    [' \n', '1:1: the file is empty'],
    ['{"a":1,"a":2}', '1:8: the key "a" stands here twice'],
    ['{"a":1,}', '1:8: expected a key in double quotes, found "}" (JSON has no comments'],
    ['[1,2,]', '1:6: expected a value, found "]" (JSON has no comments'],
    ['{\n// no\n}', '2:1: expected a key in double quotes, found "/" (JSON has no comments'],
    ["{'a':1}", '1:2: expected a key in double quotes'],
    ['[01]', '1:2: expected a value'],
    ['[NaN]', '1:2: expected a value, found "N"'],
    ['["a\nb"]', '1:2: a string that does not end'],
    ['["a', '1:2: a string that does not end'],
    ['{"a" 1}', '1:6: expected a colon, found "1"'],
    ['[1 2]', '1:4: expected a comma or ], found "2"'],
    ['[] x', '1:4: expected the end of the file, found "x"'],
    ['['.repeat(1e5), '1:65: lists and objects nest more than 64 deep'],
  ])('%j is refused', (text, message) => {
    expect(failure(text, 'a.json')).toContain(`a.json:${message}`);
  });
});

describe('YAML', () => {
  it('has anchors and merge keys, of which the nearer wins', () => {
    const text = [
      'base: &base {x: 1, y: 2}',
      'other: &other {y: 3, z: 4}',
      'a: {<<: *base, y: 9}',
      'b: {<<: [*base, *other]}',
      'c: *other',
      'd: &other [7]',
      'e: *other',
      '5: five',
    ].join('\n');
    expect(JSON.parse(JSON.stringify(readYaml(text).value))).toEqual(
      parseYaml(text, { merge: true }),
    );
  });

  it.each([
    ['a: 1\nb: 2\na: 3', '3:1: the key "a" stands here twice'],
    ['a: *nowhere', '1:4: '],
    ['a: &a [*a]', '1:7: lists and objects nest more than 64 deep'],
    ['a: !mine 1', '1:4: Unresolved tag: !mine'],
    ['a: [1, 2', '1:9: '],
    ['? [1]\n: 2', '1:3: a key must be plain text'],
    ['a: 1\n---\nb: 2', '2:1: '],
    ['<<: 5', '1:5: a merge key << takes an alias'],
  ])('%j is refused', (text, message) => {
    expect(failure(text, 'a.yaml')).toContain(`a.yaml:${message}`);
  });

  it('survives nesting that exhausts its parser', () => {
    expect(failure('['.repeat(50_000), 'a.yaml')).toMatch(/nest more than 64 deep/);
  });

  it('bounds what aliases stand for', () => {
    const lines = ['a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]'];
    for (let i = 1; i < 12; i += 1) lines.push(`a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]`);
    expect(failure(lines.join('\n'), 'a.yaml')).toMatch(
      /aliases stand for more than 100,000 values/,
    );
  });

  it('looks for repeated keys without comparing each with each', () => {
    const text = Array.from({ length: 30_000 }, (_, index) => `k${index}: 1`).join('\n');
    // Time of the processor: others at work on a busy machine do not count.
    const before = process.cpuUsage();
    readYaml(text);
    const { system, user } = process.cpuUsage(before);
    expect((system + user) / 1000).toBeLessThan(3_000);
  });
});

describe('TOML', () => {
  it('has tables, lists of tables, dotted keys and inline tables', () => {
    const text = [
      'a.b = 1',
      '"c d" = [1.5, {e = true}]',
      '[[s]]',
      'x = 1',
      '[s.t]',
      'y = "q"',
      '[[s]]',
      '[[s.u]]',
      'z = 0x10',
    ].join('\n');
    expect(JSON.parse(JSON.stringify(readToml(text).value))).toEqual({
      a: { b: 1 },
      'c d': [1.5, { e: true }],
      s: [{ x: 1, t: { y: 'q' } }, { u: [{ z: 16 }] }],
    });
  });

  it.each([
    ['a = 1\na = 2', '2:1: '],
    ['[a]\nb = 1\n[a]\n', '3:2: '],
    ['a = ', '1:'],
    ['name = 1979-05-27', '1:8: a date or a time of day: no field takes one'],
    [`a = ${'['.repeat(100)}${']'.repeat(100)}`, '1:69: lists and tables nest more than 64 deep'],
    [`${'a.'.repeat(100)}a = 1`, '1:1: lists and tables nest more than 64 deep'],
    [`[${'a.'.repeat(100)}a]`, '1:1: lists and tables nest more than 64 deep'],
  ])('%j is refused', (text, message) => {
    expect(failure(text, 'a.toml')).toContain(`a.toml:${message}`);
  });

  it('that nests without end is refused before its parser sees it', () => {
    const tooDeep = 'lists and tables nest more than 64 deep';
    expect(failure(`a = ${'['.repeat(1000)}`, 'a.toml')).toContain(`a.toml:1:133: ${tooDeep}`);
    expect(failure(`a = ${'{b=['.repeat(500)}`, 'a.toml')).toContain(`a.toml:1:261: ${tooDeep}`);
    const flat = `a = [${'[1], '.repeat(500)}[1]]\n`;
    expect(readToml(flat).value).toEqual({ a: new Array(501).fill([1]) });
  });
});

/** Written as one inline value for each key, which TOML may hold on one line. */
function tomlOf(value: object): string {
  return Object.entries(value)
    .map(([key, member]) => `${key} = ${inline(member)}`)
    .join('\n');
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${key} = ${inline(member)}`);
  return `{ ${members.join(', ')} }`;
}
