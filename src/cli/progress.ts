import type { RunProgress } from '../run/tasks.js';
import { formatCount } from '../units.js';
import { visibleLine } from '../visible-text.js';
import type { Console } from './console.js';

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
const LINE_MS = 5_000;
/** A run says too little about its pace before. */
const LEAST_SECONDS = 0.5;

/**
 * Shows how far a run is: one line redrawn on a terminal, otherwise a plain line every five
 * seconds, so that a log stays short and a quick run says nothing.
 */
export class ProgressDisplay {
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

  show(progress: RunProgress): void {
    const { isInteractive } = this.console;
    const nowMs = this.nowMs();
    if (nowMs - this.shownMs < (isInteractive ? REDRAW_MS : LINE_MS)) return;
    this.shownMs = nowMs;
    const percent = `${Math.floor(progress.share * 100)} %`.padStart(5);
    const facts = [
      `${percent}  ${formatCount(progress.interrupts)} interrupts`,
      ...this.pace(progress, nowMs),
      ...queueText(progress),
    ].join(', ');
    if (!isInteractive) {
      this.console.err(`${visibleLine(this.title)}: ${facts.trim()}\n`);
      return;
    }
    const title = visibleLine(this.title).slice(0, 20);
    // A line that wraps could not be taken away; its last column stays free.
    const room = this.console.width - 1 - title.length - facts.length - 2;
    const barWidth = Math.max(0, Math.min(BAR_WIDTH, room));
    const filled = Math.round(progress.share * barWidth);
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
    const line = [title, bar, facts].join(' ').slice(0, this.console.width - 1);
    this.console.styledErr(`\r\x1b[2K${line}`);
    this.isDrawn = true;
  }

  /** How fast it goes and how long it takes; nothing before that can be told. */
  private pace({ interrupts, share }: RunProgress, nowMs: number): string[] {
    const seconds = (nowMs - this.startedMs) / 1000;
    if (seconds < LEAST_SECONDS || share <= 0 || interrupts === 0) return [];
    const left = (seconds * (1 - Math.min(1, share))) / share;
    return [rateText(interrupts / seconds), `${durationText(left)} left`];
  }

  /** Takes the redrawn line away. */
  end(): void {
    if (this.isDrawn) this.console.styledErr('\r\x1b[2K');
    this.isDrawn = false;
  }
}

/** Whose work it is, where that is not this process. */
function queueText({ queue }: RunProgress): string[] {
  if (queue === undefined || queue === 'there') return [];
  if (queue === 'away') return ['the queue does not answer'];
  if (queue === 0) return ['no worker'];
  return [queue === 1 ? '1 worker' : `${formatCount(queue)} workers`];
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
