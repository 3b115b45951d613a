import { ParseError, parseTOML } from 'toml-eslint-parser';
import type { AST } from 'toml-eslint-parser';
import { plainText, quote } from '../units.js';
import { LIMITS } from './limits.js';
import { Places, SyntaxProblem, plainObject } from './places.js';
import type { ParsedText } from './places.js';
import { refuseHugeToml } from './toml-bounds.js';

/** Reads TOML 1.0. Throws SyntaxProblem; dates are refused, since no field takes one. */
export function readToml(text: string): ParsedText {
  refuseHugeToml(text);
  const builder = new TomlBuilder(text);
  return { value: builder.build(programOf(text)), places: builder.places };
}

function programOf(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: '1.0' });
  } catch (error) {
    if (error instanceof ParseError) throw new SyntaxProblem(plainText(error.message), error.index);
    throw error;
  }
}

type Table = Record<string, unknown>;

class TomlBuilder {
  readonly places: Places;
  private depth = 0;

  constructor(text: string) {
    this.places = new Places(text);
  }

  build(program: AST.TOMLProgram): Table {
    const root = plainObject();
    this.places.open(root, 0);
    for (const node of program.body[0].body) {
      if (node.type === 'TOMLKeyValue') this.keyValue(root, node);
      else this.table(root, node);
    }
    return root;
  }

  private table(root: Table, node: AST.TOMLTable): void {
    const start = node.range[0];
    let place: Table | unknown[] = root;
    this.checkDepth(node.resolvedKey.length, start);
    for (const [index, step] of node.resolvedKey.entries()) {
      // The path mixes names and indices: a name before an index is that of a list.
      const isList = typeof node.resolvedKey[index + 1] === 'number';
      place = Array.isArray(place)
        ? this.tableAt(place, step as number, start)
        : this.childOf(place, String(step), start, isList);
    }
    for (const pair of node.body) this.keyValue(place as Table, pair);
  }

  /** The table that `[[name]]` opens in its list, or the one that is open there. */
  private tableAt(list: unknown[], index: number, start: number): Table {
    if (index === list.length) {
      const table = plainObject();
      this.places.open(table, start);
      this.places.item(list, start);
      list.push(table);
    }
    return list[index] as Table;
  }

  private childOf(table: Table, key: string, start: number, isList: boolean): Table | unknown[] {
    if (!(key in table)) {
      const child = isList ? [] : plainObject();
      this.places.open(child, start);
      this.places.key(table, key, start, start);
      table[key] = child;
    }
    const child = table[key];
    if (typeof child === 'object' && child !== null) return child as Table;
    throw new SyntaxProblem(`the key ${quote(key)} stands here twice`, start);
  }

  private keyValue(table: Table, node: AST.TOMLKeyValue): void {
    const keys = node.key.keys;
    let owner = table;
    for (const part of keys.slice(0, -1)) {
      this.checkDepth(keys.length, part.range[0]);
      owner = this.childOf(owner, keyText(part), part.range[0], false) as Table;
    }
    const last = keys[keys.length - 1];
    const key = keyText(last);
    if (key in owner) {
      throw new SyntaxProblem(`the key ${quote(key)} stands here twice`, last.range[0]);
    }
    owner[key] = this.content(node.value);
    this.places.key(owner, key, last.range[0], node.value.range[0]);
  }

  private content(node: AST.TOMLContentNode): unknown {
    if (node.type === 'TOMLValue') return scalar(node);
    this.depth += 1;
    this.checkDepth(this.depth, node.range[0]);
    const value = node.type === 'TOMLArray' ? this.list(node) : this.inlineTable(node);
    this.depth -= 1;
    return value;
  }

  private checkDepth(depth: number, offset: number): void {
    if (depth <= LIMITS.nesting) return;
    throw new SyntaxProblem(`lists and tables nest more than ${LIMITS.nesting} deep`, offset);
  }

  private list(node: AST.TOMLArray): unknown[] {
    const list: unknown[] = [];
    this.places.open(list, node.range[0]);
    for (const element of node.elements) {
      this.places.item(list, element.range[0]);
      list.push(this.content(element));
    }
    return list;
  }

  private inlineTable(node: AST.TOMLInlineTable): Table {
    const table = plainObject();
    this.places.open(table, node.range[0]);
    for (const pair of node.body) this.keyValue(table, pair);
    return table;
  }
}

function keyText(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function scalar(node: AST.TOMLValue): unknown {
  if (node.kind === 'string' || node.kind === 'boolean') return node.value;
  if (node.kind === 'integer' || node.kind === 'float') return Number(node.value);
  throw new SyntaxProblem('a date or a time of day: no field takes one', node.range[0]);
}
