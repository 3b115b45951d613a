import { type Document, isScalar, parseDocument } from 'yaml';
import { inputError } from '../errors.js';

type Path = readonly (string | number)[];
/** What may be written at a place; an object or a list is plain data. */
export type WrittenValue = string | number | object;

/**
 * A scenario's text in which single values are replaced: comments and layout stay. JSON is read as
 * YAML, of which it is a part; TOML is left to its author.
 */
export class WrittenText {
  private readonly document: Document.Parsed | null;

  /** `text` is one that `parseScenario` accepted. */
  constructor(
    private readonly file: string,
    private readonly text: string,
  ) {
    this.document = file.endsWith('.toml') ? null : parseDocument(text, { merge: true });
  }

  /** Stands there a single value, not merged from elsewhere? */
  isValue(path: Path): boolean {
    return isScalar(this.nodeAt(path));
  }

  has(path: Path): boolean {
    return this.nodeAt(path) !== undefined;
  }

  /**
   * The text with another value there.
   *
   * @throws InputError where it has no place: in TOML, or behind an alias.
   */
  with(path: Path, value: WrittenValue): string {
    const node = this.nodeAt(path);
    if (isScalar(node) && node.range && typeof value !== 'object') {
      const [from, to] = node.range;
      const isQuoted = this.file.endsWith('.json') && typeof value === 'string';
      const written = isQuoted ? JSON.stringify(value) : String(value);
      return this.text.slice(0, from) + written + this.text.slice(to);
    }
    try {
      const document = parseDocument(this.text, { merge: true });
      const [at, whole] = this.ownedValue(path, value);
      document.setIn(at, document.createNode(whole));
      const isJson = this.file.endsWith('.json');
      return isJson ? `${JSON.stringify(document.toJS(), null, 2)}\n` : document.toString(LAYOUT);
    } catch {
      throw inputError(`${path.join('.')} stands behind an alias`, 'edit the text instead');
    }
  }

  /**
   * What is to be set, and where: where a part of the way there is merged from elsewhere, a copy of
   * that part with the value in it.
   */
  private ownedValue(path: Path, value: WrittenValue): [Path, unknown] {
    let merged: unknown = this.document?.toJS();
    for (const [index, step] of path.entries()) {
      merged = isObject(merged) ? merged[step] : undefined;
      const at = path.slice(0, index + 1);
      if (!isObject(merged)) return [path, value];
      if (this.has(at)) continue;
      const copy = structuredClone(merged);
      setIn(copy, path.slice(index + 1), value);
      return [at, copy];
    }
    return [path, value];
  }

  private nodeAt(path: Path): unknown {
    if (this.document === null) throw inputError('TOML has no sliders', 'edit the text instead');
    try {
      return this.document.getIn(path, true);
    } catch {
      return undefined;
    }
  }
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}

function setIn(
  object: Record<string | number, unknown>,
  [step, ...rest]: Path,
  value: unknown,
): void {
  const inner = object[step];
  if (rest.length === 0) object[step] = value;
  else if (isObject(inner)) setIn(inner, rest, value);
  else {
    const made = {};
    object[step] = made;
    setIn(made, rest, value);
  }
}

/** As the examples are written. */
const LAYOUT = { lineWidth: 100, flowCollectionPadding: true };
