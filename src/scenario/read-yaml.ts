import { Composer, isAlias, isScalar, isSeq, Lexer, Parser } from 'yaml';
import type { CST, Document, Pair, ParsedNode, Scalar, YAMLError, YAMLMap, YAMLSeq } from 'yaml';
import { formatCount, plainText, quote } from '../units.js';
import { LIMITS } from './limits.js';
import { LONG_LIST_HINT, Places, SyntaxProblem, plainObject } from './places.js';
import type { ParsedText } from './places.js';

const FAILURE_LIMIT = 10;

/**
 * Reads one document of YAML 1.2 with its core schema and merge keys. Repeated keys and unknown
 * tags are refused, and aliases are bounded by what they add up to. Throws SyntaxProblem, or a list
 * of them as an AggregateError.
 */
export function readYaml(text: string): ParsedText {
  const document = composed(text);
  const failures = [...document.errors, ...document.warnings];
  if (failures.length > 0) throw new AggregateError(syntaxProblems(failures));
  const builder = new YamlBuilder(text);
  return { value: builder.build(document.contents), places: builder.places };
}

/** The only document of a text, which may be empty. */
function composed(text: string): Document.Parsed {
  // The library's own check of repeated keys is quadratic, so it is left to the builder below.
  const composer = new Composer<ParsedNode>({ merge: true, uniqueKeys: false });
  const [document, second] = composer.compose(boundedTokens(text), true, text.length);
  if (second === undefined) return document as Document.Parsed;
  throw new SyntaxProblem(
    'a second document begins here; a scenario file holds one',
    second.range[0],
    'put each scenario into a file of its own',
  );
}

/**
 * The concrete syntax of a text, refused while it is still a list of words if it has more of them,
 * or nests deeper, than can be made a tree of.
 */
function* boundedTokens(text: string): Generator<CST.Token> {
  const parser = new Parser();
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > LIMITS.yamlTokens) {
      throw new SyntaxProblem(
        `the file has more than ${formatCount(LIMITS.yamlTokens)} words and marks up to here`,
        parser.offset,
        LONG_LIST_HINT,
      );
    }
    yield* parser.next(lexeme);
    // A level takes two places at most; the builder below counts levels exactly.
    if (parser.stack.length > 2 * LIMITS.nesting + 2) throw nestingProblem(parser.offset);
  }
  yield* parser.end();
}

/** One slip often makes several failures: those after the first at one place say nothing new. */
function syntaxProblems(failures: readonly YAMLError[]): SyntaxProblem[] {
  const byOffset = new Map<number, SyntaxProblem>();
  for (const { message, pos } of failures) {
    if (byOffset.size === FAILURE_LIMIT) break;
    if (byOffset.has(pos[0])) continue;
    byOffset.set(pos[0], new SyntaxProblem(plainText(message), pos[0]));
  }
  return [...byOffset.values()];
}

function nestingProblem(offset: number): SyntaxProblem {
  return new SyntaxProblem(`lists and objects nest more than ${LIMITS.nesting} deep`, offset);
}

type Node = ParsedNode | null;

class YamlBuilder {
  readonly places: Places;
  private depth = 0;
  private aliasDepth = 0;
  private aliasedValues = 0;
  /** By name, the last node that carried it: what an alias that follows stands for. */
  private readonly anchors = new Map<string, ParsedNode>();

  constructor(text: string) {
    this.places = new Places(text);
  }

  build(node: Node): unknown {
    if (node === null) return null;
    if (!isAlias(node) && node.anchor !== undefined && this.aliasDepth === 0) {
      this.anchors.set(node.anchor, node);
    }
    if (isScalar(node)) return this.scalar(node);
    if (isAlias(node)) return this.alias(node.source, startOf(node));
    this.depth += 1;
    if (this.depth > LIMITS.nesting) throw nestingProblem(startOf(node));
    const value = isSeq(node) ? this.list(node as YAMLSeq) : this.object(node as YAMLMap);
    this.depth -= 1;
    return value;
  }

  private scalar(node: Scalar): unknown {
    if (this.aliasDepth > 0) this.countAliased(startOf(node));
    return typeof node.value === 'symbol' ? '<<' : node.value;
  }

  /**
   * Values under an alias are built anew each time, and counted: a few lines can stand for many.
   */
  private alias(name: string, offset: number): unknown {
    const target = this.anchors.get(name);
    if (target === undefined) {
      throw new SyntaxProblem(`no anchor before this is named ${quote(name)}`, offset);
    }
    this.aliasDepth += 1;
    this.countAliased(offset);
    const value = this.build(target);
    this.aliasDepth -= 1;
    return value;
  }

  private countAliased(offset: number): void {
    this.aliasedValues += 1;
    if (this.aliasedValues > LIMITS.aliasedValues) {
      throw new SyntaxProblem(
        `aliases stand for more than ${formatCount(LIMITS.aliasedValues)} values`,
        offset,
        'write long lists once, or use arrivals of another form',
      );
    }
  }

  private list(node: YAMLSeq): unknown[] {
    const list: unknown[] = [];
    this.places.open(list, startOf(node));
    for (const item of node.items as Node[]) {
      this.places.item(list, startOf(item));
      list.push(this.build(item));
    }
    return list;
  }

  private object(node: YAMLMap): Record<string, unknown> {
    const object = plainObject();
    this.places.open(object, startOf(node));
    const merges: Node[] = [];
    for (const pair of node.items as Pair<Node, Node>[]) {
      const { key, value } = pair;
      if (isScalar(key) && typeof key.value === 'symbol') {
        merges.push(value);
        continue;
      }
      const name = keyText(key, startOf(node));
      const keyOffset = startOf(key);
      if (name in object) {
        throw new SyntaxProblem(`the key ${quote(name)} stands here twice`, keyOffset);
      }
      object[name] = this.build(value);
      this.places.key(object, name, keyOffset, value === null ? keyOffset : startOf(value));
    }
    for (const merge of merges) this.merge(object, merge);
    return object;
  }

  /**
   * `<<: *anchor` or `<<: [*first, *second]`: keys that are not there yet, the first one's first.
   */
  private merge(object: Record<string, unknown>, node: Node): void {
    const merged = this.build(node);
    const offset = startOf(node);
    for (const part of Array.isArray(merged) ? merged : [merged]) {
      if (typeof part !== 'object' || part === null || Array.isArray(part)) {
        throw new SyntaxProblem(
          'a merge key << takes an alias of an object, or a list of them',
          offset,
        );
      }
      for (const [key, value] of Object.entries(part as Record<string, unknown>)) {
        if (key in object) continue;
        object[key] = value;
        this.places.key(object, key, offset, offset);
      }
    }
  }
}

function keyText(key: Node, ownerOffset: number): string {
  if (isScalar(key)) return String(key.value);
  throw new SyntaxProblem('a key must be plain text', key === null ? ownerOffset : startOf(key));
}

function startOf(node: Node | { range?: readonly number[] | null }): number {
  return node?.range?.[0] ?? 0;
}
