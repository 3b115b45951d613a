import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { FACTS } from '../../src/policy/facts.js';
import { conditionHolds, parseCondition } from '../../src/policy/parse-condition.js';

/** A condition as a tree, evaluated fact by fact: an independent reading of what the tables say. */
type Tree =
  | { kind: 'word'; word: string }
  | { kind: 'not'; of: Tree }
  | { kind: 'and' | 'or'; left: Tree; right: Tree };

const WORDS = ['always', 'never', ...FACTS.map((fact) => fact.word)];

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('word' as const), word: fc.constantFrom(...WORDS) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('tree') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      left: tie('tree'),
      right: tie('tree'),
    }),
  ),
}));

describe('a condition', () => {
  it.each([
    ['never', '0000000000000000'],
    ['always', 'ffffffffffffffff'],
    ['over', 'aaaaaaaaaaaaaaaa'],
    ['slow', 'cccccccccccccccc'],
    ['rare', 'f0f0f0f0f0f0f0f0'],
    ['idle', 'ff00ff00ff00ff00'],
    ['polling', 'ffff0000ffff0000'],
    ['deep', 'ffffffff00000000'],
    ['over and idle', 'aa00aa00aa00aa00'],
    ['  not(over)  ', '5555555555555555'],
  ])('%s has the table %s', (text, table) => {
    expect(parseCondition(text)).toEqual({ text, table });
  });

  it('binds not tightest, then and, then or', () => {
    const table = (text: string): string => parseCondition(text).table;
    expect(table('over or idle and not polling')).toBe(table('over or (idle and (not polling))'));
    expect(table('not over and idle')).not.toBe(table('not (over and idle)'));
    expect(table('over and not polling or deep')).toBe(table('(over and not polling) or deep'));
    expect(table('over or slow and idle')).not.toBe(table('(over or slow) and idle'));
  });

  it('answers for every set of facts as its tree does', () => {
    fc.assert(
      fc.property(tree, fc.integer({ min: 0, max: 63 }), (written, facts) => {
        expect(conditionHolds(parseCondition(textOf(written)), facts)).toBe(holds(written, facts));
      }),
    );
  });

  it('needs no more parentheses than its precedence', () => {
    fc.assert(
      fc.property(tree, (written) => {
        const bare = parseCondition(bareText(written, 0)).table;
        expect(bare).toBe(parseCondition(textOf(written)).table);
      }),
    );
  });

  it.each([
    ['', 1],
    ['over and', 9],
    ['over idle', 6],
    ['(over', 6],
    ['over)', 5],
    ['ovr', 1],
    ['over andd idle', 6],
    ['not', 4],
    ['Over', 1],
    ['over and or idle', 10],
    ['()', 2],
    ['__proto__', 1],
    ['over && idle', 6],
  ])('%j is refused at column %i', (text, column) => {
    expect(() => parseCondition(text)).toThrow(InputError);
    expect(() => parseCondition(text)).toThrow(`at column ${column} `);
  });

  it('is refused beyond its length, before it is taken apart', () => {
    expect(() => parseCondition('('.repeat(1e6))).toThrow(/more than 1000 characters/);
    expect(parseCondition('not '.repeat(200) + 'over').table).toBe(parseCondition('over').table);
  });
});

function holds(written: Tree, facts: number): boolean {
  switch (written.kind) {
    case 'word': {
      const fact = FACTS.find(({ word }) => word === written.word);
      return fact === undefined ? written.word === 'always' : (facts & fact.bit) !== 0;
    }
    case 'not':
      return !holds(written.of, facts);
    case 'and':
      return holds(written.left, facts) && holds(written.right, facts);
    case 'or':
      return holds(written.left, facts) || holds(written.right, facts);
  }
}

function textOf(written: Tree): string {
  if (written.kind === 'word') return written.word;
  if (written.kind === 'not') return `not (${textOf(written.of)})`;
  return `(${textOf(written.left)}) ${written.kind} (${textOf(written.right)})`;
}

/** `level` is how tightly the surroundings bind: 0 or, 1 and, 2 not. */
function bareText(written: Tree, level: number): string {
  if (written.kind === 'word') return written.word;
  if (written.kind === 'not') return `not ${bareText(written.of, 2)}`;
  const own = written.kind === 'or' ? 0 : 1;
  const text = `${bareText(written.left, own)} ${written.kind} ${bareText(written.right, own)}`;
  return own < level ? `(${text})` : text;
}
