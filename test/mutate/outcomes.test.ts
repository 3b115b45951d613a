import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EQUIVALENTS } from './equivalents.js';
import { mutantsOf } from './mutants.js';
import { Journal, keyOf, type Outcome, OUTCOMES, outcomeTable, type Tried } from './outcomes.js';

const tried = (place: string, outcome: Outcome): Tried => ({
  key: keyOf(place, outcome),
  outcome,
  place: `assembly/${place}:1:2`,
  what: '< instead of <=',
  why: '',
});

describe('what became of mutants', () => {
  it('is a table by folder; what nobody can notice does not count', () => {
    const all = [
      tried('rules/a.ts', 'killed'),
      tried('rules/a.ts', 'timed out'),
      tried('rules/b.ts', 'survived'),
      tried('rules/b.ts', 'equivalent'),
      tried('ground/c.ts', 'same code'),
      tried('ground/c.ts', 'undecided'),
    ];
    expect(
      outcomeTable(all)
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['', ...OUTCOMES, 'noticed'],
      ['assembly/ground', '0', '0', '0', '1', '0', '1', '0'],
      ['assembly/rules', '1', '1', '1', '0', '1', '0', '0', '66.7 %'],
      ['all', '1', '1', '1', '1', '1', '1', '0', '66.7 %'],
    ]);
  });

  it('is still known after whatever ended the program', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dpcbench-mutants-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'new', 'journal');
    const [a, b, c] = ['a', 'b', 'c'].map((name) => tried(name, 'killed'));
    new Journal(path).add(a);
    new Journal(path).add(b);
    truncateSync(path, statSync(path).size - 5);
    const journal = new Journal(path);
    expect([journal.get(a.key), journal.get(b.key)]).toEqual([a, undefined]);
    journal.add(c);
    expect(new Journal(path).get(c.key)).toEqual(c);
  });

  it('says which tests need others before them, until their file is another one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dpcbench-mutants-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [path, file] = [join(folder, 'journal'), join(folder, 'a.test.ts')];
    writeFileSync(file, 'first');
    const journal = new Journal(path);
    journal.addAlone({ file, id: '1' }, true);
    expect([journal.passesAlone({ file, id: '1' }), journal.isChained(file)]).toEqual([
      true,
      false,
    ]);
    journal.addAlone({ file, id: '2' }, false);
    const told = (): unknown => {
      const journal = new Journal(path);
      const passes = ['1', '2', '3'].map((id) => journal.passesAlone({ file, id }));
      return [passes, journal.isChained(file)];
    };
    expect(told()).toEqual([[true, false, undefined], true]);
    writeFileSync(file, 'second');
    expect(told()).toEqual([[undefined, undefined, undefined], false]);
  });
});

it('every mutant that is said to change nothing is one', () => {
  const inFile = new Map<string, Set<string>>();
  for (const file of new Set(EQUIVALENTS.map((one) => one.file))) {
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n');
    const all = mutantsOf(text).map(({ line, what }) => `${lines[line - 1].trim()}\n${what}`);
    inFile.set(file, new Set(all));
  }
  const found = EQUIVALENTS.filter(({ file, line, what }) =>
    inFile.get(file)!.has(`${line}\n${what}`),
  );
  expect(found).toEqual(EQUIVALENTS);
});
