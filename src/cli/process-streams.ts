import { writeSync } from 'node:fs';
import { EXIT } from '../errors.js';
import type { Interruptible, Streams } from './console.js';

/** The streams of this process. */
export function processStreams(): Streams {
  const lost: { reason: string | null } = { reason: null };
  const note = (reason: string): void => void (lost.reason ??= reason);
  const out = new Descriptor(1, 'standard output', note);
  const err = new Descriptor(2, 'standard error', note);
  const canStyle = process.env.TERM !== 'dumb';
  return {
    out: (text) => out.write(text),
    err: (text) => err.write(text),
    get lost() {
      return lost.reason;
    },
    colours: wantsColours(process.env, process.stdout.isTTY === true),
    width: widthOfSentences(process.env, process.stdout.columns),
    isInteractive: process.stderr.isTTY === true && canStyle,
    listening,
  };
}

/**
 * Colours on a terminal that has them. NO_COLOR, if it is not empty, turns them off (no-color.org);
 * FORCE_COLOR turns them on for a pipe or a file too, and off where it is 0 (force-color.org).
 */
export function wantsColours(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if ((env.NO_COLOR ?? '') !== '') return false;
  const forced = env.FORCE_COLOR ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}

/** Never wider than a line is read with ease, never so narrow that words break. */
const MOST_COLUMNS = 80;
const LEAST_COLUMNS = 20;

/** COLUMNS, where it is set, comes before what the terminal says of itself (POSIX, 8.3). */
export function widthOfSentences(env: NodeJS.ProcessEnv, columns: number | undefined): number {
  const asked = /^[1-9][0-9]{0,4}$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : columns;
  return Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, asked ?? MOST_COLUMNS));
}

async function listening<T>(work: Interruptible<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => {
    // The second one does not wait for the running chunks.
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', interrupt);
  }
}

const RETRY_MS = 2;

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the file has the largest size that is allowed',
  EIO: 'the device failed, or the terminal is gone',
};

/** A stream that is written to until its reader is gone or it fails; then words to it are lost. */
class Descriptor {
  private isOpen = true;

  constructor(
    private readonly number: number,
    private readonly name: string,
    private readonly note: (reason: string) => void,
  ) {}

  write(text: string): boolean {
    if (!this.isOpen) return false;
    try {
      writeAll(this.number, text);
    } catch (error) {
      this.isOpen = false;
      const { code = '', message } = error as NodeJS.ErrnoException;
      // The reader has left (`| head`): nothing is wrong with that.
      if (code !== 'EPIPE') this.note(`${this.name}: ${REASONS[code] ?? message}`);
    }
    return this.isOpen;
  }
}

/**
 * Writes everything before it returns, so that an event log of any length waits for its reader and
 * memory does not grow. A pipe that is full for now (EAGAIN) is tried again.
 */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length;) {
    try {
      from += writeSync(descriptor, bytes, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}
