import type { RunProgress } from '../run/tasks.js';
import { formatCount } from '../units.js';
import { visibleLine } from '../visible-text.js';
import type { Console } from './console.js';

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
const LINE_MS = 5_000;

/**
 * Shows how far a run is: one line redrawn on a terminal, otherwise a plain line every five
 * seconds, so that a log stays short and a quick run says nothing.
 */
export class ProgressDisplay {
  private shownMs: number;
  private isDrawn = false;

  constructor(
    private readonly console: Console,
    private readonly title: string,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.shownMs = nowMs();
  }

  show(progress: RunProgress): void {
    const { isInteractive } = this.console;
    const nowMs = this.nowMs();
    if (nowMs - this.shownMs < (isInteractive ? REDRAW_MS : LINE_MS)) return;
    this.shownMs = nowMs;
    const percent = `${Math.floor(progress.share * 100)} %`.padStart(5);
    const facts = `${percent}  ${formatCount(progress.interrupts)} interrupts`;
    if (!isInteractive) {
      this.console.err(`${visibleLine(this.title)}: ${facts.trim()}\n`);
      return;
    }
    const filled = Math.round(progress.share * BAR_WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    const title = visibleLine(this.title).slice(0, 20);
    this.console.styledErr(`\r\x1b[2K${title} ${bar} ${facts}`);
    this.isDrawn = true;
  }

  /** Takes the redrawn line away. */
  end(): void {
    if (this.isDrawn) this.console.styledErr('\r\x1b[2K');
    this.isDrawn = false;
  }
}
