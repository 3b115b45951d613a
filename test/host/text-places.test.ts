import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/scenario/limits.js';
import { type ParsedText, SyntaxProblem } from '../../src/scenario/places.js';
import { readJson } from '../../src/scenario/read-json.js';
import { readToml } from '../../src/scenario/read-toml.js';
import { readYaml } from '../../src/scenario/read-yaml.js';

type Read = (text: string) => ParsedText;

/** `line:column what is wrong` of everything that is wrong with a text; nothing if it is read. */
function problems(read: Read, text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    const all = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
    return all.map((each) => {
      if (!(each instanceof SyntaxProblem)) throw each;
      const before = text.slice(0, each.offset).split('\n');
      return `${before.length}:${before.at(-1)!.length + 1} ${each.message}`;
    });
  }
}

/** By path, where every key and value of a text stands. */
function placesOf({ places, value }: ParsedText): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (part: unknown, path: (string | number)[]): void => {
    const [key, own] = (['key', 'value'] as const).map((on) => {
      const { column, line } = places.of(value, path, on);
      return `${line}:${column}`;
    });
    found[path.join('.')] = key === own ? own : `${key} ${own}`;
    if (Array.isArray(part)) part.forEach((item, i) => visit(item, [...path, i]));
    else if (typeof part === 'object' && part !== null) {
      for (const [name, item] of Object.entries(part)) visit(item, [...path, name]);
    }
  };
  visit(value, []);
  return found;
}

describe('keys and values stand in a text', () => {
  it('of JSON where they are written', () => {
    const text = '\ufeff {"a": 1,\n "b": {"c": [true, [2, 3]],\n  "d": {}}, "e":\n"x\\n"}';
    expect(placesOf(readJson(text))).toEqual({
      '': '1:3',
      a: '1:4 1:9',
      b: '2:2 2:7',
      'b.c': '2:8 2:13',
      'b.c.0': '2:14',
      'b.c.1': '2:20',
      'b.c.1.0': '2:21',
      'b.c.1.1': '2:24',
      'b.d': '3:3 3:8',
      e: '3:13 4:1',
    });
  });

  it('of YAML where they are written, and merged ones where they are merged', () => {
    const text =
      'a: 1\nb:\n  c: [true, [2, 3]]\n  d: {}\ne:\n- &m {f: 5, a: 6}\n- x\n' +
      'g:\n  f: 7\n  <<: *m\nh:\n';
    expect(placesOf(readYaml(text))).toEqual({
      '': '1:1',
      a: '1:1 1:4',
      b: '2:1 3:3',
      'b.c': '3:3 3:6',
      'b.c.0': '3:7',
      'b.c.1': '3:13',
      'b.c.1.0': '3:14',
      'b.c.1.1': '3:17',
      'b.d': '4:3 4:6',
      e: '5:1 6:1',
      'e.0': '6:6',
      'e.0.f': '6:7 6:10',
      'e.0.a': '6:13 6:16',
      'e.1': '7:3',
      g: '8:1 9:3',
      'g.f': '9:3 9:6',
      'g.a': '10:7',
      h: '11:1 11:3',
    });
  });

  it('of TOML where they are written, and tables where they are opened', () => {
    const text =
      'a = 1\nb.c = [true, [2, 3]]\n[d]\n e = { f.g = 1, h = 2 }\n[[l]]\ni = 1\n[[l]]\ni = 2\n' +
      '[l.m]\nn = 3\n';
    expect(placesOf(readToml(text))).toEqual({
      '': '1:1',
      a: '1:1 1:5',
      b: '2:1',
      'b.c': '2:3 2:7',
      'b.c.0': '2:8',
      'b.c.1': '2:14',
      'b.c.1.0': '2:15',
      'b.c.1.1': '2:18',
      d: '3:1',
      'd.e': '4:2 4:6',
      'd.e.f': '4:8',
      'd.e.f.g': '4:10 4:14',
      'd.e.h': '4:17 4:21',
      l: '5:1',
      'l.0': '5:1',
      'l.0.i': '6:1 6:5',
      'l.1': '7:1',
      'l.1.i': '8:1 8:5',
      'l.1.m': '9:1',
      'l.1.m.n': '10:1 10:5',
    });
  });

  it('of one that is not there, at what is nearest to it', () => {
    const { places, value } = readJson('{"a":\n {"b": [1]}}');
    const at = (...path: (string | number)[]): string => {
      const { column, line } = places.of(value, path, 'value');
      return `${line}:${column}`;
    };
    expect([at('x'), at('a', 'x'), at('a', 'b', 7), at('a', 'b', 0, 'x')]).toEqual([
      '1:1',
      '2:2',
      '2:8',
      '2:9',
    ]);
  });

  it('at the line and column of every character of it', () => {
    const { places } = readJson('"a"');
    expect(places.at(0)).toEqual({ line: 1, column: 1 });
    const text = '[1,\n\n22,\n333]';
    const each = Array.from(text, (_, i) => readJson(text).places.at(i));
    expect(each.map(({ column, line }) => `${line}:${column}`).join(' ')).toBe(
      '1:1 1:2 1:3 1:4 2:1 3:1 3:2 3:3 3:4 4:1 4:2 4:3 4:4',
    );
  });
});

describe('lists and objects nest', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  const beside = '[[]], '.repeat(2 * LIMITS.nesting);
  const READERS: Record<string, [read: Read, before: string, words: string]> = {
    JSON: [readJson, '', 'lists and objects'],
    YAML: [readYaml, '', 'lists and objects'],
    TOML: [readToml, 'a = ', 'lists and tables'],
  };

  it.each(Object.keys(READERS))('64 deep in %s, however many stand beside', (name) => {
    const [read, before, words] = READERS[name];
    const inList = (depth: number): string => `${before}[${beside}${nested(depth - 1)}]`;
    expect(problems(read, inList(LIMITS.nesting))).toEqual([]);
    const column = before.length + 1 + beside.length + LIMITS.nesting;
    expect(problems(read, inList(LIMITS.nesting + 1))).toEqual([
      `1:${column} ${words} nest more than 64 deep`,
    ]);
  });

  it('64 deep in YAML by lines as well', () => {
    const lines = (depth: number): string =>
      Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
    expect(problems(readYaml, lines(LIMITS.nesting))).toEqual([]);
    expect(problems(readYaml, lines(LIMITS.nesting + 1))).toEqual([
      '65:65 lists and objects nest more than 64 deep',
    ]);
  });
});

describe('YAML', () => {
  it('has what its aliases stand for counted, themselves too', () => {
    const text = (aliases: number, more: string): string =>
      `a: &a [${'1, '.repeat(999)}]\nb: &b []\nc: [${'*a, '.repeat(aliases)}${more}]`;
    expect(problems(readYaml, text(100, ''))).toEqual([]);
    expect(problems(readYaml, text(100, '*b'))).toEqual([
      '3:405 aliases stand for more than 100,000 values',
    ]);
  });

  it('has an anchor stand for what carried its name last, not for what an alias repeats', () => {
    const { value } = readYaml('a: &x [&y 1]\nb: &y 2\nc: [*x, *y]\nd: &y 3\ne: *y');
    expect(value).toEqual({ a: [1], b: 2, c: [[1], 2], d: 3, e: 3 });
  });

  it('is told of its first ten slips, of those at one place once', () => {
    const slips = Array.from({ length: 12 }, (_, i) => `k${i}: @a`).join('\n');
    const told = problems(readYaml, slips);
    expect(told.map((problem) => problem.split(' ')[0])).toEqual(
      Array.from({ length: 10 }, (_, i) => `${i + 1}:5`),
    );
    // Both braces do not end, where the text does.
    expect(problems(readYaml, '{{')).toHaveLength(1);
  });
});

describe('JSON', () => {
  it.each([
    ['\ufeff?', '1:2 expected a value, found "?"'],
    ['[\u{1f600}]', '1:2 expected a value, found "\u{1f600}"'],
    ['[1', '1:3 expected a comma or ], found the end of the file'],
    ['{"a":1', '1:7 expected a comma or }, found the end of the file'],
    ['{"a" 1}', '1:6 expected a colon, found "1"'],
    ['{a:1}', '1:2 expected a key in double quotes, found "a"'],
    ['[1.]', '1:2 expected a value, found "1"'],
    ['[truer]', '1:2 expected a value, found "t"'],
    ['[]\n[]', '2:1 expected the end of the file, found "["'],
    ['{"a":1,"a":2}', '1:8 the key "a" stands here twice'],
    ['["a\\x"]', '1:2 a string that does not end, or with a wrong escape'],
  ])('%j is refused', (text, problem) => {
    expect(problems(readJson, text)).toEqual([problem]);
  });

  it('has words, numbers and escapes', () => {
    const text = '[true, false, null, -0.5e1, "\\u00fc\\"", "", "plain"]';
    expect(readJson(text).value).toEqual([true, false, null, -5, 'ü"', '', 'plain']);
  });
});
