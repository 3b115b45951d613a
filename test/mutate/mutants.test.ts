import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyMutant, mutantsOf } from './mutants.js';
import type { CalledFunctions } from './called-functions.js';
import { callingTests, needBuild, nearestTests } from './nearest-tests.js';
import type { TestedTest } from './test-runner.js';
import { usersOf } from './users.js';

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

it('a mutant says which function it is in, as V8 names it', () => {
  const text = `
    const ONE = 1;
    const arrow = () => [2].map(() => 3);
    function outer() { return { method() { return 4; }, named: () => 5 }; }
    class A { size = 6; static all = 7; constructor() { this.size = 8; } get b() { return 9; } }`;
  expect(mutantsOf(text).map(({ what, within }) => `${what.split(' ').pop()} ${within}`)).toEqual([
    '1 ',
    '2 arrow',
    '3 arrow',
    '4 method',
    '5 named',
    '6 <instance_members_initializer>',
    '7 <static_initializer>',
    '8; A',
    '8 A',
    '9 get b',
  ]);
});

it('a mutant of a constant is of those that use it, also in other files', () => {
  const users = (file: string, constant: string): string[] => {
    const mutants = mutantsOf(readFileSync(file, 'utf8'));
    const found = usersOf(
      file,
      mutants.find(({ declared }) => declared === constant)!,
    );
    return [...new Set(found.map(({ name, source }) => `${source} ${name}`))].sort();
  };
  expect(users('src/units.ts', 'STEPS')).toEqual([
    'src/units.ts formatNs',
    'src/units.ts formatNsExactly',
  ]);
  expect(users('src/result/over-time-shape.ts', 'MOST_GROUPS')).toEqual(
    expect.arrayContaining([
      'src/export/read-result.ts readResult',
      'src/result/over-time.ts groupSize',
    ]),
  );
  const [unused] = mutantsOf('const ONE = 1;');
  expect(usersOf('src/units.ts', unused)).toEqual([{ source: 'src/units.ts', name: '' }]);
});

describe('the nearest tests', () => {
  it('are those that import a file, the nearest first', () => {
    const tests = [...nearestTests('src/disk/journal-format.ts').keys()];
    expect(tests[0]).toBe('test/host/journal.test.ts');
    expect(tests).toContain('test/determinism/kept-shards.test.ts');
  });

  it('of what a page bundles are those that open it', () => {
    const tests = nearestTests('src/play/live-column.ts');
    expect([...tests.keys()]).toContain('test/play/page.test.ts');
  });

  it('are those that call the function, where any does', () => {
    const source = 'src/a.ts';
    const test = (id: string, ms: number, ...called: string[]): TestedTest => {
      return { id, isPassed: true, ms, called: called.length > 0 ? { [source]: called } : {} };
    };
    const tests = [test('1', 10, 'f', 'g'), test('2', 20), test('3', 40, 'f')];
    const file = { file: 'a.test.ts', isPassed: true, ms: 90, stillMs: 9, tests };
    const calling = (name: string, outside: CalledFunctions): unknown =>
      callingTests({ ...file, called: outside }, [{ source, name }]);
    expect(calling('f', {})).toEqual({ file: 'a.test.ts', ids: ['1', '3'], ms: 50 });
    expect(calling('g', {})).toEqual({ file: 'a.test.ts', ids: ['1'], ms: 10 });
    expect(calling('', {})).toEqual({ file: 'a.test.ts', ids: ['1', '3'], ms: 50 });
    expect(calling('inThread', {})).toBeNull();
    expect(calling('f', { 'src/b.ts': ['f'] })).toEqual(calling('f', {}));
    // What makes something for all of them.
    expect(calling('f', { [source]: ['f'] })).toEqual({ file: 'a.test.ts', ids: null, ms: 90 });
  });

  it('are run before and after a build: those of processes and threads need one', () => {
    const tests = ['test/host/cli-process.test.ts', 'test/host/packed-histograms.test.ts'];
    expect(needBuild(tests)).toEqual(new Set(['test/host/cli-process.test.ts']));
  });

  it('of the kernel are those of its rules, then those against the model', () => {
    const tests = [...nearestTests('assembly/rules/insert.ts').keys()];
    expect(tests[0]).toMatch(/^test\/semantics\//);
    const others = tests.filter((test) => !test.startsWith('test/semantics/'));
    expect(others.slice(0, 3)).toContain('test/conformance/kernel-and-twin.test.ts');
    expect(tests).toContain('test/conservation/census.test.ts');
  });
});
