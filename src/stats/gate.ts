import { InputError } from '../errors.js';
import {
  formatCount,
  formatNs,
  formatNsExactly,
  parseDuration,
  plainText,
  quote,
} from '../units.js';
import type { ChangeEstimate, FigureChange } from './compare-documents.js';
import {
  type FigureNames,
  type FigurePath,
  isCounted,
  parseFigurePath,
  readFigure,
  UnknownFigure,
} from './figure-path.js';
import type { ResultDocument } from '../result/document.js';

const OPERATORS = ['>=', '<=', '==', '!=', '>', '<'] as const;
type Operator = (typeof OPERATORS)[number];

/** A condition under which a run fails, such as `vista.dpcWait.p99 > 100us`. */
export interface Threshold {
  text: string;
  path: FigurePath;
  operator: Operator;
  /** In the unit of the figure: ns, a count or a ratio. */
  limit: number;
}

/** What became of one gate. Missing or too few data are never a pass. */
export interface GateOutcome {
  kind: 'threshold' | 'regression';
  name: string;
  status: 'pass' | 'fail' | 'noData';
  /** What was seen, in words. */
  message: string;
}

const LONGEST = 300;
const FORM_HINT = 'write FIGURE OPERATOR VALUE, such as "vista.dpcWait.p99 > 100us"';

/**
 * Parses the text of a `--fail-if`. Operators: > >= < <= == !=. A latency is held against a
 * duration (a plain number counts ns), a counter against a number such as 250, 0.5 or 10k, a ratio
 * against a number such as 1.5.
 *
 * @throws InputError with the column and, for an unknown figure, the nearest known name.
 */
export function parseThreshold(text: string, names: FigureNames): Threshold {
  if (text.length > LONGEST) throw wrong(text, 0, `longer than ${LONGEST} characters`, FORM_HINT);
  const at = lastOperator(text);
  if (at === null) throw wrong(text, text.length, 'there is no operator', FORM_HINT);
  const { operator, index } = at;
  const from = text.length - text.trimStart().length;
  const written = text.slice(from, index).trimEnd();
  if (written === '') throw wrong(text, index, 'there is no figure before the operator', FORM_HINT);
  const path = parsePath(text, written, from, names);
  const after = text.slice(index + operator.length);
  const valueAt = text.length - after.trimStart().length;
  const limit = parseLimit(text, after.trim(), valueAt, path);
  return { text: text.trim(), path, operator, limit };
}

/** Names may hold operators, values do not: the last one counts. */
function lastOperator(text: string): { operator: Operator; index: number } | null {
  for (let index = text.length - 1; index >= 0; index -= 1) {
    // `>=` is seen from its `=`; a lone `=` is none.
    const start = text[index] === '=' ? index - 1 : index;
    const operator = OPERATORS.find((candidate) => text.startsWith(candidate, start));
    if (operator !== undefined && start >= 0) return { operator, index: start };
    if (text[index] === '=') return null;
  }
  return null;
}

function parsePath(text: string, written: string, from: number, names: FigureNames): FigurePath {
  try {
    return parseFigurePath(written, names);
  } catch (error) {
    if (!(error instanceof UnknownFigure)) throw error;
    throw wrong(text, from + error.offset, error.message, error.hint);
  }
}

const MULTIPLES: Record<string, number> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

function parseLimit(text: string, written: string, at: number, path: FigurePath): number {
  if (written === '') throw wrong(text, at, 'there is no value after the operator', FORM_HINT);
  if (path.unit === 'ns') {
    try {
      return parseDuration(written);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw wrong(text, at, error.problems[0].message, error.problems[0].hint);
    }
  }
  const match = /^([0-9]{1,15}(?:\.[0-9]{1,15})?)([kMG]?)$/.exec(written);
  if (match !== null) return Number(match[1]) * MULTIPLES[match[2]];
  const message = `${quote(written)} is not a number, and ${quote(path.text)} has no unit`;
  throw wrong(text, at, message, 'write a number from 0 up, such as 250, 0.5 or 10k');
}

function wrong(text: string, offset: number, message: string, hint: string): InputError {
  const place = { file: '--fail-if', line: 1, column: offset + 1 };
  return new InputError([{ ...place, path: plainText(text, LONGEST), message, hint }]);
}

const NOT_COUNTED = 'is not counted: the scenario does not use what it counts';

/** Looks a figure up and holds it against its limit. */
export function evaluateThreshold(document: ResultDocument, threshold: Threshold): GateOutcome {
  const { path, operator, limit, text } = threshold;
  const gate = { kind: 'threshold', name: text } as const;
  const value = valueOf(document, path);
  if (value === null) {
    const why = isCounted(document, path) ? 'has no samples, or too few' : NOT_COUNTED;
    return { ...gate, status: 'noData', message: `${path.text} ${why}` };
  }
  const status = holds(value, operator, limit) ? 'fail' : 'pass';
  return { ...gate, status, message: `${path.text} is ${formatValue(value, path.unit)}` };
}

/** Null as well for what the document does not hold, such as a ratio that nobody computed. */
function valueOf(document: ResultDocument, path: FigurePath): number | null {
  const isCompared = document.comparisons.some(({ policy }) => policy === path.policy);
  const isFirst = document.results[0].policy === path.policy;
  if (path.of === 'ratio' && !isFirst && !isCompared) return null;
  const { value } = readFigure(document, path);
  return Number.isFinite(value) ? value : null;
}

function holds(value: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}

/**
 * One outcome for each figure that counts for a regression. A figure may be higher than before by
 * `percent`. From 0, any increase is a regression.
 */
export function evaluateRegression(
  comparison: { figures: readonly FigureChange[] },
  percent: number,
): GateOutcome[] {
  return comparison.figures.map((change) => judgeChange(change, percent));
}

function judgeChange(change: FigureChange, percent: number): GateOutcome {
  const { path, before, now } = change;
  const gate = { kind: 'regression', name: `${path.text} within +${percent} %` } as const;
  if (before === null || now === null) {
    const where = before !== null ? 'now' : now !== null ? 'in the baseline' : 'in both results';
    const message = `${path.text} has no samples, or too few, ${where}`;
    return { ...gate, status: 'noData', message };
  }
  const message =
    `${path.text} was ${formatValue(before, path.unit)} and is ${formatValue(now, path.unit)}, ` +
    formatChange(before, now);
  const { estimate } = change;
  if (estimate !== undefined && !estimate.isExact) {
    const status = judgeEstimate(before, estimate, percent);
    const why = estimate.difference === null ? 'without intervals' : 'within chance';
    return { ...gate, status, message: status === 'noData' ? `${message}, ${why}` : message };
  }
  // In percents: 100 × 0.29 is a little below 29, and 129 would be over it.
  const isWorse = now > before && (now - before) * 100 > before * percent;
  return { ...gate, status: isWorse ? 'fail' : 'pass', message };
}

/**
 * A change between experiments that differ is worse, or not, when its whole interval is: what holds
 * the limit inside is not decided by so few data.
 */
function judgeEstimate(
  before: number,
  { difference, verdict }: ChangeEstimate,
  percent: number,
): GateOutcome['status'] {
  if (verdict === 'same') return 'pass';
  if (difference === null) return 'noData';
  const limit = (before * percent) / 100;
  if (difference.low > limit) return 'fail';
  return difference.high <= limit ? 'pass' : 'noData';
}

/** `+12.3 %`; `same` for equal values; from 0 there is no percentage. */
export function formatChange(before: number, now: number): string {
  if (before === now) return 'same';
  if (before === 0) return 'up from 0';
  const percent = (now / before - 1) * 100;
  const digits = Math.abs(percent) >= 1000 ? percent.toFixed(0) : percent.toPrecision(3);
  return `${percent > 0 ? '+' : ''}${Number(digits)} %`;
}

/** Whole ns without rounding, so that a figure never looks like the limit that it is over. */
export function formatValue(value: number, unit: FigurePath['unit']): string {
  if (unit === 'ns') return Number.isSafeInteger(value) ? formatNsExactly(value) : formatNs(value);
  if (Number.isInteger(value)) return formatCount(value);
  return String(Number(value.toPrecision(6)));
}
