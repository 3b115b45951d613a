import { inputError } from './errors.js';
import { nearestWord } from './nearest-word.js';
import { quote } from './units.js';

/** What the value of an option may be. */
export interface OptionKind {
  is: (value: unknown) => boolean;
  /** The end of the sentence "it must be …". */
  says: string;
}

/** Every option of a type with what it may be, or it does not compile. */
export type OptionKinds<T> = Record<keyof T, OptionKind>;

const isText = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
/** What has a range of its own is held against it where it is used. */
export const NUMBER: OptionKind = { is: (value) => typeof value === 'number', says: 'a number' };
export const COUNT: OptionKind = {
  is: (value) => Number.isSafeInteger(value) && (value as number) > 0,
  says: 'a whole number from 1 up',
};
/** Nanoseconds. */
export const TIME: OptionKind = {
  is: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  says: 'whole nanoseconds from 0 up',
};
export const PER_CENT: OptionKind = {
  is: (value) => Number.isFinite(value) && (value as number) >= 0,
  says: 'per cent from 0 up',
};
export const BOOLEAN: OptionKind = {
  is: (value) => typeof value === 'boolean',
  says: 'true or false',
};
export const OBJECT: OptionKind = { is: isObject, says: 'an object' };
export const FUNCTION: OptionKind = {
  is: (value) => typeof value === 'function',
  says: 'a function',
};
export const SIGNAL: OptionKind = {
  is: (value) => isObject(value) && 'aborted' in value && 'addEventListener' in value,
  says: 'an AbortSignal',
};
export const TEXTS: OptionKind = { is: isTexts, says: 'a list of texts' };
export const PAIR: OptionKind = {
  is: (value) => isTexts(value) && (value as string[]).length === 2,
  says: 'a list of two figures',
};

/** Or null, which says that the option is left out. */
export const orNull = (kind: OptionKind): OptionKind => ({
  is: (value) => value === null || kind.is(value),
  says: `${kind.says}, or null`,
});
export const oneOf = (...words: readonly string[]): OptionKind => ({
  is: (value) => isText(value) && words.includes(value),
  says: words.map((word) => quote(word)).join(' or '),
});
export const either = (...kinds: readonly OptionKind[]): OptionKind => ({
  is: (value) => kinds.some((kind) => kind.is(value)),
  says: kinds.map(({ says }) => says).join(', or '),
});

/**
 * Throws InputError for an option that there is not, since a misspelt one would be left out
 * silently, and for one that is of another kind. Undefined is left out.
 */
export function checkOptions<T extends object>(
  options: T,
  kinds: OptionKinds<T>,
  of: string,
): void {
  if (!isObject(options)) throw inputError(`the options of ${of} are no object`, 'such as { … }');
  const names = Object.keys(kinds);
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) {
      const near = nearestWord(name, names);
      const hint = near === null ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
      throw inputError(`${of} has no option ${quote(name)}`, hint);
    }
    const kind = kinds[name as keyof T];
    if (value === undefined || kind.is(value)) continue;
    throw inputError(`the option ${name} of ${of} cannot be this`, `it must be ${kind.says}`);
  }
}
