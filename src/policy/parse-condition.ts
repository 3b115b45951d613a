import { inputError } from '../errors.js';
import type { Condition } from './policy.js';
import { quote } from '../units.js';
import { FACTS } from './facts.js';

/** Characters that a condition may have; bounds the parser's recursion as well. */
export const CONDITION_LENGTH_LIMIT = 1_000;

const SETS_OF_FACTS = 64;
const ALL = (1n << BigInt(SETS_OF_FACTS)) - 1n;

/** Every word that stands for a truth value, with its truth table. */
const TABLES: ReadonlyMap<string, bigint> = new Map([
  ['always', ALL],
  ['never', 0n],
  ...FACTS.map(({ word, bit }): [string, bigint] => [word, factTable(bit)]),
]);

const ALLOWED =
  `${[...TABLES.keys()].join(', ')}, joined by not, and, or and parentheses ` +
  '(not binds tightest, then and, then or)';

/** A condition that cannot be read: what is wrong, and the column from 1 at which. */
class ConditionError extends Error {
  constructor(
    message: string,
    readonly column: number,
  ) {
    super(message);
  }
}

/**
 * Reads a request condition such as `over and not polling` and works out its truth table.
 *
 * The operators act on whole tables (64 answers in one word), so reading it is evaluating it.
 * Throws InputError, with the column in the message, for anything that is not a condition.
 */
export function parseCondition(text: string): Condition {
  try {
    return { text, table: conditionTable(text).toString(16).padStart(16, '0') };
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    throw inputError(
      `${quote(text)} is not a condition: at column ${error.column} ${error.message}`,
      `allowed are ${ALLOWED}`,
    );
  }
}

/** The answer of a condition when the facts are `facts` (bits of facts.ts). */
export function conditionHolds(condition: Condition, facts: number): boolean {
  return ((BigInt(`0x${condition.table}`) >> BigInt(facts)) & 1n) === 1n;
}

function conditionTable(text: string): bigint {
  if (text.length > CONDITION_LENGTH_LIMIT) {
    throw new ConditionError(`it has more than ${CONDITION_LENGTH_LIMIT} characters`, 1);
  }
  const parser = new ConditionParser(tokens(text), text.length + 1);
  return parser.whole();
}

interface Token {
  word: string;
  column: number;
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  for (const match of text.matchAll(/[()]|[^\s()]+/g)) {
    found.push({ word: match[0], column: match.index + 1 });
  }
  return found;
}

/** Recursive descent over `or`, `and`, `not`, the loosest first. */
class ConditionParser {
  private next = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly endColumn: number,
  ) {}

  whole(): bigint {
    const table = this.alternatives();
    if (this.next < this.tokens.length) this.fail('and, or, or the end');
    return table;
  }

  private alternatives(): bigint {
    let table = this.conjunction();
    while (this.take('or')) table |= this.conjunction();
    return table;
  }

  private conjunction(): bigint {
    let table = this.negation();
    while (this.take('and')) table &= this.negation();
    return table;
  }

  private negation(): bigint {
    if (this.take('not')) return ALL & ~this.negation();
    if (this.take('(')) {
      const table = this.alternatives();
      if (!this.take(')')) this.fail(') or an operator');
      return table;
    }
    const table = TABLES.get(this.tokens[this.next]?.word ?? '');
    if (table === undefined) this.fail('a fact, not or (');
    this.next += 1;
    return table;
  }

  private take(word: string): boolean {
    if (this.tokens[this.next]?.word !== word) return false;
    this.next += 1;
    return true;
  }

  private fail(expected: string): never {
    const token = this.tokens[this.next];
    const seen = token === undefined ? 'it ends' : `${quote(token.word, 20)} stands`;
    throw new ConditionError(
      `${seen} where ${expected} should be`,
      token?.column ?? this.endColumn,
    );
  }
}

function factTable(bit: number): bigint {
  let table = 0n;
  for (let facts = 0; facts < SETS_OF_FACTS; facts += 1) {
    if ((facts & bit) !== 0) table |= 1n << BigInt(facts);
  }
  return table;
}
