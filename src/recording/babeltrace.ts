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

/**
 * Reads a line of what babeltrace2 makes of LTTng's trace of the kernel:
 *
 *     [1174.074100071] (+0.000003086) host irq_softirq_raise: { cpu_id = 0 }, { vec = 9 }
 *     [seconds]        (since before) host event: { of the packet }, { context }, { fields }
 *
 * The stamp may be a time of day (which is wrong from midnight on) or hold a date. Difference, host
 * and context may be missing. Who ran is told by `pid` or `tid` of the context, or by the switches.
 */
export function readBabeltraceLine(line: string, event: TraceEvent): LineKind {
  const first = skipBlanks(line, 0);
  if (first === line.length || line.charCodeAt(first) === 35) return LINE.comment;
  if (line.charCodeAt(first) !== 91) return readWarning(line, event);
  const end = line.indexOf(']', first);
  if (end < 0 || !readTime(line.slice(first + 1, end), event)) return LINE.malformed;
  const head = /^\] (?:\(\+[\d.?]+\) )?(?:[^\s:{]+ )?([\w:]+): \{/.exec(line.slice(end));
  const cpu = /\{ cpu_id = (\d{1,9})\b/.exec(line);
  if (head === null || cpu === null) return LINE.malformed;
  const fields = line.slice(line.lastIndexOf('{ '));
  event.processor = Number(cpu[1]);
  event.name = plainName(head[1]);
  event.known = knownIndex(event.name);
  event.pid = pidOf(line, fields);
  event.detail = detailOf(event.name, fields);
  return LINE.event;
}

/** `1174.074100071`, or `13:44:16.238953862` with or without a date; false for the rest. */
function readTime(text: string, event: TraceEvent): boolean {
  const clock = /^(?:\d{4}-\d\d-\d\d )?(\d\d):(\d\d):(\d\d\.\d{9})$/.exec(text);
  if (clock === null) return readStamp(`${text}:`, 0, event) === text.length + 1;
  if (readStamp(`${clock[3]}:`, 0, event) < 0) return false;
  event.seconds += SECONDS.hour * Number(clock[1]) + SECONDS.minute * Number(clock[2]);
  return true;
}

function plainName(name: string): string {
  // That of x86 is its platform's own; ARM's event has the plain name.
  if (name.startsWith('x86_irq_vectors_ipi_')) return name.replace('irq_vectors', 'platform');
  const prefix = PREFIXES.find((each) => name.startsWith(each));
  if (prefix === undefined) return name;
  return prefix === 'irq_softirq_' ? name.slice('irq_'.length) : name.slice(prefix.length);
}

/** Who ran when the event was written: a switch is written by the thread that leaves. */
function pidOf(line: string, fields: string): number {
  const left = /\bprev_tid = (\d{1,9})\b/.exec(fields);
  const found = left ?? /[{ ](?:tid|pid) = (\d{1,9})\b/.exec(line);
  return found === null ? UNKNOWN_PID : Number(found[1]);
}

/** The fields as perf and ftrace print them. */
function detailOf(name: string, fields: string): string {
  const number = (key: string): string =>
    new RegExp(`[{ ]${key} = (\\d{1,9})\\b`).exec(fields)?.[1] ?? '';
  if (name.startsWith('softirq_')) {
    const vector = number('vec');
    return `vec=${vector} [action=${VECTORS[Number(vector)] ?? `vector-${vector}`}]`;
  }
  if (name === 'sched_switch') return `next_pid=${number('next_tid')}`;
  if (!name.startsWith('irq_handler_')) return fields;
  return `irq=${number('irq')} name=${/\bname = "([^"]{0,80})"/.exec(fields)?.[1] ?? ''}`;
}

/** Warnings go to standard error, which may have been put into the same file. */
function readWarning(line: string, event: TraceEvent): LineKind {
  const lost = /\bTracer (?:discarded|may have discarded) (\d{1,15})?/.exec(line);
  if (lost === null) return LINE.malformed;
  event.processor = -1;
  event.lost = Number(lost[1] ?? 0);
  return LINE.lost;
}
