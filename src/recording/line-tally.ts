import { type ImportReport, SHOWN_LINES } from './import-report.js';
import { printable } from './recording.js';

const PROGRESS_LINES = 100_000;

/** Called about every 100,000 lines; returning false ends the import there. */
export type OnLines = (progress: { lines: number; events: number }) => boolean;

/** What became of each line of a text, and the first lines that could not be read. */
export class LineTally {
  readonly lines: ImportReport['lines'] = {
    read: 0,
    events: 0,
    comments: 0,
    stackFrames: 0,
    lossMarkers: 0,
    malformed: 0,
  };
  readonly malformedLines: ImportReport['malformedLines'] = [];

  constructor(private readonly onProgress: OnLines | undefined) {}

  /** The line that was read last. */
  malformed(text: string): void {
    this.lines.malformed += 1;
    if (this.malformedLines.length >= SHOWN_LINES) return;
    this.malformedLines.push({ line: this.lines.read, text: printable(text.slice(0, 100)) });
  }

  /** False if no more lines are wanted; asked after each. */
  goesOn(): boolean {
    const { events, read } = this.lines;
    if (read % PROGRESS_LINES !== 0 || this.onProgress === undefined) return true;
    return this.onProgress({ lines: read, events });
  }
}
