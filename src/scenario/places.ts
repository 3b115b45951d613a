import type { Path } from './shape.js';

export interface Place {
  line: number;
  column: number;
}

/** Where the parts of one list or object stand in the text, as offsets. */
interface Marks {
  start: number;
  items: number[];
  keys: Map<string, { key: number; value: number }>;
}

/**
 * Where every value of a parsed file stands. Offsets are kept by list and object, a number for each
 * item, so that a list of a million arrivals stays cheap; lines are counted for problems only.
 */
export class Places {
  private readonly marks = new Map<object, Marks>();
  private lineStarts: number[] | null = null;

  constructor(private readonly text: string) {}

  open(container: object, start: number): void {
    this.marks.set(container, { start, items: [], keys: new Map() });
  }

  item(container: object, offset: number): void {
    this.marks.get(container)!.items.push(offset);
  }

  key(container: object, key: string, keyOffset: number, valueOffset: number): void {
    this.marks.get(container)!.keys.set(key, { key: keyOffset, value: valueOffset });
  }

  /** The place of what stands at `path` under `root`, or of the nearest part of the way there. */
  of(root: unknown, path: Path, on: 'key' | 'value'): Place {
    let value = root;
    let offset = 0;
    for (const [index, step] of path.entries()) {
      const marks = isContainer(value) ? this.marks.get(value) : undefined;
      if (marks === undefined) break;
      const isLast = index === path.length - 1;
      const next =
        typeof step === 'number'
          ? marks.items[step]
          : marks.keys.get(step)?.[isLast ? on : 'value'];
      offset = next ?? marks.start;
      if (next === undefined) break;
      value = (value as Record<string | number, unknown>)[step];
    }
    if (path.length === 0 && isContainer(root)) offset = this.marks.get(root)?.start ?? 0;
    return this.at(offset);
  }

  /** Line and column, from 1, of an offset into the text. Columns count UTF-16 units. */
  at(offset: number): Place {
    const starts = (this.lineStarts ??= lineStarts(this.text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low] + 1 };
  }
}

/** A file's content: plain values, and where they stand. */
export interface ParsedText {
  value: unknown;
  places: Places;
}

export const LONG_LIST_HINT =
  'put long lists of arrivals into a recording, or into JSON, where more is allowed';

/** Something in a file that is no JSON, YAML or TOML, at an offset. */
export class SyntaxProblem extends Error {
  constructor(
    message: string,
    readonly offset: number,
    readonly hint = '',
  ) {
    super(message);
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** An object without a prototype: a key such as `__proto__` is a key like any other there. */
export function plainObject(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}
