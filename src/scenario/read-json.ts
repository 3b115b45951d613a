import { quote } from '../units.js';
import { LIMITS } from './limits.js';
import { Places, SyntaxProblem, plainObject } from './places.js';
import type { ParsedText } from './places.js';

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const CHARACTERS = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const WORD = /[A-Za-z_$][A-Za-z0-9_$]*/y;
const WORDS: ReadonlyMap<string, unknown> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const YAML_HINT = 'JSON has no comments and no trailing commas; a file that ends in .yaml may';

/**
 * Reads JSON as RFC 8259 has it, and nothing more: repeated keys, comments and trailing commas are
 * refused. Throws SyntaxProblem. A reader of its own because JSON.parse knows no places.
 */
export function readJson(text: string): ParsedText {
  const reader = new JsonReader(text);
  return { value: reader.document(), places: reader.places };
}

class JsonReader {
  readonly places: Places;
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {
    this.places = new Places(text);
    // A byte order mark is no part of the text.
    if (text.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  document(): unknown {
    this.skipSpace();
    const value = this.value();
    this.skipSpace();
    if (this.at < this.text.length) this.fail('the end of the file');
    return value;
  }

  private value(): unknown {
    switch (this.text[this.at]) {
      case '{':
        return this.nested(() => this.object());
      case '[':
        return this.nested(() => this.list());
      case '"':
        return this.string();
      default:
        return this.scalar();
    }
  }

  private nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > LIMITS.nesting) {
      throw new SyntaxProblem(`lists and objects nest more than ${LIMITS.nesting} deep`, this.at);
    }
    const result = read();
    this.depth -= 1;
    return result;
  }

  private object(): Record<string, unknown> {
    const object = plainObject();
    this.places.open(object, this.at);
    this.at += 1;
    this.skipSpace();
    if (this.take('}')) return object;
    for (;;) {
      const keyOffset = this.at;
      if (this.text[this.at] !== '"') this.fail('a key in double quotes');
      const key = this.string();
      if (key in object) {
        throw new SyntaxProblem(`the key ${quote(key)} stands here twice`, keyOffset);
      }
      this.skipSpace();
      if (!this.take(':')) this.fail('a colon');
      this.skipSpace();
      const valueOffset = this.at;
      object[key] = this.value();
      this.places.key(object, key, keyOffset, valueOffset);
      this.skipSpace();
      if (this.take('}')) return object;
      if (!this.take(',')) this.fail('a comma or }');
      this.skipSpace();
    }
  }

  private list(): unknown[] {
    const list: unknown[] = [];
    this.places.open(list, this.at);
    this.at += 1;
    this.skipSpace();
    if (this.take(']')) return list;
    for (;;) {
      this.places.item(list, this.at);
      list.push(this.value());
      this.skipSpace();
      if (this.take(']')) return list;
      if (!this.take(',')) this.fail('a comma or ]');
      this.skipSpace();
    }
  }

  private string(): string {
    const start = this.at;
    let hasEscapes = false;
    this.at += 1;
    // In steps, since one expression for a whole string exhausts the stack on a long one.
    for (;;) {
      this.match(CHARACTERS);
      if (this.take('"')) break;
      if (this.match(ESCAPE) === null) {
        throw new SyntaxProblem('a string that does not end, or with a wrong escape', start);
      }
      hasEscapes = true;
    }
    const literal = this.text.slice(start, this.at);
    return hasEscapes ? (JSON.parse(literal) as string) : literal.slice(1, -1);
  }

  private scalar(): unknown {
    const start = this.at;
    const number = this.match(NUMBER);
    if (number !== null && !/[0-9A-Za-z_.]/.test(this.text[this.at] ?? '')) return Number(number);
    this.at = start;
    const word = this.match(WORD);
    if (word !== null && WORDS.has(word)) return WORDS.get(word);
    this.at = start;
    return this.fail('a value');
  }

  private skipSpace(): void {
    // Most tokens of a long list follow each other without any.
    const code = this.text.charCodeAt(this.at);
    if (code <= 0x20) this.match(SPACE);
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return null;
    this.at = pattern.lastIndex;
    return match[0];
  }

  private fail(expected: string): never {
    const [seen] = this.text.slice(this.at, this.at + 2);
    const found = seen === undefined ? 'the end of the file' : quote(seen);
    const isYaml = seen === '/' || seen === '#' || seen === '}' || seen === ']';
    throw new SyntaxProblem(
      `expected ${expected}, found ${found}`,
      this.at,
      isYaml ? YAML_HINT : '',
    );
  }
}
