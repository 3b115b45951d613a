import { describe, expect, it } from 'vitest';
import { applyMutant, mutantsOf } from './mutants.js';
import { nearestTests } from './nearest-tests.js';

const all = (text: string): string[] => mutantsOf(text).map((mutant) => applyMutant(text, mutant));

describe('mutants', () => {
  it('change one thing at a time', () => {
    expect(all('if (a < 1) b += 2;')).toEqual([
      'if (!(a < 1)) b += 2;',
      'if (a <= 1) b += 2;',
      'if (a < 2) b += 2;',
      'if (a < 1) ;',
      'if (a < 1) b -= 2;',
      'if (a < 1) b += 3;',
    ]);
    expect(all('const x = f(true) ? i++ : y && z;')).toHaveLength(4);
  });

  it('leave types, imports, assertions and texts alone', () => {
    expect(all("import { a } from './b.js'; type T = 1 | 2; assert(x > 0);")).toEqual([]);
    expect(all("const text = a + ' b';")).toEqual([]);
  });

  it("are read out of the kernel's language", () => {
    const text = '@inline export function f(x: i32): bool { return x >= <i32>LIMIT; }';
    expect(all(text)).toEqual([text.replace('>=', '>')]);
  });

  it('say where they are', () => {
    expect(
      mutantsOf('a;\n  b = c - d;').map(({ line, column, what }) => [line, column, what]),
    ).toEqual([
      [1, 1, 'without a;'],
      [2, 3, 'without b = c - d;'],
      [2, 9, '+ instead of -'],
    ]);
  });
});

describe('the nearest tests', () => {
  it('are those that import a file, the nearest first', () => {
    const tests = nearestTests('src/disk/journal-format.ts');
    expect(tests[0]).toBe('test/host/journal.test.ts');
    expect(tests).toContain('test/determinism/kept-shards.test.ts');
  });

  it('of the kernel are those of its rules, then those against the model', () => {
    const tests = nearestTests('assembly/rules/insert.ts');
    expect(tests[0]).toMatch(/^test\/semantics\//);
    const others = tests.filter((test) => !test.startsWith('test/semantics/'));
    expect(others.slice(0, 3)).toContain('test/conformance/kernel-and-twin.test.ts');
    expect(tests).toContain('test/conservation/census.test.ts');
  });
});
