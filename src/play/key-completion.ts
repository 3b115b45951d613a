import type { JsonSchema } from '../scenario/shape.js';

/** What may be written at a place of a scenario in YAML. */
export interface Suggestion {
  /** A key, to be followed by a colon, or a value. */
  word: string;
  kind: 'key' | 'value';
  description: string;
}

export interface Suggestions {
  /** Where the word begins that is being written, as an offset. */
  from: number;
  all: Suggestion[];
}

/** Keys and words that the schema allows at an offset; null where it says nothing. */
export function suggestionsAt(
  text: string,
  offset: number,
  schema: JsonSchema,
): Suggestions | null {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const word = /[\w-]*$/.exec(line)![0];
  const before = line.slice(0, line.length - word.length);
  const from = offset - word.length;
  const isValue = /[\w-]+:\s+$/.exec(before);
  const path = pathAt(text, from);
  if (isValue !== null) {
    const key = /([\w-]+):\s+$/.exec(before)![1];
    const all = schemasAt(schema, [...path, key]).flatMap((found) => words(found));
    return all.length === 0 ? null : { from, all: unique(all) };
  }
  if (!/^\s*(- )*\s*$/.test(before) && !/[{,]\s*$/.test(before)) return null;
  const all = schemasAt(schema, path).flatMap((found) => {
    const properties = (found['properties'] ?? {}) as Record<string, JsonSchema>;
    return Object.entries(properties).map(([key, { description }]) => ({
      word: key,
      kind: 'key' as const,
      description: String(description ?? ''),
    }));
  });
  return all.length === 0 ? null : { from, all: unique(all) };
}

/** The keys above an offset, outermost first; `-` stands for an item of a list. */
function pathAt(text: string, offset: number): string[] {
  const lines = text.slice(0, offset).split('\n');
  const last = lines.pop()!;
  const path = flowPath(last);
  let indent = /^\s*((- )*)/.exec(last)![0].length;
  const own = /^\s*((?:- )+)/.exec(last);
  // A list may begin in the column of its key.
  let isInList = own !== null;
  if (own !== null) {
    path.unshift('-');
    indent = own[0].length - 2;
  }
  for (const line of lines.reverse()) {
    const found = /^(\s*)((?:- )*)(?:([\w-]+):)?/.exec(line)!;
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    const [, blank, dashes, key] = found;
    const column = blank.length + dashes.length;
    const isListOfIt = isInList && dashes === '' && column === indent;
    if (key !== undefined && (column < indent || isListOfIt)) {
      path.unshift(key);
      indent = column;
      isInList = false;
    }
    if (dashes !== '' && blank.length < indent) {
      path.unshift('-');
      indent = blank.length;
      isInList = true;
    }
  }
  return path;
}

/** What a line has opened before its end: keys, and `-` for items of a list. */
function flowPath(line: string): string[] {
  const open: string[][] = [];
  let key: string[] = [];
  for (const [token, name] of line.matchAll(/([\w-]+):|[{}[\],]/g)) {
    if (token === '{') open.push(key);
    else if (token === '[') open.push([...key, '-']);
    else if (token === '}' || token === ']') open.pop();
    key = name === undefined ? [] : [name];
  }
  return open.flat();
}

/** Every schema that may hold at a path: of alternatives, all. */
function schemasAt(root: JsonSchema, path: readonly string[]): JsonSchema[] {
  let found = spread(root, root);
  for (const step of path) {
    found = found
      .flatMap((schema) => {
        if (step === '-') return [schema['items']];
        return [(schema['properties'] as Record<string, unknown> | undefined)?.[step]];
      })
      .filter((schema) => typeof schema === 'object' && schema !== null)
      .flatMap((schema) => spread(schema as JsonSchema, root));
  }
  return found;
}

const BRANCHES = ['anyOf', 'oneOf', 'allOf'] as const;
const MOST_DEPTH = 8;

/** The schema with all of its alternatives and references. */
function spread(schema: JsonSchema, root: JsonSchema, depth = 0): JsonSchema[] {
  if (depth > MOST_DEPTH) return [];
  const reference = schema['$ref'];
  const inner = [
    ...BRANCHES.flatMap((branch) => (schema[branch] ?? []) as JsonSchema[]),
    ...[schema['then'], schema['else']].filter((each) => each !== undefined),
    ...(typeof reference === 'string' ? [definition(root, reference)] : []),
  ] as JsonSchema[];
  return [schema, ...inner.flatMap((each) => spread(each, root, depth + 1))];
}

function definition(root: JsonSchema, reference: string): JsonSchema {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  return ((root['$defs'] ?? {}) as Record<string, JsonSchema>)[name] ?? {};
}

function words(schema: JsonSchema): Suggestion[] {
  const description = String(schema['description'] ?? '');
  const values = [
    ...((schema['enum'] ?? []) as unknown[]),
    ...(schema['const'] === undefined ? [] : [schema['const']]),
    ...(schema['type'] === 'boolean' ? [true, false] : []),
  ];
  return values.map((value) => ({ word: String(value), kind: 'value', description }));
}

function unique(all: readonly Suggestion[]): Suggestion[] {
  return [...new Map(all.map((each) => [each.word, each])).values()];
}
