import type { LineKind, TraceEvent } from './trace-event.js';
import {
  LINE,
  findProcessor,
  knownIndex,
  numberAfter,
  readNumberBefore,
  readStamp,
  skipBlanks,
  skipWord,
  wholeNumber,
} from './trace-event.js';

/**
 * Reads a line that `perf script` printed:
 *
 *     swapper     0 [000]   986.572775421:             irq:softirq_raise: vec=9 [action=RCU]
 *     comm      pid [cpu]   seconds:        (period)   subsystem:event: its fields
 *
 * `pid/tid` may stand for the pid, and a sample period before the event. Old versions print the
 * event without its subsystem. With `--show-lost-events` a line `PERF_RECORD_LOST lost N` stands in
 * place of an event. Call chains follow their event, each frame a hexadecimal address after blanks.
 */
export function readPerfScriptLine(line: string, event: TraceEvent): LineKind {
  const first = skipBlanks(line, 0);
  if (first === line.length || line.charCodeAt(first) === 35) return LINE.comment;
  for (let at = findProcessor(line, first); at >= 0; at = findProcessor(line, at + 1)) {
    const kind = readFromProcessor(line, at, event);
    if (kind !== LINE.malformed) return kind;
  }
  return first > 0 && isAddress(line, first) ? LINE.stack : LINE.malformed;
}

function readFromProcessor(line: string, bracket: number, event: TraceEvent): LineKind {
  const pid = readPid(line, bracket);
  if (pid === null) return LINE.malformed;
  const stamp = skipBlanks(line, line.indexOf(']', bracket) + 1);
  const after = readStamp(line, stamp, event);
  if (after < 0) return LINE.malformed;
  event.pid = pid;
  event.processor = wholeNumber(line, bracket + 1);
  return readEvent(line, skipBlanks(line, after), event);
}

/**
 * The pid before the processor; -1 (a process that has gone) counts as some thread. A minus right
 * behind a command is none: `bash-1181` is how ftrace writes it.
 */
function readPid(line: string, bracket: number): number | null {
  let end = bracket;
  while (line.charCodeAt(end - 1) === 32) end--;
  const number = readNumberBefore(line, end);
  if (number === null) return null;
  const before = line.charCodeAt(number.start - 1);
  if (before === 45) {
    const isApart = number.start < 2 || line.charCodeAt(number.start - 2) === 32;
    return isApart && number.value !== 0 ? number.value : null;
  }
  return before === 32 || before === 47 ? number.value : null;
}

function readEvent(line: string, from: number, event: TraceEvent): LineKind {
  let start = from;
  let end = skipWord(line, start);
  if (wholeNumber(line, start) >= 0 && line.charCodeAt(end - 1) !== 58) {
    start = skipBlanks(line, end);
    end = skipWord(line, start);
  }
  if (line.startsWith('PERF_RECORD_LOST', start)) {
    event.lost = Math.max(0, numberAfter(line, ' lost '));
    return LINE.lost;
  }
  if (end === start || line.charCodeAt(end - 1) !== 58) return LINE.malformed;
  const colon = line.lastIndexOf(':', end - 2);
  event.name = line.slice(Math.max(start, colon + 1), end - 1);
  event.known = knownIndex(event.name);
  event.detail = line.slice(skipBlanks(line, end));
  return event.name === '' ? LINE.malformed : LINE.event;
}

/** A frame: an address of at least four hexadecimal digits, then a blank. */
function isAddress(line: string, from: number): boolean {
  const end = skipWord(line, from);
  return end - from >= 4 && end - from <= 16 && /^[0-9a-f]+$/.test(line.slice(from, end));
}
