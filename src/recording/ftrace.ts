import type { LineKind, TraceEvent } from './trace-event.js';
import {
  LINE,
  findProcessor,
  knownIndex,
  readNumberBefore,
  readStamp,
  skipBlanks,
  skipWord,
  wholeNumber,
} from './trace-event.js';

/**
 * Reads a line of the kernel's `trace` file or of `trace-cmd report`:
 *
 *     <idle>-0     [001] d.h1.  1174.074100: softirq_raise: vec=3 [action=NET_RX]
 *     comm-pid (tgid) [cpu] flags seconds:   event: its fields
 *
 * `(tgid)` and `flags` may be missing. The recorder's own lines (`cpus=2`, `CPU 0 is empty`,
 * `version = 6`) are comments, `CPU:1 [LOST 25 EVENTS]` and `CPU:7 [204600 EVENTS DROPPED]` report
 * losses, ` => function` is a call chain. A function tracer's line counts as an event not used.
 */
export function readFtraceLine(line: string, event: TraceEvent): LineKind {
  const first = skipBlanks(line, 0);
  if (first === line.length || line.charCodeAt(first) === 35) return LINE.comment;
  if (line.startsWith('CPU:', first)) return readLoss(line, first, event);
  for (let at = findProcessor(line, first); at >= 0; at = findProcessor(line, at + 1)) {
    const kind = readFromProcessor(line, at, event);
    if (kind !== LINE.malformed) return kind;
  }
  if (line.startsWith('=>', first)) return LINE.stack;
  return isRecorderLine(line.slice(first)) ? LINE.comment : LINE.malformed;
}

function readFromProcessor(line: string, bracket: number, event: TraceEvent): LineKind {
  const pid = readPid(line, bracket);
  if (pid < 0) return LINE.malformed;
  let at = skipBlanks(line, line.indexOf(']', bracket) + 1);
  let after = readStamp(line, at, event);
  if (after < 0) {
    at = skipBlanks(line, skipWord(line, at));
    after = readStamp(line, at, event);
  }
  if (after < 0) return LINE.malformed;
  event.pid = pid;
  event.processor = wholeNumber(line, bracket + 1);
  return readEvent(line, skipBlanks(line, after), event);
}

/** The pid of `comm-pid` or `comm-pid (tgid)` before the processor, or -1. */
function readPid(line: string, bracket: number): number {
  let end = bracket;
  while (line.charCodeAt(end - 1) === 32) end--;
  if (line.charCodeAt(end - 1) === 41) {
    end = line.lastIndexOf('(', end);
    while (line.charCodeAt(end - 1) === 32) end--;
  }
  const number = readNumberBefore(line, end);
  return number !== null && line.charCodeAt(number.start - 1) === 45 ? number.value : -1;
}

function readEvent(line: string, start: number, event: TraceEvent): LineKind {
  const end = skipWord(line, start);
  if (end === start) return LINE.malformed;
  const named = line.charCodeAt(end - 1) === 58;
  event.name = named ? line.slice(start, end - 1) : '(function)';
  event.known = named ? knownIndex(event.name) : -1;
  event.detail = line.slice(skipBlanks(line, end));
  return event.name === '' ? LINE.malformed : LINE.event;
}

function readLoss(line: string, first: number, event: TraceEvent): LineKind {
  const match = /^CPU:(\d{1,5}) \[(?:LOST (\d{1,15}) EVENTS|(\d{1,15} )?EVENTS DROPPED)\]/.exec(
    line.slice(first, first + 80),
  );
  if (match === null) return LINE.malformed;
  event.processor = Number(match[1]);
  event.lost = Number(match[2] ?? match[3] ?? 0);
  return LINE.lost;
}

function isRecorderLine(text: string): boolean {
  return /^(?:cpus=\d|version = |CPU \d+ is empty|trace\.dat|file:|\[?trace_clock)/i.test(text);
}

/**
 * How many processors a header says the machine has (`cpus=2`, or `#P:2` in the kernel's own
 * header), or 0 if the line does not say.
 */
export function headerProcessors(line: string): number {
  if (line.startsWith('cpus=')) return Math.max(0, wholeNumber(line, 5));
  const at = line.startsWith('#') ? line.indexOf('#P:') : -1;
  return at < 0 ? 0 : Math.max(0, wholeNumber(line, at + 3));
}
