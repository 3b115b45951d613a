/** The cells of a line of CSV, quotes taken off; a quote that nobody closes goes to the end. */
export function csvCells(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    let start = at;
    while (line[start] === ' ') start++;
    if (line[start] === '"') {
      const { text, end } = quoted(line, start + 1);
      cells.push(text.trim());
      at = line.indexOf(delimiter, end);
    } else {
      const end = line.indexOf(delimiter, at);
      cells.push(line.slice(at, end < 0 ? undefined : end).trim());
      at = end;
    }
    if (at < 0) break;
    at += 1;
  }
  return cells;
}

/** What stands up to the closing quote; two quotes are one that belongs to the text. */
function quoted(line: string, from: number): { text: string; end: number } {
  let text = '';
  for (let at = from; ;) {
    const end = line.indexOf('"', at);
    if (end < 0) return { text: text + line.slice(at), end: line.length };
    text += line.slice(at, end);
    if (line[end + 1] !== '"') return { text, end: end + 1 };
    text += '"';
    at = end + 2;
  }
}

/** Blanks that group digits, and Switzerland's apostrophe. */
const GROUPING = /[\s\u00a0\u202f\u2009'’]/g;
/** Digits behind a lone mark that may as well be a group of thousands. */
const GROUP_DIGITS = 3;

/**
 * Which mark stands before decimals in a table's numbers, `.` or `,`, told by those of which only
 * one reading makes sense: `39.992,9` and `0,0812` but not `1,234`. Null if there is none.
 */
export function decimalMark(numbers: Iterable<string>): '.' | ',' | null {
  for (const written of numbers) {
    const text = written.replace(GROUPING, '');
    if (!/^-?\d[\d.,]*$/.test(text)) continue;
    const points = text.split('.').length - 1;
    const commas = text.split(',').length - 1;
    if (points > 0 && commas > 0) return text.lastIndexOf('.') > text.lastIndexOf(',') ? '.' : ',';
    if (points > 1) return ',';
    if (commas > 1) return '.';
    if (points + commas === 0) continue;
    const mark = points === 1 ? '.' : ',';
    const [before, after] = text.split(mark);
    const mayGroup = after.length === GROUP_DIGITS && /^-?[1-9]\d{0,2}$/.test(before);
    if (!mayGroup) return mark;
  }
  return null;
}

/** A decimal number in parts: exact, whatever its size. */
export interface Decimal {
  whole: number;
  /** Behind the mark, at most nine digits, as a whole number of 10^-9. */
  billionths: number;
  /** How many digits were written behind it. */
  decimals: number;
}

const MOST_WHOLE_DIGITS = 15;

/** Reads a number from 0 up with that decimal mark; null for the rest. */
export function readDecimal(written: string, mark: '.' | ','): Decimal | null {
  const other = mark === '.' ? ',' : '.';
  const text = written.replace(GROUPING, '').replaceAll(other, '');
  const match = /^(\d+)(?:[.,](\d*))?$/.exec(text);
  if (match === null || match[1].length > MOST_WHOLE_DIGITS) return null;
  const [, whole, fraction = ''] = match;
  const billionths = Number(fraction.slice(0, 9).padEnd(9, '0'));
  return { whole: Number(whole), billionths, decimals: Math.min(9, fraction.length) };
}
