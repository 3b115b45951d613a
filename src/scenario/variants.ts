import { describe, isObject, reportUnknownKeys } from './shape.js';
import type { RecordShape, Shape, Spot } from './shape.js';

/** One of several forms of an object, known by a key that no other form has. */
export interface Variant<T> {
  tag: string;
  form: RecordShape<object>;
  shape: Shape<T>;
}

export interface VariantsShape<T> extends Shape<T> {
  readonly variants: readonly Variant<T>[];
}

/** A form whose keys are those of `form`; `tag` is the key that tells it from the others. */
export function variant<A extends object, T>(
  tag: keyof A & string,
  form: RecordShape<A>,
  convert: (value: A, spot: Spot) => T | undefined,
): Variant<T> {
  const shape: Shape<T> = {
    allowed: form.allowed,
    read: (value, spot) => {
      const read = form.read(value, spot);
      return read === undefined ? undefined : convert(read, spot);
    },
    json: form.json,
  };
  return { tag, form: form as unknown as RecordShape<object>, shape };
}

/** An object in exactly one of the given forms. */
export function variants<T>(section: string, options: readonly Variant<T>[]): VariantsShape<T> {
  const tags = options.map((option) => option.tag);
  const allowed = `an object with one of the keys ${tags.join(', ')}`;
  return {
    allowed,
    section,
    variants: options,
    read: (value, spot) => {
      if (!isObject(value)) return spot.expected(allowed, value);
      const given = options.filter((option) => Object.hasOwn(value, option.tag));
      if (given.length === 1) return given[0].shape.read(value, spot);
      if (given.length > 1) {
        const names = given.map((option) => option.tag).join(' and ');
        return spot.problem(`expected ${allowed}, found ${names} at once`, 'keep one of them');
      }
      reportUnknownKeys(value, tags, spot);
      return Object.keys(value).length > 0
        ? undefined
        : spot.problem(`expected ${allowed}, found ${describe(value)} without any`);
    },
    json: (defs) => ({ anyOf: options.map((option) => option.shape.json(defs)) }),
  };
}
