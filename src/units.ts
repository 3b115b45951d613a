import { inputError } from './errors.js';
import { escapeOf } from './visible-text.js';

/** Nanoseconds in each unit that a duration may carry. The micro sign is U+00B5 or U+03BC. */
const UNIT_NS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['min', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

/** Events per second for each ending that a rate may carry. */
const PER_SECOND: ReadonlyMap<string, number> = new Map([
  ['/s', 1],
  ['/ms', 1e3],
  ['/us', 1e6],
  ['/\u00b5s', 1e6],
  ['/\u03bcs', 1e6],
  ['Hz', 1],
  ['kHz', 1e3],
  ['MHz', 1e6],
]);

const MULTIPLES = new Map([
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
]);

/** The written form of a quantity: digits, an optional fraction, an optional unit. */
const quantityPattern = (unit: string): string => `^([0-9]{1,16})(?:\\.([0-9]{1,15}))? ?${unit}$`;
const anyOf = (units: Iterable<string>): string => `(${[...units].join('|')})?`;
const perTime = [...PER_SECOND.keys()].filter((unit) => unit.startsWith('/'));
const hertz = [...PER_SECOND.keys()].filter((unit) => !unit.startsWith('/'));

/** Also published in the JSON Schema. A rate in hertz has its multiple in the unit. */
export const DURATION_PATTERN = quantityPattern(anyOf(UNIT_NS.keys()));
export const RATE_PATTERN = quantityPattern(`(?:([kMG])?${anyOf(perTime)}|(${hertz.join('|')}))`);
const DURATION = new RegExp(DURATION_PATTERN);
const RATE = new RegExp(RATE_PATTERN);

const DURATION_HINT =
  'a plain number counts nanoseconds; otherwise write a unit: ' +
  '"800ns", "2us", "15.625ms", "1s", "3min"';
const RATE_HINT = 'a plain number counts events per second; otherwise write "20k/s" or "1kHz"';

/**
 * A duration in whole nanoseconds: a number of nanoseconds, or a string with a unit. The arithmetic
 * is exact in decimal, so "15.625ms" is 15,625,000 and "0.1ns" is refused, not rounded.
 *
 * Throws InputError for anything else, and for more than 2^53 − 1 ns.
 */
export function parseDuration(value: string | number): number {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && value >= 0) return value === 0 ? 0 : value;
    throw inputError(`${value} is not a whole number of nanoseconds from 0 up`, DURATION_HINT);
  }
  const match = DURATION.exec(value.slice(0, 64));
  if (match === null) throw inputError(`${quote(value)} is not a duration`, DURATION_HINT);
  const [, whole, fraction = '', unit = 'ns'] = match;
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * UNIT_NS.get(unit)!;
  if (scaled % scale !== 0n) {
    throw inputError(`${quote(value)} is not a whole number of nanoseconds`, DURATION_HINT);
  }
  const ns = Number(scaled / scale);
  if (!Number.isSafeInteger(ns)) {
    throw inputError(`${quote(value)} is longer than 2^53 nanoseconds (104 days)`);
  }
  return ns;
}

/**
 * A rate in events per second: a number, or a string such as "20000/s", "20k/s", "20/ms", "20k" or
 * "1.5kHz".
 * Throws InputError for anything else, and for a rate that is not above 0.
 */
export function parseRate(value: string | number): number {
  let perSecond = value;
  if (typeof perSecond === 'string') {
    const match = RATE.exec(perSecond.slice(0, 64));
    if (match === null) throw inputError(`${quote(perSecond)} is not a rate`, RATE_HINT);
    const [, whole, fraction = '0', multiple = '', perTimeUnit = '/s', hertzUnit] = match;
    const scale = MULTIPLES.get(multiple)! * PER_SECOND.get(hertzUnit ?? perTimeUnit)!;
    perSecond = Number(`${whole}.${fraction}`) * scale;
  }
  if (Number.isFinite(perSecond) && perSecond > 0) return perSecond;
  throw inputError(`a rate must be above 0 events per second, not ${perSecond}`, RATE_HINT);
}

/** What `parseCount` reads, but for its size. */
export const COUNT_PATTERN = '^[0-9][0-9_]{0,19}[kMG]?$';
const COUNT = /^([0-9][0-9_]{0,19})([kMG]?)$/;

/**
 * A whole number from 0 to 2^53 − 1, or text: "250000", "250_000", "250k", "10M", "1G". Throws
 * InputError for anything else.
 */
export function parseCount(value: string | number): number {
  let count = value;
  if (typeof count === 'string') {
    const match = COUNT.exec(count);
    count = match === null ? NaN : Number(match[1].replaceAll('_', '')) * MULTIPLES.get(match[2])!;
  }
  if (Number.isSafeInteger(count) && count >= 0) return count || 0;
  throw inputError(`${quote(String(value))} is not a whole number`, 'such as 250000, 250k or 10M');
}

const STEPS = [
  { unit: 'ns', ns: 1 },
  { unit: '\u00b5s', ns: 1e3 },
  { unit: 'ms', ns: 1e6 },
  { unit: 's', ns: 1e9 },
] as const;

/**
 * A duration for people, with three significant digits and the unit that suits it: `1.23 µs`.
 * Takes any finite number of nanoseconds, negative ones (differences) and fractions (means) too.
 */
export function formatNs(ns: number): string {
  if (ns < 0) return `-${formatNs(-ns)}`;
  for (const step of STEPS) {
    const text = threeDigits(ns / step.ns);
    // 999.6 µs rounds to 1000: the next unit says it better.
    if (Number(text) < 1000 || step.unit === 's') return `${groupDigits(text)} ${step.unit}`;
  }
  throw new RangeError(`not a duration: ${ns}`);
}

/** A whole number of nanoseconds without rounding, in the largest unit that keeps it short. */
export function formatNsExactly(ns: number): string {
  if (ns < 0) return `-${formatNsExactly(-ns)}`;
  const step = STEPS.findLast((candidate) => ns >= candidate.ns) ?? STEPS[0];
  const scale = BigInt(step.ns);
  const fraction = String(BigInt(ns) % scale).padStart(String(step.ns).length - 1, '0');
  const whole = formatCount(BigInt(ns) / scale);
  const decimals = step.ns === 1 ? '' : fraction.replace(/0+$/, '');
  return `${whole}${decimals === '' ? '' : `.${decimals}`} ${step.unit}`;
}

/** A count for people, thousands apart: `121,779`. Fractions are kept as they are. */
export function formatCount(count: number | bigint): string {
  return groupDigits(String(count));
}

/** A latency, or a rate or mean: three significant digits, as in `81.0`, thousands apart. */
export function formatFigure(value: number, unit: 'ns' | 'count'): string {
  if (unit === 'ns') return formatNs(value);
  if (value > 0 && value < 0.01) return String(Number(value.toPrecision(3)));
  return groupDigits(threeDigits(value));
}

function threeDigits(value: number): string {
  if (value === 0 || (Number.isInteger(value) && value < 1000)) return String(value);
  if (value >= 999.5) return value.toFixed(0);
  // Below 0.01 ns nothing is worth a digit; toPrecision would turn to exponents there.
  return value < 0.01 ? value.toFixed(3) : value.toPrecision(3);
}

function groupDigits(text: string): string {
  const [whole, fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/**
 * Text from an input as it may stand in a message: in quotes, cut to `limit` characters, with
 * everything that could move a terminal's cursor or reorder a line written as an escape.
 */
export function quote(text: string, limit = 60): string {
  return escapeControls(JSON.stringify(cut(text, limit)));
}

/** Text out of an input as a sentence may carry it: cut, control characters escaped, no quotes. */
export function plainText(text: string, limit = 300): string {
  return escapeControls(cut(text, limit));
}

/** `1 processor`, `2,000 processors`. */
export function formatCountOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

function escapeControls(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeOf);
}
