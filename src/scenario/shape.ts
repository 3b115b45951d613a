import { formatCount, quote } from '../units.js';
import { LIMITS } from './limits.js';
import { nearestWord } from '../nearest-word.js';
import type { Policy } from '../policy/policy.js';
import type { RecordedArrivals } from './scenario.js';

/**
 * A shape says what may stand at one place of a scenario: it reads the written value into the
 * resolved one, yields its part of the JSON Schema, and names what is allowed for errors and for
 * the reference page. A field is declared once, as a shape in a record, and all of these follow
 * from it.
 */
export interface Shape<T> {
  /** What is allowed, to follow "expected": "a whole number from 1 to 1,024". */
  readonly allowed: string;
  /** The section of the reference page that describes the shape in full. */
  readonly section?: string;
  /** The resolved value, or undefined after reporting a problem at `spot`. */
  read(value: unknown, spot: Spot): T | undefined;
  /** Draft 2020-12; shared parts go to `defs`. */
  json(defs: JsonDefs): JsonSchema;
}

export type JsonSchema = Record<string, unknown>;
export type JsonDefs = Map<string, JsonSchema>;

/** Reads arrivals out of a recording; throws an Error that says why if it cannot. */
export type ResolveRecording = (path: string, stream: string | null) => RecordedArrivals;

export type Path = readonly (string | number)[];

/** A problem before its place in the file is known. */
export interface PathProblem {
  path: Path;
  /** Whether the key itself is wrong, or what stands there. */
  on: 'key' | 'value';
  message: string;
  hint: string;
}

function refuseRecording(): never {
  throw new Error('recordings cannot be loaded here: no loader was given');
}

/** What is known to every spot of one scenario while it is read. */
export class Scope {
  readonly problems: PathProblem[] = [];
  /** `machine.processors`, once read; null before, and where it cannot be read. */
  processors: number | null = null;
  /** The policies of one's own that were read so far, for others to extend. */
  readonly policies = new Map<string, Policy>();
  /** Names of `sources`, as written, once they have been read. */
  sourceNames: readonly string[] = [];

  constructor(readonly resolveRecording: ResolveRecording = refuseRecording) {}

  /** So many problems that reading on would only repeat them. */
  get isFull(): boolean {
    return this.problems.length >= LIMITS.problems;
  }
}

/** One place in the scenario that is being read. Cheap: paths are spelled out for problems only. */
export class Spot {
  constructor(
    readonly scope: Scope,
    private readonly parent: Spot | null = null,
    private readonly key: string | number = '',
  ) {}

  at(key: string | number): Spot {
    return new Spot(this.scope, this, key);
  }

  path(): (string | number)[] {
    return this.parent === null ? [] : [...this.parent.path(), this.key];
  }

  /** Reports a problem here. Returns undefined, for a shape to return in turn. */
  problem(message: string, hint = '', on: 'key' | 'value' = 'value'): undefined {
    if (!this.scope.isFull) this.scope.problems.push({ path: this.path(), on, message, hint });
    return undefined;
  }

  /** Reports that `value` is none of what is allowed here. */
  expected(allowed: string, value: unknown, hint = ''): undefined {
    return this.problem(`expected ${allowed}, found ${describe(value)}`, hint);
  }
}

/** One key of a record. */
export interface Field<T> {
  shape: Shape<T>;
  /** What the field means, in one sentence. */
  sentence: string;
  /** The written value that stands for a key left out; undefined when the key must be given. */
  fallback: unknown;
  /** What the reference prints as default; "" when the key must be given. */
  fallbackText: string;
  /** What a key left out resolves to without a written form; only for `optional`. */
  absent?: T;
  /** A key left out is left out of what is read. */
  mayLack?: true;
}

export function required<T>(shape: Shape<T>, sentence: string): Field<T> {
  return { shape, sentence, fallback: undefined, fallbackText: '' };
}

/** A field whose default is a written value, read like any other. */
export function defaulted<T>(shape: Shape<T>, fallback: unknown, sentence: string): Field<T> {
  return { shape, sentence, fallback, fallbackText: `\`${JSON.stringify(fallback)}\`` };
}

/** A field that resolves to null when it is left out; `absentText` says what that means. */
export function optional<T>(
  shape: Shape<T>,
  absentText: string,
  sentence: string,
): Field<T | null> {
  return { shape, sentence, fallback: undefined, fallbackText: absentText, absent: null };
}

/**
 * A field of a document that versions before this one wrote without: read there, it is `before`,
 * which is null for "not recorded then", or what was true then, such as 0 for a counter of
 * something that could not happen yet.
 */
export function addedLater<T>(shape: Shape<T>, before: T, sentence: string): Field<T> {
  return { shape, sentence, fallback: undefined, fallbackText: '', absent: before };
}

/** A field that stands only where there is something to say: left out, it stays out. */
export function sometimes<T>(shape: Shape<T>, sentence: string): Field<T | undefined> {
  return {
    shape: shape as Shape<T | undefined>,
    sentence,
    fallback: undefined,
    fallbackText: '',
    mayLack: true,
  };
}

export type FieldsOf<T> = { readonly [K in keyof T]-?: Field<T[K]> };

/** An object with known keys. */
export interface RecordShape<T> extends Shape<T> {
  readonly fields: FieldsOf<T>;
}

/** What is read of a shape. */
export type ReadOf<S> = S extends Shape<infer T> ? T : never;

/** Keys that a record does not know: a problem, or left out of what is read. */
export type OtherKeys = 'refused' | 'ignored';

export function record<T extends object>(
  section: string,
  fields: FieldsOf<T>,
  others: OtherKeys = 'refused',
): RecordShape<T> {
  const keys = Object.keys(fields) as (keyof T & string)[];
  const allowed = `an object with the keys ${keys.join(', ')}`;
  return {
    allowed,
    section,
    fields,
    read: (value, spot) => {
      if (!isObject(value)) return spot.expected(allowed, value);
      if (others === 'refused') reportUnknownKeys(value, keys, spot);
      const result: Partial<T> = {};
      let complete = true;
      for (const key of keys) {
        if (fields[key].mayLack && !Object.hasOwn(value, key)) continue;
        const read = readField(fields[key], value, key, spot);
        if (read === undefined) complete = false;
        else result[key] = read;
      }
      return complete ? (result as T) : undefined;
    },
    json: (defs) => recordJson(fields, defs, others),
  };
}

function readField<T>(
  field: Field<T>,
  owner: Record<string, unknown>,
  key: string,
  spot: Spot,
): T | undefined {
  const given = Object.hasOwn(owner, key) ? owner[key] : undefined;
  if (given !== undefined) return field.shape.read(given, spot.at(key));
  if (field.absent !== undefined) return field.absent;
  if (field.fallback !== undefined) return field.shape.read(field.fallback, spot.at(key));
  return spot.problem(`the key ${key} is missing`, `expected ${field.shape.allowed}`);
}

/** Reports every key of `value` that is not in `keys`, each with the nearest known one. */
export function reportUnknownKeys(
  value: Record<string, unknown>,
  keys: readonly string[],
  spot: Spot,
): void {
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue;
    if (spot.scope.isFull) return;
    const nearest = nearestWord(key, keys);
    const hint = nearest === null ? '' : `did you mean ${nearest}?`;
    spot.at(key).problem(`unknown key ${quote(key)}; allowed are ${keys.join(', ')}`, hint, 'key');
  }
}

function recordJson<T>(fields: FieldsOf<T>, defs: JsonDefs, others: OtherKeys): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const requiredKeys: string[] = [];
  for (const key of Object.keys(fields) as (keyof T & string)[]) {
    const { shape, sentence, fallback, absent, mayLack } = fields[key];
    properties[key] = { description: sentence, ...shape.json(defs) };
    if (fallback !== undefined) properties[key].default = fallback;
    else if (absent === undefined && !mayLack) requiredKeys.push(key);
  }
  return {
    type: 'object',
    properties,
    ...(requiredKeys.length === 0 ? {} : { required: requiredKeys }),
    ...(others === 'refused' ? { additionalProperties: false } : {}),
  };
}

/** The shape with its value converted; `convert` may report a problem and return undefined. */
export function converted<A, B>(
  shape: Shape<A>,
  convert: (value: A, spot: Spot) => B | undefined,
): Shape<B> {
  return {
    ...shape,
    read: (value, spot) => {
      const read = shape.read(value, spot);
      return read === undefined ? undefined : convert(read, spot);
    },
  };
}

/** The shape, or null. */
export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return {
    ...shape,
    allowed: `null, or ${shape.allowed}`,
    read: (value, spot) => (value === null ? null : shape.read(value, spot)),
    json: (defs) => ({ anyOf: [{ type: 'null' }, shape.json(defs)] }),
  };
}

/** A shape that the JSON Schema holds once, under `$defs`. */
export function shared<T>(name: string, shape: Shape<T>): Shape<T> {
  return {
    ...shape,
    json: (defs) => {
      if (!defs.has(name)) {
        // Entered before it is built, so that a shape may contain itself.
        const schema: JsonSchema = {};
        defs.set(name, schema);
        Object.assign(schema, { title: titleOf(name) }, shape.json(defs));
      }
      return { $ref: `#/$defs/${name}` };
    },
  };
}

/** `durationText` as editors show it: "duration text". */
function titleOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/**
 * An object with keys and nothing else: a Date, a Map or an instance of a class has what it holds
 * elsewhere, and would be read as if nothing had been written. Of whatever realm it is.
 */
export function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain && !(Symbol.toStringTag in value) && !(Symbol.iterator in value);
}

/** What was found, short and safe to print. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : listText(value.length);
  if (isObject(value)) return 'an object';
  if (value === null) return 'null';
  if (typeof value === 'object') return `an instance of ${quote(classOf(value))}`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}

function classOf(value: object): string {
  const { constructor } = value;
  return typeof constructor === 'function' && constructor.name !== ''
    ? constructor.name
    : 'a class';
}

function listText(length: number): string {
  return length === 1 ? 'a list of 1' : `a list of ${formatCount(length)}`;
}
