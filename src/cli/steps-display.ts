import { formatCount } from '../units.js';
import { visibleLine } from '../visible-text.js';
import type { Console } from './console.js';
import { StatusLine } from './status-line.js';

/** How far work of many steps has come. */
export interface StepsProgress {
  all: number;
  done: number;
  /** Those of the done ones that this program did. */
  simulated: number;
}

/** Steps that are done and the time that is left. */
export class StepsDisplay {
  private readonly line: StatusLine;

  constructor(
    console: Console,
    private readonly title: string,
    nowMs?: () => number,
  ) {
    this.line = new StatusLine(console, nowMs);
  }

  show({ all, done, simulated }: StepsProgress): void {
    this.line.show((elapsedMs) => {
      const leftMs = (elapsedMs / Math.max(1, simulated)) * (all - done);
      const left = simulated === 0 ? '' : `, about ${timeText(leftMs)} left`;
      return `${visibleLine(this.title)}: ${formatCount(done)} of ${formatCount(all)}${left}`;
    });
  }

  end(): void {
    this.line.end();
  }
}

/** `40 s`, `12 min`, `3 h`. */
function timeText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${formatCount(Math.ceil(minutes / 60))} h`;
}
