/**
 * What the importers make of a line of text: one record, filled again and again, since a recording
 * has millions of lines and none of them outlives its turn.
 */
export interface TraceEvent {
  /** Index into KNOWN_EVENTS, or -1 for an event that is not used. */
  known: number;
  /** Name of the event without its subsystem. */
  name: string;
  processor: number;
  /** Process that ran when the event was written; 0 is the idle loop, UNKNOWN_PID whoever ran. */
  pid: number;
  /**
   * Whole seconds and nanoseconds of the stamp, apart: together they may exceed 2^53 ns. Where the
   * recorder counts from its own beginning all of it is nanoseconds, from before it below 0.
   */
  seconds: number;
  nanoseconds: number;
  stampDecimals: number;
  /** The text after the event's name. */
  detail: string;
  /** With LINE.lost: how many events, 0 if the line does not say. */
  lost: number;
}

/** The line does not tell: it is taken for who ran before. */
export const UNKNOWN_PID = -1;

export function emptyEvent(): TraceEvent {
  return {
    known: -1,
    name: '',
    processor: 0,
    pid: 0,
    seconds: 0,
    nanoseconds: 0,
    stampDecimals: 0,
    detail: '',
    lost: 0,
  };
}

/** What a line turned out to be. */
export const LINE = {
  event: 0,
  /** Header, comment, blank line. */
  comment: 1,
  /** A frame of a call chain printed beneath an event. */
  stack: 2,
  /** The recorder lost events: `processor` (-1 if it does not say) and `lost` are filled. */
  lost: 3,
  malformed: 4,
} as const;
export type LineKind = (typeof LINE)[keyof typeof LINE];

/** Reads a line into `event`. */
export type LineParser = (line: string, event: TraceEvent) => LineKind;

/** What an event means here; `enter` and `leave` bracket a span on the processor's stack. */
export type EventRole =
  'raise' | 'enter' | 'leave' | 'request' | 'request-many' | 'request-mask' | 'switch';
export type SpanKind = 'softirq' | 'irq' | 'clock' | 'ipi' | 'none';

export interface KnownEvent {
  name: string;
  role: EventRole;
  span: SpanKind;
  /** Tells handlers of one span kind apart; for softirqs and irqs the number in the text does. */
  handler: number;
}

export const RESCHEDULE = 1;
export const CALL_FUNCTION = 2;
/** Handlers that answer no request begin here. */
export const OTHER_HANDLERS_FROM = 10;

/** Vectors of x86 that are neither clock nor IPI, but take time all the same. */
const OTHER_VECTORS = [
  'irq_work',
  'x86_platform_ipi',
  'spurious_apic',
  'error_apic',
  'thermal_apic',
  'threshold_apic',
  'deferred_error_apic',
];

function spanEvents(prefix: string, span: SpanKind, handler: number): KnownEvent[] {
  return [
    { name: `${prefix}_entry`, role: 'enter', span, handler },
    { name: `${prefix}_exit`, role: 'leave', span, handler },
  ];
}

export const KNOWN_EVENTS: readonly KnownEvent[] = [
  { name: 'softirq_raise', role: 'raise', span: 'softirq', handler: 0 },
  ...spanEvents('softirq', 'softirq', 0),
  // A DPC routine of Windows, told apart by a number and a name of its own.
  ...spanEvents('dpc', 'softirq', 0),
  ...spanEvents('irq_handler', 'irq', 0),
  ...spanEvents('local_timer', 'clock', 0),
  ...spanEvents('reschedule', 'ipi', RESCHEDULE),
  ...spanEvents('call_function_single', 'ipi', CALL_FUNCTION),
  ...spanEvents('call_function', 'ipi', CALL_FUNCTION + 1),
  ...OTHER_VECTORS.flatMap((name, i) => spanEvents(name, 'ipi', OTHER_HANDLERS_FROM + i)),
  // ARM's handlers, told apart by their text: what is asked for stands in it.
  ...spanEvents('ipi', 'ipi', 0),
  { name: 'ipi_raise', role: 'request-mask', span: 'none', handler: 0 },
  { name: 'ipi_send_cpu', role: 'request', span: 'none', handler: 0 },
  { name: 'ipi_send_cpumask', role: 'request-many', span: 'none', handler: 0 },
  { name: 'sched_switch', role: 'switch', span: 'none', handler: 0 },
];

const INDEX_BY_NAME = new Map(KNOWN_EVENTS.map((event, i) => [event.name, i]));

/** Index into KNOWN_EVENTS, or -1. */
export function knownIndex(name: string): number {
  return INDEX_BY_NAME.get(name) ?? -1;
}

/** The whole number after `key` (such as `vec=`) in the text, or -1 if there is none below 10^9. */
export function numberAfter(text: string, key: string): number {
  const at = text.indexOf(key);
  return at < 0 ? -1 : wholeNumber(text, at + key.length);
}

/** The whole number that starts at `from`, or -1 if there is none below 10^9. */
export function wholeNumber(text: string, from: number): number {
  let value = 0;
  let i = from;
  for (; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    if (value >= 1e9) return -1;
  }
  return i === from ? -1 : value;
}

/**
 * Reads the stamp `seconds.fraction:` that starts at `from`, six or nine decimals as recorders
 * print them, or anything from one to nine. No float is involved. Returns the position after the
 * colon, or -1.
 */
export function readStamp(line: string, from: number, event: TraceEvent): number {
  let i = from;
  let seconds = 0;
  for (; i < line.length; i++) {
    const digit = line.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) break;
    seconds = seconds * 10 + digit;
  }
  if (i === from || i - from > 12 || line.charCodeAt(i) !== 46) return -1;
  const fraction = ++i;
  let nanoseconds = 0;
  for (; i < line.length; i++) {
    const digit = line.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) break;
    nanoseconds = nanoseconds * 10 + digit;
    if (i - fraction >= 9) return -1;
  }
  const decimals = i - fraction;
  if (decimals === 0 || line.charCodeAt(i) !== 58) return -1;
  for (let k = decimals; k < 9; k++) nanoseconds *= 10;
  event.seconds = seconds;
  event.nanoseconds = nanoseconds;
  event.stampDecimals = decimals;
  return i + 1;
}

/** Position of the first character from `from` on that is not a blank. */
export function skipBlanks(line: string, from: number): number {
  let i = from;
  for (let code = line.charCodeAt(i); code === 32 || code === 9; code = line.charCodeAt(i)) i++;
  return i;
}

/** Position of the first blank from `from` on, or the line's length. */
export function skipWord(line: string, from: number): number {
  let i = from;
  for (; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === 32 || code === 9) break;
  }
  return i;
}

/** The whole number whose last digit stands before `end`: value and where it starts, or null. */
export function readNumberBefore(
  line: string,
  end: number,
): { value: number; start: number } | null {
  let start = end;
  for (; start > 0; start--) {
    const digit = line.charCodeAt(start - 1) - 48;
    if (digit < 0 || digit > 9) break;
  }
  if (start === end || end - start > 9) return null;
  return { value: wholeNumber(line, start), start };
}

/** Where the next `[digits]` from `from` on begins, or -1. A command's name may have brackets. */
export function findProcessor(line: string, from: number): number {
  for (let at = line.indexOf('[', from); at >= 0; at = line.indexOf('[', at + 1)) {
    let i = at + 1;
    while (line.charCodeAt(i) >= 48 && line.charCodeAt(i) <= 57) i++;
    if (i > at + 1 && i - at <= 7 && line.charCodeAt(i) === 93) return at;
  }
  return -1;
}
