import { takeWidth } from '../export/text-width.js';
import type { Console } from './console.js';

const REDRAW_MS = 100;
const LINE_MS = 5_000;

/**
 * How far work has come: one line redrawn on a terminal, otherwise a plain line every five seconds,
 * so that a log stays short and quick work says nothing.
 */
export class StatusLine {
  private readonly startedMs: number;
  private shownMs: number;
  private isDrawn = false;

  constructor(
    private readonly console: Console,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.startedMs = nowMs();
    this.shownMs = this.startedMs;
  }

  /** If it is time again: `lineOf` is told how long the work has taken, and is not asked else. */
  show(lineOf: (elapsedMs: number) => string): void {
    const { console } = this;
    const nowMs = this.nowMs();
    if (nowMs - this.shownMs < (console.isInteractive ? REDRAW_MS : LINE_MS)) return;
    this.shownMs = nowMs;
    const line = lineOf(nowMs - this.startedMs);
    // A line that wraps could not be taken away; its last column stays free.
    if (console.isInteractive) console.styledErr(`\r\x1b[2K${takeWidth(line, console.width - 1)}`);
    else console.err(`${line}\n`);
    this.isDrawn = console.isInteractive;
  }

  /** Takes the redrawn line away. */
  end(): void {
    if (this.isDrawn) this.console.styledErr('\r\x1b[2K');
    this.isDrawn = false;
  }
}
