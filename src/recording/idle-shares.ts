import { InputError } from '../errors.js';
import { LIMITS } from '../scenario/limits.js';
import { quote } from '../units.js';

const HEAD = /^\s*StartTime,\s*EndTime,\s*Cpu 0\b/i;

/** Tells what `xperf -a cswitch` prints by any part of it that holds its head. */
export function looksLikeCswitch(text: string): boolean {
  return /^\s*StartTime,\s*EndTime,\s*Cpu 0\b/im.test(text);
}

/**
 * The share of its time, from 0 to 1, that each of `processors` processors was idle, out of what
 * `xperf -a cswitch` prints: per cent by processor and interval, weighted by the intervals' length.
 *
 * Throws InputError, with the line, for a text that is no such table or one of other processors.
 */
export function readIdleShares(
  lines: readonly string[],
  file: string,
  processors: number,
): number[] {
  const refusal = (line: number | null, message: string): InputError =>
    new InputError([
      {
        file,
        line,
        column: null,
        path: '',
        message,
        hint: 'give the output of: xperf -i trace.etl -o idle.txt -a cswitch',
      },
    ]);
  const head = lines.findIndex((line) => HEAD.test(line));
  if (head < 0) throw refusal(null, 'no line begins with "StartTime, EndTime, Cpu 0"');
  const columns = cellsOf(lines[head]).map((cell) => Number(/^Cpu (\d+)$/i.exec(cell)?.[1] ?? NaN));
  const places = Array.from({ length: processors }, (_, processor) => columns.indexOf(processor));
  if (columns.length !== processors + 2 || places.includes(-1)) {
    throw refusal(
      head + 1,
      `expected columns for CPU 0 to ${processors - 1}, as in the report ` +
        `of DPCs and ISRs, found ${columns.length - 2}`,
    );
  }
  const idle = new Array<number>(processors).fill(0);
  let total = 0;
  for (let i = head + 1; i < lines.length; i++) {
    // Other actions of xperf may follow in the same file.
    if (!/^\s*\d+\s*,/.test(lines[i])) {
      if (lines[i].trim() === '') continue;
      break;
    }
    const cells = cellsOf(lines[i]);
    const [start, end] = cells.map(Number);
    const shares = places.map((place) => Number(cells[place]));
    const length = end - start;
    const isWhole = cells.length === columns.length && cells.every((cell) => cell !== '');
    if (
      !isWhole ||
      !(length >= 0 && end * 1000 <= LIMITS.spanNs) ||
      !shares.every((share) => share >= 0 && share <= 100.5)
    ) {
      throw refusal(
        i + 1,
        `expected a start, an end and ${processors} shares from 0 to 100, ` +
          `found ${quote(lines[i].trim())}`,
      );
    }
    total += length;
    shares.forEach((share, processor) => (idle[processor] += length * share));
  }
  if (total === 0) throw refusal(head + 1, 'no interval follows this line');
  return idle.map((sum) => Math.min(1, sum / (100 * total)));
}

function cellsOf(line: string): string[] {
  return line.split(',').map((cell) => cell.trim());
}
