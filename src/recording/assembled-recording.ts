import { basename } from 'node:path';
import { InputError } from '../errors.js';
import type { ImportReport } from './import-report.js';
import type { OnLines } from './line-tally.js';
import type { TextSize } from './read-lines.js';
import { PERF_COMMANDS } from './record-command.js';
import { isWindowsFormat, printable, type Recording, type TraceFormat } from './recording.js';
import type { StampedEnd } from './routine-spans.js';
import type { TraceAssembler } from './trace-assembler.js';

export interface ImportOptions {
  /** Left out: told from the content. */
  format?: TraceFormat;
  /** Ends the import at the first event this long after the first, in ns. */
  untilNs?: number;
  /** Which end of a routine the stamps of xperf's dumper are. Left out: told from the content. */
  stamp?: StampedEnd;
  onProgress?: OnLines;
}

export interface ImportedRecording {
  recording: Recording;
  report: ImportReport;
}

/** What is known of an import beside its events. */
export interface Intake {
  path: string;
  format: TraceFormat;
  size: TextSize;
  /** What a header promised, 0 for nothing. */
  processors: number;
  lines: ImportReport['lines'];
  malformedLines: ImportReport['malformedLines'];
  lostEvents: number;
  notes: string[];
}

/** The recording of all events that were taken. Throws InputError if there is nothing to replay. */
export function assembledRecording(assembler: TraceAssembler, intake: Intake): ImportedRecording {
  const { path, format, size, lines, malformedLines, lostEvents, notes } = intake;
  const { spanNs, processors, streams, used, skipped } = assembler.finish(intake.processors);
  if (streams.every((stream) => stream.kind === 'vector')) {
    throw nothingToReplay(path, format, skipped);
  }
  const meta = {
    origin: printable(basename(path)).slice(0, 200),
    format,
    processors: processors.length,
    spanNs,
    stampResolutionNs: 10 ** (9 - assembler.stampDecimals),
  };
  const report: ImportReport = {
    ...meta,
    gzip: size.gzip,
    textBytes: size.textBytes,
    lines,
    used,
    skipped,
    lostEvents,
    ...assembler.counts,
    malformedLines,
    notes,
  };
  return { recording: { meta, processors, streams }, report };
}

function nothingToReplay(
  path: string,
  format: TraceFormat,
  skipped: Record<string, number>,
): InputError {
  const names = Object.keys(skipped).slice(0, 5).join(', ');
  const seen = names === '' ? '' : `; it has ${printable(names)}`;
  if (isWindowsFormat(format)) {
    const hint = 'record them: xperf -on PROC_THREAD+LOADER+CSWITCH+DPC+INTERRUPT';
    return problemIn(path, null, `no DPC and no ISR in this recording has a duration${seen}`, hint);
  }
  return problemIn(
    path,
    null,
    `no softirq, device interrupt or answered IPI begins and ends in this recording${seen}`,
    `on x86 this records them: ${PERF_COMMANDS.join('; ')}`,
  );
}

export function problemIn(
  file: string,
  line: number | null,
  message: string,
  hint: string,
): InputError {
  return new InputError([{ file, line, column: null, path: '', message, hint }]);
}
