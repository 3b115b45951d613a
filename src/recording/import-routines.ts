import {
  assembledRecording,
  type ImportedRecording,
  type ImportOptions,
} from './assembled-recording.js';
import { DumperReader } from './dumper-csv.js';
import { textAtStart } from './find-routine-format.js';
import { LineTally } from './line-tally.js';
import { PerfViewReader } from './perfview-xml.js';
import { type LineSink, readLines } from './read-lines.js';
import { type WindowsFormat } from './recording.js';
import { RoutineEvents } from './routine-events.js';
import {
  findStampedEnd,
  placeRoutines,
  type RoutineSpans,
  type StampedEnd,
} from './routine-spans.js';
import type { SpanReader } from './span-reader.js';
import { TraceAssembler } from './trace-assembler.js';
import { emptyEvent, knownIndex, LINE, UNKNOWN_PID } from './trace-event.js';
import { decimalMarkOf, WpaReader } from './wpa-csv.js';

/** Bytes of a table that tell how its numbers are written. */
const TABLE_BYTES = 65_536;

/** Imports a text of routines that are over. Throws InputError as `importRecording` does. */
export async function importRoutines(
  path: string,
  format: WindowsFormat,
  options: ImportOptions,
): Promise<ImportedRecording> {
  const reader = await readerOf(path, format);
  const intake = new RoutineIntake(reader, options);
  const size = await readLines(path, intake);
  if (reader instanceof WpaReader) reader.end();
  const assembler = new TraceAssembler();
  const notes = assemble(reader, options.stamp ?? null, assembler);
  for (const [name, count] of reader.skipped) assembler.skip(name, count);
  return assembledRecording(assembler, {
    path,
    format,
    size,
    processors: 0,
    lines: intake.tally.lines,
    malformedLines: intake.tally.malformedLines,
    lostEvents: reader.lostEvents,
    notes: [...notes, ...reader.notes()],
  });
}

async function readerOf(path: string, format: WindowsFormat): Promise<SpanReader> {
  if (format === 'xperf-dumper') return new DumperReader();
  if (format === 'perfview-xml') return new PerfViewReader();
  const text = await textAtStart(path, TABLE_BYTES);
  const lines = text.split(/\r?\n/);
  // A number may be cut off at the end of what is looked at.
  if (2 * text.length >= TABLE_BYTES) lines.pop();
  return new WpaReader(decimalMarkOf(lines), path);
}

/** Hands lines to the reader and counts what became of them. */
class RoutineIntake implements LineSink {
  readonly tally: LineTally;

  constructor(
    readonly reader: SpanReader,
    { onProgress }: ImportOptions,
  ) {
    this.tally = new LineTally(onProgress);
  }

  line(text: string, tooLong: boolean): boolean {
    const { lines } = this.tally;
    lines.read += 1;
    const kind = this.reader.take(text, tooLong);
    if (kind === LINE.event) lines.events += 1;
    else if (kind === LINE.comment) lines.comments += 1;
    else this.tally.malformed(text);
    return this.tally.goesOn();
  }
}

/** Hands routines to the assembler as entries and exits, in the order of time. Returns notes. */
function assemble(
  reader: SpanReader,
  told: StampedEnd | null,
  assembler: TraceAssembler,
): string[] {
  const { spans, stepNs } = reader;
  const evidence = reader.stampedEnd === null ? findStampedEnd(spans, stepNs) : null;
  const end = reader.stampedEnd ?? told ?? evidence?.end ?? 'exit';
  const placed = placeRoutines(spans, end, stepNs);
  const { overlaps } = placed;
  takeAll(new RoutineEvents(spans, placed), spans, assembler, 9 - Math.floor(Math.log10(stepNs)));
  return [
    ...(evidence === null ? [] : [stampNote(evidence.contradictions, end, told, evidence.end)]),
    ...(overlaps === 0
      ? []
      : [`${overlaps} routines overlap an earlier one, and begin at its end`]),
    'who queued a DPC is not in this file: each arrives when it begins, with an unknown latency',
    ...(spans.switches.length > 0
      ? []
      : ['thread switches are not in this file: between routines all processors count as idle']),
  ];
}

function stampNote(
  contradictions: Record<StampedEnd, number>,
  end: StampedEnd,
  told: StampedEnd | null,
  found: StampedEnd | null,
): string {
  const { entry, exit } = contradictions;
  const seen = `routines that cannot be: ${entry} as entries, ${exit} as exits`;
  if (told !== null) return `stamps are taken for the ${end} of routines, as told (${seen})`;
  if (found !== null) return `stamps are the ${end} of routines (${seen})`;
  return `stamps are taken for the exit of routines, which this file does not tell (${seen})`;
}

const DPC = { entry: knownIndex('dpc_entry'), exit: knownIndex('dpc_exit') };
const ISR = { entry: knownIndex('irq_handler_entry'), exit: knownIndex('irq_handler_exit') };
const SWITCH = knownIndex('sched_switch');

function takeAll(
  events: RoutineEvents,
  { names, routines, switches }: RoutineSpans,
  assembler: TraceAssembler,
  stampDecimals: number,
): void {
  const streams = streamNames(names);
  const places = new Map<string, number>();
  const details = streams.map((name) => {
    if (!places.has(name)) places.set(name, places.size);
    return `${places.get(name)!} name=${name}`;
  });
  const event = emptyEvent();
  event.stampDecimals = stampDecimals;
  event.pid = switches.length > 0 ? UNKNOWN_PID : 0;
  for (; !events.isOver; events.next()) {
    const { atNs, place, kind } = events;
    event.nanoseconds = atNs;
    if (kind === 'switch') {
      event.processor = switches.processor[place];
      event.known = SWITCH;
      event.detail = `next_pid=${1 - switches.isIdle[place]}`;
    } else {
      const isIsr = routines.isIsr[place] === 1;
      event.processor = routines.processor[place];
      event.known = (isIsr ? ISR : DPC)[kind];
      event.name = isIsr ? 'irq_handler_entry' : 'dpc_entry';
      event.detail = `${isIsr ? 'irq' : 'dpc'}=${details[routines.name[place]]}`;
    }
    assembler.take(event);
  }
}

/** A recording has a stream for each routine, or for each module where routines are too many. */
const MOST_STREAMS = 500;

function streamNames(names: readonly string[]): string[] {
  if (names.length <= MOST_STREAMS) return [...names];
  const modules = names.map((name) => name.split('!')[0]);
  return new Set(modules).size <= MOST_STREAMS ? modules : names.map(() => 'all');
}
