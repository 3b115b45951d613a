import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LineFormat, Recording } from './recording.js';
import {
  assembledRecording,
  type ImportedRecording,
  type ImportOptions,
  problemIn,
} from './assembled-recording.js';
import type { ImportReport } from './import-report.js';
import type { LineKind, TraceEvent } from './trace-event.js';
import type { LineSink, TextSize } from './read-lines.js';
import { InputError } from '../errors.js';
import { FormatDetector, LINE_PARSERS } from './detect-format.js';
import { hasCyclesForStamp } from './babeltrace.js';
import { ctfFolderWayOut, FOREIGN_BYTES, foreignFormat } from './foreign-format.js';
import { findRoutineFormat } from './find-routine-format.js';
import { headerProcessors } from './ftrace.js';
import { readLines, readStart, readUnpackedStart } from './read-lines.js';
import { LineTally } from './line-tally.js';
import { isWindowsFormat, printable } from './recording.js';
import { isRecordingFile, readRecordingFile } from './read-recording.js';
import { TraceAssembler } from './trace-assembler.js';
import { LINE, emptyEvent } from './trace-event.js';

export type { ImportedRecording, ImportOptions } from './assembled-recording.js';

/**
 * Imports `perf script`, ftrace / `trace-cmd report` or `babeltrace2` text, what `xperf -a dumper`,
 * Windows Performance Analyzer or PerfView make of DPCs and ISRs, or KUtrace's JSON, plain or gzip.
 *
 * Throws InputError if the file cannot be read, holds no event of a known format or none that a
 * recording is made of, or exceeds a limit of recordings. Lines that cannot be read do not throw:
 * the report counts them.
 */
export async function importRecording(
  path: string,
  options: ImportOptions = {},
): Promise<ImportedRecording> {
  await refuseForeign(path);
  const format = options.format ?? (await findRoutineFormat(path));
  if (format === 'kutrace-json') {
    const { importKutrace } = await import('./import-kutrace.js');
    return importKutrace(path);
  }
  if (format !== null && isWindowsFormat(format)) {
    const { importRoutines } = await import('./import-routines.js');
    return importRoutines(path, format, options);
  }
  const intake = new TraceIntake(options, format);
  const size = await readLines(path, intake);
  return intake.finish(path, size);
}

/** Throws InputError for a file of another kind that recorders write, with the way out. */
async function refuseForeign(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder && (await isCtfFolder(path))) {
    throw problemIn(path, null, 'this is a CTF trace, as LTTng writes it', ctfFolderWayOut(path));
  }
  const foreign = foreignFormat(await readUnpackedStart(path, FOREIGN_BYTES), path);
  if (foreign === null) return;
  throw problemIn(path, null, `this is ${foreign.noun}`, foreign.wayOut);
}

/** LTTng puts the trace of the kernel into a folder of its own. */
async function isCtfFolder(path: string): Promise<boolean> {
  const places = ['metadata', join('kernel', 'metadata')].map((name) => join(path, name));
  const found = await Promise.all(
    places.map((place) =>
      stat(place).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/**
 * A recording from a file of either kind: the project's own, or a trace that is imported now.
 * `report` is null for the former. Throws InputError as both readers do.
 */
export async function openRecording(
  path: string,
  options: ImportOptions = {},
): Promise<{ recording: Recording; report: ImportReport | null }> {
  const start = await readStart(path, 8);
  if (!isRecordingFile(start)) return importRecording(path, options);
  return { recording: await readRecordingFile(path), report: null };
}

/** Takes lines, finds out their format and hands events on. */
class TraceIntake implements LineSink {
  private readonly assembler = new TraceAssembler();
  private readonly event: TraceEvent = emptyEvent();
  private readonly tally: LineTally;
  private format: LineFormat | null;
  private readonly detector = new FormatDetector();
  private lostEvents = 0;
  private processors = 0;

  constructor(
    private readonly options: ImportOptions,
    format: LineFormat | null,
  ) {
    this.format = format;
    this.tally = new LineTally(options.onProgress);
  }

  line(text: string, tooLong: boolean): boolean {
    if (this.format !== null) return this.take(this.format, text, tooLong);
    return !this.detector.take(text, tooLong) || this.decide();
  }

  /** Takes the lines that the format was found out by. False if nothing more is wanted. */
  private decide(): boolean {
    const format = this.detector.format();
    this.format = format;
    if (format === null) return false;
    return this.detector.lines().every(({ text, tooLong }) => this.take(format, text, tooLong));
  }

  private take(format: LineFormat, text: string, tooLong: boolean): boolean {
    const event = this.event;
    const kind = tooLong ? LINE.malformed : LINE_PARSERS[format](text, event);
    if (kind === LINE.event && this.isBeyond(event)) return false;
    const { lines } = this.tally;
    lines.read += 1;
    if (kind === LINE.event) {
      if (this.assembler.take(event)) lines.events += 1;
      else this.tally.malformed(text);
    } else {
      this.other(kind, text, event);
    }
    return this.tally.goesOn();
  }

  private isBeyond(event: TraceEvent): boolean {
    const { untilNs } = this.options;
    return untilNs !== undefined && this.assembler.relativeNs(event) >= untilNs;
  }

  private other(kind: LineKind, text: string, event: TraceEvent): void {
    const { lines } = this.tally;
    if (kind === LINE.comment) {
      lines.comments += 1;
      this.processors = Math.max(this.processors, headerProcessors(text));
    } else if (kind === LINE.stack) {
      lines.stackFrames += 1;
    } else if (kind === LINE.lost) {
      lines.lossMarkers += 1;
      this.lostEvents += event.lost;
      this.assembler.lose(event.processor);
    } else {
      this.tally.malformed(text);
    }
  }

  finish(path: string, size: TextSize): ImportedRecording {
    if (this.format === null) this.decide();
    const format = this.format;
    if (format === null || this.tally.lines.events === 0) throw this.unknownFormat(path);
    return assembledRecording(this.assembler, {
      path,
      format,
      size,
      processors: this.processors,
      lines: this.tally.lines,
      malformedLines: this.tally.malformedLines,
      lostEvents: this.lostEvents,
      notes: [],
    });
  }

  private unknownFormat(path: string): InputError {
    const lines = this.detector.lines();
    const index = lines.findIndex(({ text }) => /^\s*[^\s#]/.test(text));
    const text = index < 0 ? '' : printable(lines[index].text.slice(0, 100));
    if (lines.some(({ text: line }) => hasCyclesForStamp(line))) {
      throw problemIn(
        path,
        index + 1,
        'the stamps of babeltrace2 are cycles of a clock here, and the text does not tell its rate',
        'print it without --clock-cycles: babeltrace2 --clock-seconds FOLDER > trace.txt',
      );
    }
    const seen =
      lines.length === 0 && this.tally.lines.read === 0
        ? 'there is nothing in it'
        : 'no line is an event of a format that is read';
    const shown = index < 0 ? '' : `; line ${index + 1} reads "${text}"`;
    return problemIn(
      path,
      index < 0 ? null : index + 1,
      `${seen}${shown}`,
      'give what "perf script", "trace-cmd report", "babeltrace2" or "xperf -a dumper" prints, ' +
        'a CSV of WPA, an XML of PerfView or a JSON of KUtrace',
    );
  }
}
