/** How far a machine has come with an order, as measured simulated time; Infinity: to its end. */
interface Standing {
  order: number;
  atNs: number;
}

/** A machine runs ahead of the other one by at most what it simulates in so long, */
const LEAD_MS = 100;
/** or by so many columns of the charts: in long runs a column takes longer. */
const LEAD_COLUMNS = 2;
/** Told to the other one no more often. */
const TOLD_EVERY_MS = 16;
/** A machine that says nothing for so long holds nobody up. */
const SILENT_MS = 500;

/**
 * Keeps the machine of one policy beside that of the other one, so that both are seen at the same
 * instant. The one that is behind never waits, so a run takes no longer.
 */
export class Abreast {
  private own: Standing = { order: 0, atNs: 0 };
  private other: Standing = { order: 0, atNs: 0 };
  private heardMs = 0;
  private toldMs = 0;
  private isHeld = false;
  /** Simulated time, and how long that took. */
  private wentNs = 0;
  private wentMs = 0;

  constructor(
    private readonly port: MessagePort,
    /** Called where a machine that is held may be able to go on. */
    private readonly wake: () => void,
  ) {
    port.onmessage = ({ data }: MessageEvent<Standing>) => {
      if (data.order < this.own.order) return;
      this.other = data;
      this.heardMs = performance.now();
      if (this.isHeld) this.wake();
    };
  }

  /** An order begins; the other machine may have carried it out already. */
  begin(order: number): void {
    if (this.other.order !== order) this.other = { order, atNs: 0 };
    this.own = { order, atNs: 0 };
    this.heardMs = performance.now();
    this.isHeld = false;
    this.wentNs = this.wentMs = 0;
    this.say(true);
  }

  /** The machine stands there, for which it took so long; no further than before: it settles. */
  stand(atNs: number, ms: number): void {
    if (atNs > this.own.atNs && atNs < Infinity) {
      this.wentNs += atNs - this.own.atNs;
      this.wentMs += ms;
    }
    this.own.atNs = atNs;
    this.say(atNs === Infinity);
  }

  /** Up to where the machine may go by now; no further than where it stands: it is held. */
  allowedNs(columnNs: number): number {
    const { other, own } = this;
    const isAlone = other.order !== own.order || this.restMs === 0;
    const leadNs = Math.max(LEAD_COLUMNS * columnNs, LEAD_MS * (this.wentNs / this.wentMs || 0));
    const untilNs = isAlone ? Infinity : other.atNs + leadNs;
    // One that was held goes on when that is worth it, not at each word of the other one.
    this.isHeld = own.atNs >= (this.isHeld ? untilNs - leadNs / 2 : untilNs);
    if (!this.isHeld) return untilNs;
    this.say(true);
    return own.atNs;
  }

  /** How long a machine that is held waits for a word of the other one, in ms. */
  get restMs(): number {
    return Math.max(0, this.heardMs + SILENT_MS - performance.now());
  }

  private say(isDue: boolean): void {
    const nowMs = performance.now();
    if (!isDue && nowMs - this.toldMs < TOLD_EVERY_MS) return;
    this.toldMs = nowMs;
    this.port.postMessage(this.own);
  }
}
