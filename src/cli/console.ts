import { writeSync } from 'node:fs';

/** What a command may do to the world beside reading and writing files. Tests give their own. */
export interface Console {
  /** Standard output: the answer. */
  out(text: string): void;
  /** Standard error: progress and problems. */
  err(text: string): void;
  /** May the answer be coloured? */
  colours: boolean;
  /** Is standard error a terminal that can redraw a line? */
  isInteractive: boolean;
  /** Aborted by the first Ctrl-C. */
  interrupted: AbortSignal;
}

/** The reader of standard output is gone (`| head`): nothing is wrong, nothing is left to do. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

export function processConsole(): Console {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    // The second one does not wait for the running chunks.
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  });
  const noColour = (process.env.NO_COLOR ?? '') !== '';
  return {
    out: (text) => writeAll(1, text),
    err: (text) => writeAll(2, text),
    colours: process.stdout.isTTY === true && !noColour && process.env.TERM !== 'dumb',
    isInteractive: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    interrupted: controller.signal,
  };
}

const RETRY_MS = 2;

/**
 * Writes everything before it returns, so that an event log of any length waits for its reader and
 * memory does not grow. A pipe that is full for now (EAGAIN) is tried again.
 */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(descriptor, bytes, from);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') throw new OutputClosed();
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}
