import type { TraceFormat } from './recording.js';
import type { SpanKind } from './trace-event.js';
import { formatCount } from '../units.js';
import { FURTHER_NAMES } from './event-names.js';
import { isWindowsFormat, printable } from './recording.js';

/** How many malformed lines are shown with their numbers. */
export const SHOWN_LINES = 5;

/** What an import did with every line that it read. Nothing is left out without being counted. */
export interface ImportReport {
  /** File name without its folder. */
  origin: string;
  format: TraceFormat;
  gzip: boolean;
  textBytes: number;
  processors: number;
  spanNs: number;
  stampResolutionNs: number;
  /** `read` is the sum of the other five. */
  lines: {
    read: number;
    events: number;
    comments: number;
    stackFrames: number;
    lossMarkers: number;
    malformed: number;
  };
  /** Events by name, used and not used. */
  used: Record<string, number>;
  skipped: Record<string, number>;
  /** Events whose stamp lay before their own processor's last one: not used. */
  outOfOrder: number;
  /**
   * Events whose stamp lay before another processor's last one: used, since processors are kept
   * apart.
   */
  interleaved: number;
  /** Events that the recorder says it lost, where it gave a number. */
  lostEvents: number;
  softirqs: {
    /** Arrivals: entries that were left again. */
    arrivals: number;
    /** Raises that led to an entry. */
    paired: number;
    /** Raises of a vector already pending: the answer FALSE. Not replayed. */
    coalesced: number;
    /** Raises that no entry followed before the end, or before events were lost. */
    raisesWithoutEntry: number;
    /** Entries that no raise preceded; they arrive at their entry. */
    entriesWithoutRaise: number;
  };
  interrupts: { arrivals: number };
  /** Entries without an exit and exits without an entry, by the kind of span. */
  unpaired: Record<Exclude<SpanKind, 'none'>, { entries: number; exits: number }>;
  ipis: {
    /** Requests whose handler was entered and left on the target. */
    arrivals: number;
    sent: number;
    /** Handlers entered, on a request or without one that was seen. */
    received: number;
    /** Requests with a handler's entry on the target. */
    paired: number;
    /** Requests while another to the same target and handler was under way: FALSE. Not replayed. */
    merged: number;
    /** Requests without a handler's entry within 10 ms. */
    unanswered: number;
  };
  /** Handlers of the clock and of everything that is neither a device's nor requested. */
  vectors: { arrivals: number };
  /** Service, ISR times and latencies cut to what a recording can hold. */
  cut: number;
  malformedLines: { line: number; text: string }[];
  /** What was found out or taken for true, in sentences. */
  notes: string[];
}

/** How many names of events are shown; traces of everything have hundreds. */
const SHOWN_NAMES = 12;

/** The report as lines of at most 80 columns. */
export function formatImportReport(report: ImportReport): string[] {
  const { lines } = report;
  const out = [
    fit(`${report.origin}: ${report.format}${report.gzip ? ', gzip' : ''}`),
    `  ${megabytes(report.textBytes)} of text, ${milliseconds(report.spanNs)}, ` +
      `${formatCount(report.processors)} processors, stamps of ${report.stampResolutionNs} ns`,
    row('lines read', lines.read),
    row('  events', lines.events),
    row('  comments', lines.comments),
    ...rowIf('  call-chain frames', lines.stackFrames),
    ...rowIf('  loss markers', lines.lossMarkers),
    ...rowIf('  malformed', lines.malformed),
    ...report.malformedLines.map(({ line, text }) => fit(`      line ${line}: ${printable(text)}`)),
    row('events used', total(report.used)),
    ...names(report.used),
    row('events not used', total(report.skipped) + report.outOfOrder),
    ...names(report.skipped),
    ...rowIf("  stamp before the processor's last", report.outOfOrder),
    ...rowIf('out of order between processors (used)', report.interleaved),
    ...rowIf('events lost by the recorder', report.lostEvents),
    ...(isWindowsFormat(report.format) ? routineRows(report) : softirqRows(report)),
    ...unpairedRows(report),
    ...rowIf('times cut to the largest that fits', report.cut),
    ...report.notes.flatMap((note) => wrapNote(printable(note))),
  ];
  return out;
}

/** Windows' tools write what ran, not who queued it. */
function routineRows({ softirqs, interrupts }: ImportReport): string[] {
  return [
    row('DPC routines (arrivals)', softirqs.arrivals),
    row('ISRs (arrivals)', interrupts.arrivals),
  ];
}

function softirqRows(report: ImportReport): string[] {
  const { softirqs, ipis } = report;
  return [
    row('softirqs (arrivals)', softirqs.arrivals),
    row('  raises that led to one', softirqs.paired),
    row('  raised while pending (not replayed)', softirqs.coalesced),
    row('  raises without entry', softirqs.raisesWithoutEntry),
    row('  entries without raise', softirqs.entriesWithoutRaise),
    row('device interrupts (arrivals)', report.interrupts.arrivals),
    row('IPI requests (arrivals)', ipis.arrivals),
    row('  sent', ipis.sent),
    row('  led to a handler on their target', ipis.paired),
    row('  merged with one under way (not replayed)', ipis.merged),
    row('  not answered within 10 ms', ipis.unanswered),
    row('  handlers entered without request', ipis.received - ipis.paired),
    row('clock and other handlers (arrivals)', report.vectors.arrivals),
  ];
}

const NOTE_WIDTH = 78;

function wrapNote(note: string): string[] {
  const lines = [''];
  for (const word of `Note: ${note}.`.split(' ')) {
    const line = lines[lines.length - 1];
    if (line !== '' && line.length + 1 + word.length > NOTE_WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => fit(`  ${line}`));
}

function unpairedRows(report: ImportReport): string[] {
  return Object.entries(report.unpaired).flatMap(([kind, { entries, exits }]) => [
    ...rowIf(`${kind} entries without exit`, entries),
    ...rowIf(`${kind} exits without entry`, exits),
  ]);
}

function names(counts: Record<string, number>): string[] {
  const sorted = Object.entries(counts).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const known = sorted.filter(([name]) => name !== FURTHER_NAMES);
  const shown = known.length > SHOWN_NAMES + 1 ? known.slice(0, SHOWN_NAMES) : known;
  const further = total(counts) - total(Object.fromEntries(shown));
  return [
    ...shown.map(([name, value]) => row(`  ${printable(name)}`, value)),
    ...rowIf(`  ${FURTHER_NAMES}`, further),
  ];
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, value) => sum + value, 0);
}

const LABEL_WIDTH = 44;
const NUMBER_WIDTH = 20;

function row(label: string, value: number): string {
  const cut = label.length > LABEL_WIDTH ? `${label.slice(0, LABEL_WIDTH - 1)}…` : label;
  return `  ${cut.padEnd(LABEL_WIDTH)}${formatCount(value).padStart(NUMBER_WIDTH)}`;
}

function rowIf(label: string, value: number): string[] {
  return value === 0 ? [] : [row(label, value)];
}

function fit(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function milliseconds(ns: number): string {
  return ns >= 1e9 ? `${(ns / 1e9).toFixed(3)} s` : `${(ns / 1e6).toFixed(3)} ms`;
}
