import type { LineFormat } from './recording.js';
import type { LineParser } from './trace-event.js';
import { readBabeltraceLine } from './babeltrace.js';
import { readFtraceLine } from './ftrace.js';
import { readPerfScriptLine } from './perf-script.js';
import { LINE_FORMATS } from './recording.js';
import { LINE, emptyEvent } from './trace-event.js';

export const LINE_PARSERS: Record<LineFormat, LineParser> = {
  'perf-script': readPerfScriptLine,
  ftrace: readFtraceLine,
  babeltrace: readBabeltraceLine,
};

/** Lines that some format reads as an event, after which the format is decided. */
const DECIDING_EVENTS = 32;
/** Lines without that, after which it is decided all the same. */
const DETECTION_LINES = 10_000;
/** An event that a recording is made of counts for so many that it is not. */
const KNOWN_EVENT_SCORE = 4;

/**
 * Finds out a text's format by its first lines. Every format reads all of them, and the one that
 * understands most is taken: a single line may look like an event of another format.
 */
export class FormatDetector {
  private readonly held: { text: string; tooLong: boolean }[] = [];
  private readonly scores = new Map(LINE_FORMATS.map((format) => [format, 0]));
  private readonly event = emptyEvent();
  private events = 0;

  /** True if enough has been seen. */
  take(text: string, tooLong: boolean): boolean {
    this.held.push({ text, tooLong });
    let isEvent = false;
    for (const format of tooLong ? [] : LINE_FORMATS) {
      const score = this.scoreOf(format, text);
      this.scores.set(format, this.scores.get(format)! + score);
      isEvent ||= score > 0;
    }
    if (isEvent) this.events += 1;
    return this.events >= DECIDING_EVENTS || this.held.length >= DETECTION_LINES;
  }

  private scoreOf(format: LineFormat, text: string): number {
    if (LINE_PARSERS[format](text, this.event) !== LINE.event) return 0;
    return this.event.known < 0 ? 1 : KNOWN_EVENT_SCORE;
  }

  /** The format that understands most, the first of several; null if none has read an event. */
  format(): LineFormat | null {
    let best: LineFormat | null = null;
    let most = 0;
    for (const [format, score] of this.scores) {
      if (score <= most) continue;
      best = format;
      most = score;
    }
    return best;
  }

  /** The lines taken so far, in order. */
  lines(): readonly { text: string; tooLong: boolean }[] {
    return this.held;
  }
}
