import { InputError } from '../errors.js';
import {
  COUNT_PATTERN,
  DURATION_PATTERN,
  RATE_PATTERN,
  formatCount,
  formatNsExactly,
  parseCount,
  parseDuration,
  parseRate,
} from '../units.js';
import { LIMITS } from './limits.js';
import { nearestWord } from '../nearest-word.js';
import { shared } from './shape.js';
import type { Shape, Spot } from './shape.js';

/** true or false. */
export const flag: Shape<boolean> = {
  allowed: 'true or false',
  read: (value, spot) =>
    typeof value === 'boolean' ? value : spot.expected('true or false', value),
  json: () => ({ type: 'boolean' }),
};

/** A whole number within limits. */
export function whole(minimum: number, maximum: number): Shape<number> {
  const allowed = `a whole number from ${formatCount(minimum)} to ${formatCount(maximum)}`;
  return {
    allowed,
    read: (value, spot) =>
      Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum
        ? (value as number) || 0
        : spot.expected(allowed, value),
    json: () => ({ type: 'integer', minimum, maximum }),
  };
}

/** How many of something there are so many of that text such as "10M" is easier to read. */
export function count(minimum: number, maximum: number): Shape<number> {
  const allowed =
    `a whole number from ${formatCount(minimum)} to ${formatCount(maximum)}, ` +
    'or text such as "10M"';
  return {
    allowed,
    read: (value, spot) => {
      const number = readQuantity(value, spot, allowed, parseCount);
      if (number === undefined || (number >= minimum && number <= maximum)) return number;
      return spot.expected(allowed, value);
    },
    json: () => ({
      anyOf: [
        { type: 'integer', minimum, maximum },
        { type: 'string', pattern: COUNT_PATTERN },
      ],
    }),
  };
}

/** A processor's index; the bound is the machine's own number of processors. */
export const processorIndex: Shape<number> = {
  allowed: "a processor's index, from 0",
  read: (value, spot) => {
    const last = (spot.scope.processors ?? LIMITS.processors) - 1;
    const isIndex = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= last;
    if (isIndex) return (value as number) || 0;
    return spot.expected(`a processor's index from 0 to ${last}`, value);
  },
  json: () => ({ type: 'integer', minimum: 0, maximum: LIMITS.processors - 1 }),
};

/** A number above `above`, not necessarily whole. */
export function numberAbove(above: number, maximum: number): Shape<number> {
  const allowed = `a number above ${formatCount(above)}, up to ${formatCount(maximum)}`;
  return {
    allowed,
    read: (value, spot) =>
      typeof value === 'number' && value > above && value <= maximum
        ? value
        : spot.expected(allowed, value),
    json: () => ({ type: 'number', exclusiveMinimum: above, maximum }),
  };
}

/** A share of a whole that is the sum of all weights beside it. */
export const weight: Shape<number> = {
  allowed: `a number from 0 to ${formatCount(LIMITS.weight)}`,
  read: (value, spot) =>
    typeof value === 'number' && value >= 0 && value <= LIMITS.weight
      ? value || 0
      : spot.expected(weight.allowed, value),
  json: () => ({ type: 'number', minimum: 0, maximum: LIMITS.weight }),
};

/** One of a few words. */
export function words<const W extends string>(options: readonly W[]): Shape<W> {
  const allowed =
    options.length === 1
      ? options[0]
      : `${options.slice(0, -1).join(', ')} or ${options[options.length - 1]}`;
  return {
    allowed,
    read: (value, spot) => {
      const found = options.find((option) => option === value);
      if (found !== undefined) return found;
      const nearest = typeof value === 'string' ? nearestWord(value, options) : null;
      return spot.expected(allowed, value, nearest === null ? '' : `did you mean ${nearest}?`);
    },
    json: () => ({ enum: [...options] }),
  };
}

const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]*$/u;
/** Less strict: regular expressions of other languages know no Unicode properties. */
const PUBLISHED_PRINTABLE_PATTERN = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';

/** Text of one line without control characters, since it ends up in terminals, files and pages. */
export function printable(minimum: number, maximum: number): Shape<string> {
  const allowed =
    `text of ${formatCount(minimum)} to ${formatCount(maximum)} characters ` +
    'on one line, without control characters';
  return {
    allowed,
    read: (value, spot) =>
      typeof value === 'string' && hasLength(value, minimum, maximum) && PRINTABLE.test(value)
        ? value
        : spot.expected(allowed, value),
    json: () => ({
      type: 'string',
      minLength: minimum,
      maxLength: maximum,
      pattern: PUBLISHED_PRINTABLE_PATTERN,
    }),
  };
}

function hasLength(text: string, minimum: number, maximum: number): boolean {
  // Counted in characters as the JSON Schema does, after a bound on what there is to count.
  if (text.length > 2 * maximum) return false;
  const { length } = [...text];
  return length >= minimum && length <= maximum;
}

/** A constant duration: nanoseconds, or a string with a unit. */
export function duration(minimumNs: number, maximumNs: number): Shape<number> {
  const allowed = `a duration from ${formatNsExactly(minimumNs)} to ${formatNsExactly(maximumNs)}`;
  return {
    allowed,
    read: (value, spot) => {
      const ns = readQuantity(value, spot, allowed, parseDuration);
      if (ns === undefined || (ns >= minimumNs && ns <= maximumNs)) return ns;
      return spot.expected(allowed, value);
    },
    json: (defs) => ({
      anyOf: [{ type: 'integer', minimum: minimumNs, maximum: maximumNs }, durationText.json(defs)],
    }),
  };
}

const durationText = shared<never>('durationText', {
  allowed: 'a duration with a unit',
  read: (value, spot) => spot.expected('a duration with a unit', value),
  json: () => ({
    type: 'string',
    pattern: DURATION_PATTERN,
    description: 'A duration with a unit: ns, us, ms, s, min or h. A plain number is nanoseconds.',
  }),
});

/** Events per second: a number, or a string such as "20k/s" or "1kHz". */
export const rate: Shape<number> = shared('rate', {
  allowed: `a rate above 0, up to ${formatCount(LIMITS.ratePerSecond)} per second`,
  read: (value: unknown, spot: Spot) => {
    const perSecond = readQuantity(value, spot, rate.allowed, parseRate);
    if (perSecond === undefined) return undefined;
    const isInLimits = perSecond <= LIMITS.ratePerSecond && 1e9 / perSecond <= LIMITS.spanNs;
    return isInLimits ? perSecond : spot.expected(rate.allowed, value);
  },
  json: () => ({
    anyOf: [
      { type: 'number', exclusiveMinimum: 0, maximum: LIMITS.ratePerSecond },
      { type: 'string', pattern: RATE_PATTERN },
    ],
    description: 'Events per second: a number, or a string such as "20k/s" or "1kHz".',
  }),
});

function readQuantity(
  value: unknown,
  spot: Spot,
  allowed: string,
  parse: (value: string | number) => number,
): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return spot.expected(allowed, value);
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [problem] = error.problems;
    return spot.problem(`expected ${allowed}: ${problem.message}`, problem.hint);
  }
}

/** A list of `minimum` to `maximum` items of one shape. */
export function list<T>(item: Shape<T>, minimum: number, maximum: number): Shape<T[]> {
  const count =
    minimum === maximum
      ? formatCount(minimum)
      : `${formatCount(minimum)} to ${formatCount(maximum)}`;
  const allowed = `a list of ${count} items`;
  return {
    allowed: `${allowed}, each ${item.allowed}`,
    section: item.section,
    read: (value, spot) => {
      if (!Array.isArray(value) || value.length < minimum || value.length > maximum) {
        return spot.expected(allowed, value);
      }
      const result: T[] = [];
      for (let index = 0; index < value.length && !spot.scope.isFull; index += 1) {
        const read = item.read(value[index], spot.at(index));
        if (read !== undefined) result.push(read);
      }
      return result.length === value.length ? result : undefined;
    },
    json: (defs) => ({
      type: 'array',
      items: item.json(defs),
      minItems: minimum,
      maxItems: maximum,
    }),
  };
}

/** A single item, or a list of them. */
export function oneOrList<T>(item: Shape<T>, minimum: number, maximum: number): Shape<T[]> {
  const many = list(item, minimum, maximum);
  return {
    allowed: `${item.allowed}, or a list of ${formatCount(minimum)} to ${formatCount(maximum)}`,
    section: item.section,
    read: (value, spot) => {
      if (Array.isArray(value)) return many.read(value, spot);
      const read = item.read(value, spot);
      return read === undefined ? undefined : [read];
    },
    json: (defs) => ({ anyOf: [item.json(defs), many.json(defs)] }),
  };
}

/** What the first shape takes when `isFirst`, otherwise what the second takes. */
export function either<A, B>(
  isFirst: (value: unknown) => boolean,
  first: Shape<A>,
  second: Shape<B>,
): Shape<A | B> {
  return {
    allowed: `${first.allowed}, or ${second.allowed}`,
    section: second.section ?? first.section,
    read: (value, spot) => (isFirst(value) ? first.read(value, spot) : second.read(value, spot)),
    json: (defs) => ({ anyOf: [first.json(defs), second.json(defs)] }),
  };
}
