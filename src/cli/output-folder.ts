import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Journal } from '../disk/journal.js';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { EXIT, inputError } from '../errors.js';
import { formatCountOf } from '../units.js';
import { visibleLine } from '../visible-text.js';
import type { Console } from './console.js';
import { CommandInterrupted } from './exit-code.js';
import { checkWritable } from './write-file.js';

/** The folder of a command whose finished work survives whatever ends it. */
export class KeptWork {
  constructor(
    readonly path: string,
    readonly journal: Journal,
  ) {}

  /** Work that the first Ctrl-C ends; it is then said that the same command goes on. */
  async keeping<T>(console: Console, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return console.listening(async (signal) => {
      try {
        return await work(signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        const kept = formatCountOf(this.journal.keys().length, 'finished part');
        const where = visibleLine(this.journal.path);
        throw new CommandInterrupted(`Interrupted: ${kept} in ${where}; the same command goes on.`);
      }
    });
  }

  close(): void {
    this.journal.close();
  }
}

/**
 * Makes the folder, and opens the journal in it.
 *
 * @throws InputError for a folder that cannot be written into, or that holds other work.
 */
export async function openFolder(path: string, work: string): Promise<KeptWork> {
  await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'a file stands there' : error.code;
    throw inputError(`${path}: this folder cannot be made (${why})`, '', EXIT.files);
  });
  await checkWritable(join(path, 'index.html'));
  const { hash } = shippedKernel().identity;
  const journal = await Journal.open(join(path, `${work}.journal`), { work, kernel: hash });
  return new KeptWork(path, journal);
}
