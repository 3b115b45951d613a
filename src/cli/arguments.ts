import { InvalidArgumentError } from 'commander';
import { InputError } from '../errors.js';
import { MAXIMUM_WORKERS } from '../run/run-benchmark.js';
import { isSeed, SEED_RANGE } from '../run/seed.js';
import { parseCount as parseCountText, parseDuration } from '../units.js';

/** Readers of option values; what they refuse, commander reports with the option's name. */

/** `250000`, `250_000`, `250k`, `10M`, `1G`: a whole number above 0. */
export function parseCount(text: string): number {
  try {
    const count = parseCountText(text);
    if (count > 0) return count;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  throw new InvalidArgumentError('It must be a whole number above 0, such as 250000, 250k or 10M.');
}

/** How many of something that must be whole and have a limit, such as threads. */
export function upTo(limit: number, what: string): (text: string) => number {
  return (text) => {
    const count = /^[0-9]{1,9}$/.test(text) ? Number(text) : NaN;
    if (count >= 1 && count <= limit) return count;
    throw new InvalidArgumentError(`It must be a number of ${what} from 1 to ${limit}.`);
  };
}

/** Threads. */
export const parseWorkers = upTo(MAXIMUM_WORKERS, 'threads');

/** A whole number from 0 to 2^53 − 1. */
export function parseSeed(text: string): number {
  const seed = /^[0-9]{1,16}$/.test(text) ? Number(text) : NaN;
  if (isSeed(seed)) return seed;
  throw new InvalidArgumentError(`It ${SEED_RANGE}.`);
}

/** A duration above 0, in ns. */
export function parseTime(text: string): number {
  try {
    const ns = parseDuration(text);
    if (ns > 0) return ns;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  throw new InvalidArgumentError('It must be a duration above 0, such as 50ms, 2s or 1min.');
}

/** `--policy a,b --policy c` is a, b, c. */
export function collectNames(text: string, before: readonly string[] = []): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('A name is empty.');
  return [...before, ...names];
}

/** `5%`, `0.5 %`: 5 and 0.5; from 0 up. */
export function parsePercent(text: string): number {
  const percent = percentIn(text);
  if (percent !== null) return percent;
  throw new InvalidArgumentError('It must be a percentage from 0 up, such as 5% or 0.5%.');
}

/** How well a figure is to be known: `2%` is 2; above 0 and below 100. */
export function parsePrecision(text: string): number {
  const percent = percentIn(text);
  if (percent !== null && percent > 0 && percent < 100) return percent;
  throw new InvalidArgumentError(
    'It must be a percentage above 0 % and below 100 %, such as 2% or 0.5%.',
  );
}

function percentIn(text: string): number | null {
  const match = /^([0-9]{1,6}(?:\.[0-9]{1,6})?) ?%$/.exec(text);
  return match === null ? null : Number(match[1]);
}

/** An option that is given once for each text. */
export function collectTexts(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** `none`, `auto`, or a time from 1 ns on. */
export function parseWarmup(text: string): 'settle' | 'none' | 'auto' | number {
  if (text === 'settle' || text === 'none' || text === 'auto') return text;
  try {
    return parseTime(text);
  } catch {
    throw new InvalidArgumentError(
      'It must be settle, none, auto or a duration above 0, such as 50ms or 2s.',
    );
  }
}
