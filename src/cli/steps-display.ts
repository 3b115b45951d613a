import { formatCount } from '../units.js';
import { visibleLine } from '../visible-text.js';
import type { Console } from './console.js';

const REDRAW_MS = 100;
const LINE_MS = 5_000;

/** How far work of many steps has come. */
export interface StepsProgress {
  all: number;
  done: number;
  /** Those of the done ones that this program did. */
  simulated: number;
}

/** Steps that are done and the time that is left: one line redrawn, or one each five seconds. */
export class StepsDisplay {
  private readonly startedMs: number;
  private shownMs: number;
  private isDrawn = false;

  constructor(
    private readonly console: Console,
    private readonly title: string,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.startedMs = nowMs();
    this.shownMs = this.startedMs;
  }

  show({ all, done, simulated }: StepsProgress): void {
    const { isInteractive } = this.console;
    const nowMs = this.nowMs();
    if (nowMs - this.shownMs < (isInteractive ? REDRAW_MS : LINE_MS)) return;
    this.shownMs = nowMs;
    const leftMs = ((nowMs - this.startedMs) / Math.max(1, simulated)) * (all - done);
    const left = simulated === 0 ? '' : `, about ${timeText(leftMs)} left`;
    const line = `${visibleLine(this.title)}: ${formatCount(done)} of ${formatCount(all)}${left}`;
    if (isInteractive) this.console.styledErr(`\r\x1b[2K${line.slice(0, 79)}`);
    else this.console.err(`${line}\n`);
    this.isDrawn = isInteractive;
  }

  /** Takes the redrawn line away. */
  end(): void {
    if (this.isDrawn) this.console.styledErr('\r\x1b[2K');
    this.isDrawn = false;
  }
}

/** `40 s`, `12 min`, `3 h`. */
function timeText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${formatCount(Math.ceil(minutes / 60))} h`;
}
