import { inputError, type InputError } from '../errors.js';
import type { SweepParameter } from '../result/sweep-document.js';
import { formatCount, parseDuration, parseRate, quote } from '../units.js';

/** A parameter has no more values; nobody looks at more. */
const MOST_VALUES = 10_000;
const LONGEST = 16_384;
/** Values that differ so much stand on a logarithmic axis. */
const WIDE_RANGE = 30;

const FORM =
  'write PATH=VALUES, such as machine.processors=1..64x2, ' +
  'sources.nic.dpc.budget=8,16,32 or machine.costs.ipiFlight=500ns..5us:500ns';

/**
 * Parses `PATH=VALUES`. Values are separated by commas; each is YAML as for `--set`, or a range of
 * numbers with one unit or none: `1..8` in steps of one, `10us..100us:10us` in steps of 10 µs,
 * `1..64x2` in factors of two.
 *
 * @throws InputError.
 */
export function parseParameter(text: string): SweepParameter {
  const at = text.indexOf('=');
  if (at <= 0 || text.length > LONGEST) {
    const seen = quote(text.slice(0, 40));
    throw inputError(`--param ${seen}: this is no parameter and its values`, FORM);
  }
  const path = text.slice(0, at).trim();
  const items = splitValues(text.slice(at + 1));
  const values: string[] = [];
  for (const item of items) {
    if (item === '') throw wrong(path, 'a value is empty', FORM);
    values.push(...(rangeOf(path, item) ?? [item]));
    if (values.length > MOST_VALUES) throw tooMany(path, values.length);
  }
  const seen = new Set<string>();
  const twice = values.find((value) => seen.has(value) || !seen.add(value));
  if (twice !== undefined) throw wrong(path, `the value ${quote(twice)} stands twice`, '');
  return { path, values, ...axisOf(values) };
}

/** At commas that are outside of brackets, braces and quotes. */
function splitValues(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let quoted = '';
  let item = '';
  for (const letter of text) {
    if (quoted !== '') quoted = letter === quoted ? '' : quoted;
    else if (letter === '"' || letter === "'") quoted = letter;
    else if ('[{('.includes(letter)) depth += 1;
    else if (']})'.includes(letter)) depth -= 1;
    if (letter === ',' && depth === 0 && quoted === '') {
      items.push(item.trim());
      item = '';
    } else {
      item += letter;
    }
  }
  return [...items, item.trim()];
}

const NUMBER = '(-?[0-9]{1,15}(?:\\.[0-9]{1,9})?)';
const UNIT = '([A-Za-z\\u00b5\\u03bc]{0,3}(?:/[a-z\\u00b5\\u03bc]{1,2})?)';
const RANGE = new RegExp(
  `^${NUMBER}${UNIT}\\.\\.${NUMBER}${UNIT}(?::${NUMBER}${UNIT}|x${NUMBER})?$`,
);

/** The values of a range, in the unit of its beginning; null for what is none. */
function rangeOf(path: string, text: string): string[] | null {
  const match = RANGE.exec(text);
  if (match === null) {
    if (/^[^"'[{(]*\.\./.test(text)) throw wrong(path, `${quote(text)} is no range`, FORM);
    return null;
  }
  const [, from, unit, to, toUnit, step = '1', stepUnit = unit, factor] = match;
  const low = Number(from);
  const high = Number(to) * unitRatio(path, toUnit, unit);
  if (high < low) throw wrong(path, `${quote(text)} goes down`, 'begin with the least value');
  const numbers =
    factor === undefined
      ? steps(path, low, high, Number(step) * unitRatio(path, stepUnit, unit))
      : factors(path, low, high, Number(factor));
  return numbers.map((number) => `${Number(number.toPrecision(12))}${unit}`);
}

function steps(path: string, low: number, high: number, step: number): number[] {
  if (!(step > 0)) throw wrong(path, 'the step is not above 0', 'such as 0..100:10');
  const count = Math.floor((high - low) / step + 1e-9) + 1;
  if (count > MOST_VALUES) throw tooMany(path, count);
  return Array.from({ length: count }, (_, i) => low + i * step);
}

function factors(path: string, low: number, high: number, factor: number): number[] {
  if (!(low > 0 && factor > 1)) {
    throw wrong(path, 'factors go up from above 0', 'such as 1..64x2');
  }
  const count = Math.floor(Math.log(high / low) / Math.log(factor) + 1e-9) + 1;
  if (count > MOST_VALUES) throw tooMany(path, count);
  return Array.from({ length: count }, (_, i) => low * factor ** i);
}

/** How many of `to` one `from` is. */
function unitRatio(path: string, from: string, to: string): number {
  if (from === to) return 1;
  const [a, b] = [from, to].map(sizeOf);
  if (a !== null && b !== null && a.unit === b.unit) return a.size / b.size;
  throw wrong(path, `${quote(from)} and ${quote(to)} are no units of one kind`, FORM);
}

function sizeOf(unit: string): { size: number; unit: 'ns' | 'perSecond' } | null {
  const [one] = axisNumbers([`1${unit}`], 'ns') ?? [];
  if (one !== undefined) return { size: one, unit: 'ns' };
  const [rate] = axisNumbers([`1${unit}`], 'perSecond') ?? [];
  return rate === undefined ? null : { size: rate, unit: 'perSecond' };
}

type Axis = Pick<SweepParameter, 'numbers' | 'unit' | 'isLog'>;

function axisOf(values: readonly string[]): Axis {
  for (const unit of ['count', 'ns', 'perSecond'] as const) {
    const numbers = axisNumbers(values, unit);
    if (numbers === null) continue;
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    return { numbers, unit, isLog: least > 0 && most / least >= WIDE_RANGE };
  }
  return { numbers: null, unit: null, isLog: false };
}

/** Null unless every value is one of that kind. A plain number has no unit. */
function axisNumbers(
  values: readonly string[],
  unit: 'count' | 'ns' | 'perSecond',
): number[] | null {
  const plain = /^-?\d+(\.\d+)?$/;
  if (unit === 'count')
    return values.every((value) => plain.test(value)) ? values.map(Number) : null;
  const parse = unit === 'ns' ? parseDuration : parseRate;
  try {
    return values.map((value) => parse(value));
  } catch {
    return null;
  }
}

function tooMany(path: string, count: number): InputError {
  const seen = formatCount(count);
  const hint = `at most ${formatCount(MOST_VALUES)}: take a larger step, or a factor`;
  return wrong(path, `${seen} values are too many`, hint);
}

function wrong(path: string, message: string, hint: string): InputError {
  return inputError(`--param ${path}: ${message}`, hint);
}
