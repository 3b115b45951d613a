import type { LineKind, TraceEvent } from './trace-event.js';
import { LINE, UNKNOWN_PID, knownIndex, readStamp, skipBlanks } from './trace-event.js';

/**
 * Linux's names of the softirq vectors, which LTTng leaves out (include/linux/interrupt.h), in the
 * order in which it serves those that are pending (kernel/softirq.c).
 */
export const VECTORS = [
  'HI',
  'TIMER',
  'NET_TX',
  'NET_RX',
  'BLOCK',
  'IRQ_POLL',
  'TASKLET',
  'SCHED',
  'HRTIMER',
  'RCU',
];
/** Names of LTTng that begin so are those of perf behind it. */
const PREFIXES = ['irq_softirq_', 'x86_irq_vectors_'] as const;
const SECONDS = { hour: 3600, minute: 60 } as const;
/** Colours, as `--color=always` puts them in. */
const COLOURS = /\x1b\[[\d;]{0,9}m/g;

/**
 * Reads a line of what babeltrace2 makes of LTTng's trace of the kernel:
 *
 *     [1174.074100071] (+0.000003086) host irq_softirq_raise: { cpu_id = 0 }, { vec = 9 }
 *     [seconds]        (since before) host event: { of the packet }, { context }, { fields }
 *
 * The stamp may be a time of day (which is wrong from midnight on) or hold a date. Difference, host
 * and context may be missing, and more may stand before the event (`--fields`). Names of fields may
 * be left out or written everywhere (`--names`); with `--names=all` a line begins so:
 *
 *     timestamp = 1174.074100071, delta = +0.000003086, trace:hostname = host, name = event,
 *
 * Who ran is told by `pid` or `tid` of the context, or by the switches.
 */
export function readBabeltraceLine(written: string, event: TraceEvent): LineKind {
  const line = written.includes('\x1b[') ? written.replace(COLOURS, '') : written;
  const first = skipBlanks(line, 0);
  if (first === line.length || line.charCodeAt(first) === 35) return LINE.comment;
  const isNamed = line.startsWith('timestamp = ', first);
  if (!isNamed && line.charCodeAt(first) !== 91) return readWarning(line, event);
  const from = first + (isNamed ? 'timestamp = '.length : 1);
  const end = line.indexOf(isNamed ? ',' : ']', from);
  if (end < 0 || !readTime(line.slice(from, end), event)) return LINE.malformed;
  const brace = line.indexOf('{', end);
  const name = brace < 0 ? null : nameBefore(line.slice(end + 1, brace), isNamed);
  if (name === null) return LINE.malformed;
  const groups = groupsFrom(line, brace);
  const cpu = /^\{(?:.{0,200} cpu_id =)? (\d{1,9})\b/.exec(groups[0] ?? '');
  if (cpu === null) return LINE.malformed;
  const fields = groups[groups.length - 1];
  event.processor = Number(cpu[1]);
  event.name = plainName(name);
  event.known = knownIndex(event.name);
  event.pid = pidOf(event.name, fields, groups.slice(1, -1).join());
  event.detail = detailOf(event.name, fields);
  return LINE.event;
}

/** Whether a line has babeltrace2's stamp in cycles of a clock, whose rate is not in the text. */
export function hasCyclesForStamp(line: string): boolean {
  return /^(?:\[|timestamp = )\d{20}[\],]/.test(line);
}

/** `1174.074100071`, or `13:44:16.238953862` with or without a date; false for the rest. */
function readTime(text: string, event: TraceEvent): boolean {
  const clock = /^(?:(\d{4}-\d\d-\d\d) )?(\d\d):(\d\d):(\d\d\.\d{9})$/.exec(text);
  if (clock === null) return readStamp(`${text}:`, 0, event) === text.length + 1;
  const [, date, hours, minutes, seconds] = clock;
  const day = date === undefined ? 0 : Date.parse(`${date}T00:00:00Z`) / 1000;
  if (Number.isNaN(day)) return false;
  readStamp(`${seconds}:`, 0, event);
  event.seconds += day + SECONDS.hour * Number(hours) + SECONDS.minute * Number(minutes);
  return true;
}

/** The event's name out of what stands between the stamp and the first group of fields. */
function nameBefore(text: string, isNamed: boolean): string | null {
  const found = isNamed
    ? /(?:^|, )name = ([^\s,]+), (?:[\w.]+ = )?$/.exec(text)
    : /(?:^| )([^\s,]+): (?:[\w.]+ = )?$/.exec(text);
  return found === null ? null : found[1];
}

/** The groups `{ … }` of a line, the first of which begins at `from`; strings may hold braces. */
function groupsFrom(line: string, from: number): string[] {
  const groups: string[] = [];
  let depth = 0;
  let start = from;
  for (let i = from; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === 34) {
      i = endOfString(line, i);
    } else if (code === 123) {
      if (depth === 0) start = i;
      depth += 1;
    } else if (code === 125) {
      depth -= 1;
      if (depth < 0) return [];
      if (depth === 0) groups.push(line.slice(start, i + 1));
    }
  }
  return depth === 0 ? groups : [];
}

/** Where the string that begins at `from` ends: babeltrace2 escapes quotes by a backslash. */
function endOfString(line: string, from: number): number {
  let i = from + 1;
  while (i < line.length && line.charCodeAt(i) !== 34) i += line.charCodeAt(i) === 92 ? 2 : 1;
  return i;
}

function plainName(name: string): string {
  // That of x86 is its platform's own; ARM's event has the plain name.
  if (name.startsWith('x86_irq_vectors_ipi_')) return name.replace('irq_vectors', 'platform');
  const prefix = PREFIXES.find((each) => name.startsWith(each));
  if (prefix === undefined) return name;
  return prefix === 'irq_softirq_' ? name.slice('irq_'.length) : name.slice(prefix.length);
}

/**
 * Who ran when the event was written: a switch is written by the thread that leaves. A `tid` among
 * the fields is somebody else's, such as the thread that is woken up.
 */
function pidOf(name: string, fields: string, contexts: string): number {
  const left = name === 'sched_switch' ? valueOf(fields, 'prev_tid', 1) : '';
  if (left !== '') return Number(left);
  const found = /[{ ](?:tid|pid) = (\d{1,9})\b/.exec(contexts);
  return found === null ? UNKNOWN_PID : Number(found[1]);
}

/** The fields as perf and ftrace print them. */
function detailOf(name: string, fields: string): string {
  if (name.startsWith('softirq_')) {
    const vector = valueOf(fields, 'vec', 0);
    return `vec=${vector} [action=${VECTORS[Number(vector)] ?? `vector-${vector}`}]`;
  }
  if (name === 'sched_switch') return `next_pid=${valueOf(fields, 'next_tid', 5)}`;
  if (!name.startsWith('irq_handler_')) return fields;
  const device = name.endsWith('entry') ? valueOf(fields, 'name', 1) : '';
  return `irq=${valueOf(fields, 'irq', 0)} name=${device}`;
}

/** A field's number or string, by its name or, where names were left out, by its place. */
function valueOf(fields: string, name: string, place: number): string {
  // A string may look like a field: what is compared has none.
  const values = [...fields.matchAll(/(?:^\{ |, )(?:(\w+) = )?("(?:[^"\\]|\\.)*"|[^",{}]*)/g)];
  const found = values.find((value) => value[1] === name) ?? values[place];
  if (found === undefined || (found[1] !== undefined && found[1] !== name)) return '';
  const text = found[2].trim();
  return text.startsWith('"') ? text.slice(1, -1) : (/^\d{1,9}$/.exec(text)?.[0] ?? '');
}

/** Warnings go to standard error, which may have been put into the same file. */
function readWarning(line: string, event: TraceEvent): LineKind {
  const lost = /\bTracer (?:discarded|may have discarded) (\d{1,15})?/.exec(line);
  if (lost === null) return LINE.malformed;
  event.processor = -1;
  event.lost = Number(lost[1] ?? 0);
  return LINE.lost;
}
