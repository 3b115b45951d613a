import { inputError } from '../errors.js';
import { VECTORS } from './babeltrace.js';
import { MAX_RECORDED_PROCESSORS } from './recording.js';

/** What KUtrace calls the parts of its events, in their order. */
export interface KutraceRow {
  seconds: number;
  durationSeconds: number;
  processor: number;
  pid: number;
  code: number;
  argument: number;
  name: string;
}

/** Event numbers of KUtrace (kutrace_lib.h): interrupts, of which the last is the bottom half. */
const FIRST_INTERRUPT = 0x500;
const BOTTOM_HALF = 0x5ff;
const SEND_IPI = 0x207;
/** From here on it is a process that runs, pid 0 being the idle loop. */
const FIRST_PROCESS = 0x10000;
const NS_PER_SECOND = 1e9;
/** The recorder counts in units of 10 ns. */
export const KUTRACE_STEP_NS = 10;

/** Tells the JSON by what only KUtrace writes at the beginning of it. */
export function looksLikeKutrace(text: string): boolean {
  return (
    /^\s*[{[]/.test(text) &&
    /"(?:tracebase|kernelVersion|shortUnitsX|axisLabelX)"\s*:/.test(text) &&
    /"(?:events|tracebase)"\s*:/.test(text)
  );
}

/** The rows of KUtrace's JSON, its end mark left out. Throws InputError for another JSON. */
export function kutraceRows(text: string, file: string): { rows: KutraceRow[]; odd: number } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw inputError(
      `${file}: this is no whole JSON: ${(error as Error).message}`,
      'it may be cut off; give the JSON that KUtrace makes of a trace',
    );
  }
  const events = (parsed as { events?: unknown } | null)?.events;
  if (!Array.isArray(events)) {
    throw inputError(`${file}: the JSON has no list "events"`, 'give the JSON that KUtrace makes');
  }
  const rows: KutraceRow[] = [];
  let odd = 0;
  for (const event of events) {
    const row = rowOf(event);
    if (row === null) odd += 1;
    else if (row.code !== 0 || row.name !== '') rows.push(row);
  }
  return { rows, odd };
}

const MOST_SECONDS = 1e6;

function rowOf(event: unknown): KutraceRow | null {
  if (!Array.isArray(event) || event.length < 10) return null;
  const [seconds, durationSeconds, processor, pid, , code, argument, , , name] = event as unknown[];
  const numbers = [seconds, durationSeconds, processor, pid, code, argument];
  if (!numbers.every((value) => typeof value === 'number' && Number.isFinite(value))) return null;
  const isPlaced =
    (seconds as number) >= 0 &&
    (seconds as number) <= MOST_SECONDS &&
    (durationSeconds as number) >= 0 &&
    (durationSeconds as number) <= MOST_SECONDS &&
    (processor as number) < MAX_RECORDED_PROCESSORS;
  if (!isPlaced || typeof name !== 'string') return null;
  return {
    seconds: seconds as number,
    durationSeconds: durationSeconds as number,
    processor: processor as number,
    pid: pid as number,
    code: code as number,
    argument: argument as number,
    name,
  };
}

/** An event as the importers of text have it. */
export interface KutraceEvent {
  atNs: number;
  processor: number;
  pid: number;
  name: string;
  detail: string;
}

/** The events of one processor's rows, in the order of time; `skip` gets the names of others. */
export function eventsOf(
  rows: readonly KutraceRow[],
  skip: (name: string) => void,
): KutraceEvent[] {
  const sorted = [...rows].sort((a, b) => a.seconds - b.seconds);
  const events: KutraceEvent[] = [];
  let pid = -1;
  for (let i = 0; i < sorted.length; i++) {
    const row = sorted[i];
    const at = { atNs: nsOf(row.seconds), processor: row.processor, pid: row.pid };
    if (row.code === SEND_IPI) {
      const detail = `cpu=${row.argument} callsite=kutrace callback=0x0`;
      events.push({ ...at, name: 'ipi_send_cpu', detail });
    } else if (row.code >= FIRST_PROCESS && row.pid !== pid) {
      pid = row.pid;
      events.push({ ...at, name: 'sched_switch', detail: `next_pid=${pid}` });
    } else if (isInterrupt(row)) {
      i = pushSpan(sorted, i, events);
    } else {
      skip(row.code >= FIRST_PROCESS ? 'process' : row.name);
    }
  }
  return events;
}

function isInterrupt({ code }: KutraceRow): boolean {
  return code >= FIRST_INTERRUPT && code <= BOTTOM_HALF;
}

/** A span and what interrupts it, which cuts it into rows; returns the last row that was taken. */
function pushSpan(rows: readonly KutraceRow[], first: number, events: KutraceEvent[]): number {
  const row = rows[first];
  const { entry, exit, detail } = spanOf(row);
  const at = { processor: row.processor, pid: row.pid, detail };
  events.push({ ...at, atNs: nsOf(row.seconds), name: entry });
  let endNs = endOf(row);
  let last = first;
  while (row.code === BOTTOM_HALF) {
    const resumed = resumedAt(rows, last, endNs, row);
    if (resumed < 0) break;
    for (let i = last + 1; i < resumed; i++) i = pushSpan(rows, i, events);
    last = resumed;
    endNs = endOf(rows[resumed]);
  }
  events.push({ ...at, atNs: endNs, name: exit });
  return last;
}

/** Where a bottom half goes on that interrupts have cut off right at its end; -1 for nowhere. */
function resumedAt(
  rows: readonly KutraceRow[],
  from: number,
  endNs: number,
  { name }: KutraceRow,
): number {
  let at = endNs;
  for (let i = from + 1; i < rows.length && Math.abs(nsOf(rows[i].seconds) - at) <= 1; i++) {
    if (rows[i].code === BOTTOM_HALF) return i > from + 1 && rows[i].name === name ? i : -1;
    if (!isInterrupt(rows[i])) return -1;
    at = endOf(rows[i]);
  }
  return -1;
}

function spanOf({ code, name, argument }: KutraceRow): {
  entry: string;
  exit: string;
  detail: string;
} {
  const of = (event: string, detail: string): { entry: string; exit: string; detail: string } => ({
    entry: `${event}_entry`,
    exit: `${event}_exit`,
    detail,
  });
  if (code === BOTTOM_HALF) {
    const action = VECTORS[argument] ?? name.replace(/^BH:/, '');
    return of('softirq', `vec=${argument} [action=${action}]`);
  }
  if (/local_timer/.test(name)) return of('local_timer', '');
  if (/resched/.test(name)) return of('reschedule', '');
  if (/call_function_single/.test(name)) return of('call_function_single', '');
  if (/call_function/.test(name)) return of('call_function', '');
  if (/irq_work/.test(name)) return of('irq_work', '');
  return of('irq_handler', `irq=${code & 0xff} name=${name}`);
}

/** A whole number of the recorder's steps. */
function nsOf(seconds: number): number {
  const perSecond = NS_PER_SECOND / KUTRACE_STEP_NS;
  return KUTRACE_STEP_NS * Math.round(seconds * perSecond);
}

function endOf({ seconds, durationSeconds }: KutraceRow): number {
  return nsOf(seconds) + nsOf(durationSeconds);
}
