import { words } from '../scenario/leaf-shapes.js';
import { LIMITS } from '../scenario/limits.js';
import { addedLater, isObject, record, required, sometimes } from '../scenario/shape.js';
import type { FieldsOf, RecordShape, Shape } from '../scenario/shape.js';

/** A number of a result, from `minimum` on; no upper limit, since sums pass 2^53. */
function number(allowed: string, minimum: number, isWhole: boolean): Shape<number> {
  return {
    allowed,
    read: (value, spot) => {
      const isIn = isWhole ? Number.isInteger(value) : Number.isFinite(value);
      return isIn && (value as number) >= minimum
        ? (value as number) || 0
        : spot.expected(allowed, value);
    },
    json: () => ({
      type: isWhole ? 'integer' : 'number',
      ...(minimum === -Infinity ? {} : { minimum }),
    }),
  };
}

export const anyNumber = number('a number', -Infinity, false);
export const fromZero = number('a number from 0 up', 0, false);
export const wholeFromZero = number('a whole number from 0 up', 0, true);
export const wholeFromOne = number('a whole number from 1 up', 1, true);
/** A duration or an instant of the scenario, in ns. */
export const spanNs: Shape<number> = {
  allowed: `a number of nanoseconds from 0 to ${LIMITS.spanNs}`,
  read: (value, spot) =>
    typeof value === 'number' && value >= 0 && value <= LIMITS.spanNs
      ? value || 0
      : spot.expected(spanNs.allowed, value),
  json: () => ({ type: 'number', minimum: 0, maximum: LIMITS.spanNs }),
};

/** Any text: names may come from foreign files, and whoever prints them escapes them. */
export const text: Shape<string> = {
  allowed: 'a text',
  read: (value, spot) => (typeof value === 'string' ? value : spot.expected('a text', value)),
  json: () => ({ type: 'string' }),
};

/** So many lower-case hexadecimal digits. */
export function hexadecimal(digits: number): Shape<string> {
  const allowed = `${digits} hexadecimal digits`;
  const pattern = `^[0-9a-f]{${digits}}$`;
  const expression = new RegExp(pattern);
  return {
    allowed,
    read: (value, spot) =>
      typeof value === 'string' && expression.test(value) ? value : spot.expected(allowed, value),
    json: () => ({ type: 'string', pattern }),
  };
}

/** Whatever length a list of a result has, it is finite because the file is. */
export const ANY_LENGTH = 2 ** 32 - 1;

/** An object with one shape under each of its names, and a sentence for each. */
export function each<Name extends string, T>(
  section: string,
  sentences: Readonly<Record<Name, string>>,
  shape: Shape<T>,
): RecordShape<Record<Name, T>> {
  const fields = Object.entries<string>(sentences).map(([name, sentence]) => [
    name,
    required(shape, sentence),
  ]);
  return record(section, Object.fromEntries(fields) as FieldsOf<Record<Name, T>>, 'ignored');
}

/**
 * A block beside another one, with a value for each of its fields. Where the other one's field came
 * later, so did this one's, and null stands for it in older documents.
 */
export function beside<Name extends string, T>(
  section: string,
  fields: FieldsOf<Record<Name, unknown>>,
  shape: Shape<T | null>,
): RecordShape<Record<Name, T | null>> {
  const own = (Object.keys(fields) as Name[]).map((name) => {
    const { absent, mayLack, sentence } = fields[name];
    if (mayLack) return [name, sometimes(shape, sentence)];
    return [
      name,
      absent === undefined ? required(shape, sentence) : addedLater(shape, null, sentence),
    ];
  });
  return record(section, Object.fromEntries(own) as FieldsOf<Record<Name, T | null>>, 'ignored');
}

/** One of several records, told apart by their key `kind`, each read by the shape of its kind. */
export function byKind<T extends { kind: string }>(shapes: {
  readonly [Kind in T['kind']]: Shape<Extract<T, { kind: Kind }>>;
}): Shape<T> {
  const kinds = Object.keys(shapes) as T['kind'][];
  const kind = words(kinds);
  return {
    allowed: `an object whose kind is ${kind.allowed}`,
    read: (value, spot) => {
      if (!isObject(value)) return spot.expected('an object', value);
      const known = kind.read(
        Object.hasOwn(value, 'kind') ? value.kind : undefined,
        spot.at('kind'),
      );
      return known === undefined ? undefined : (shapes[known].read(value, spot) as T | undefined);
    },
    json: (defs) => ({ anyOf: kinds.map((one) => shapes[one].json(defs)) }),
  };
}
