import { takeWidth, widthOf } from '../export/text-width.js';
import type { RunProgress } from '../run/tasks.js';
import { formatCount } from '../units.js';
import { visibleLine } from '../visible-text.js';
import type { Console } from './console.js';
import { StatusLine } from './status-line.js';

const BAR_WIDTH = 24;
/** A run says too little about its pace before. */
const LEAST_SECONDS = 0.5;

/** How far a run is, how fast it goes and how long it takes. */
export class ProgressDisplay {
  private readonly line: StatusLine;

  constructor(
    private readonly console: Console,
    private readonly title: string,
    nowMs?: () => number,
  ) {
    this.line = new StatusLine(console, nowMs);
  }

  show(progress: RunProgress): void {
    this.line.show((elapsedMs) => {
      const percent = `${Math.floor(progress.share * 100)} %`.padStart(5);
      const facts = [
        `${percent}  ${formatCount(progress.interrupts)} interrupts`,
        ...paceOf(progress, elapsedMs),
        ...queueText(progress),
      ].join(', ');
      const title = visibleLine(this.title);
      return this.console.isInteractive
        ? this.withBar(takeWidth(title, 20), progress.share, facts)
        : `${title}: ${facts.trim()}`;
    });
  }

  private withBar(title: string, share: number, facts: string): string {
    const room = this.console.width - 1 - widthOf(title) - facts.length - 2;
    const barWidth = Math.max(0, Math.min(BAR_WIDTH, room));
    const filled = Math.round(share * barWidth);
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
    return [title, bar, facts].join(' ');
  }

  end(): void {
    this.line.end();
  }
}

/** Whose work it is, where that is not this process. */
function queueText({ queue }: RunProgress): string[] {
  if (queue === undefined || queue === 'there') return [];
  if (queue === 'away') return ['the queue does not answer'];
  if (queue === 0) return ['no worker'];
  return [queue === 1 ? '1 worker' : `${formatCount(queue)} workers`];
}

/** How fast it goes and how long it takes; nothing before that can be told. */
function paceOf({ interrupts, share }: RunProgress, elapsedMs: number): string[] {
  const seconds = elapsedMs / 1000;
  if (seconds < LEAST_SECONDS || share <= 0 || interrupts === 0) return [];
  const left = (seconds * (1 - Math.min(1, share))) / share;
  return [rateText(interrupts / seconds), `${durationText(left)} left`];
}

/** `4.20 M/s`, `812,000/s`. */
function rateText(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toPrecision(3)} M/s`;
  return `${formatCount(Number(perSecond.toPrecision(3)))}/s`;
}

/** `40 s`, `3 min`, `2 h`: as exact as a guess is. */
function durationText(seconds: number): string {
  if (seconds < 99.5) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 99.5 * 60
    ? `${Math.round(seconds / 60)} min`
    : `${Math.round(seconds / 3600)} h`;
}
