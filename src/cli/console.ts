import { visibleText } from '../visible-text.js';

/**
 * Only what looks at the signal between its steps is given to `listening`: all else is ended by the
 * system, at once, be it in the middle of a write that waits for its reader.
 */
export type Interruptible<T> = (interrupted: AbortSignal) => Promise<T>;

/** Where a command line's words go, and what is known of the terminal. Tests give their own. */
export interface Streams {
  /** Standard output. False once nobody reads it any more; what is written then is lost. */
  out(text: string): boolean;
  /** Standard error, in the same way. */
  err(text: string): boolean;
  /** Which stream could not be written and why, such as for a full disk; null if all is well. */
  readonly lost: string | null;
  /** May the answer be coloured? */
  readonly colours: boolean;
  /** Columns for sentences: 80, or what a narrower terminal has. */
  readonly width: number;
  /** Is standard error a terminal that can redraw a line? */
  readonly isInteractive: boolean;
  /** Does work that can be ended: the first Ctrl-C aborts the signal that it gets. */
  listening<T>(work: Interruptible<T>): Promise<T>;
}

/**
 * What a command may do to the world beside reading and writing files. Everything that it prints
 * passes here, and whatever in it could move a terminal's cursor, change its state or reorder a
 * line is written as an escape: names come out of files that anybody may have made.
 */
export class Console {
  constructor(private readonly streams: Streams) {}

  /** The answer. False once nobody reads it: then a stream of any length may end. */
  readonly out = (text: string): boolean => this.streams.out(visibleText(text));

  /** Progress, notes and problems. */
  readonly err = (text: string): boolean => this.streams.err(visibleText(text));

  /** The answer with colours; its maker has made all that came from an input visible. */
  styledOut(text: string): boolean {
    return this.streams.out(text);
  }

  /** Moves of the cursor, under the same condition. */
  styledErr(text: string): boolean {
    return this.streams.err(text);
  }

  get lost(): string | null {
    return this.streams.lost;
  }

  get colours(): boolean {
    return this.streams.colours;
  }

  get width(): number {
    return this.streams.width;
  }

  get isInteractive(): boolean {
    return this.streams.isInteractive;
  }

  listening<T>(work: Interruptible<T>): Promise<T> {
    return this.streams.listening(work);
  }
}
