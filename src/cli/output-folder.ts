import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Journal } from '../disk/journal.js';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { reasonOf } from '../disk/unwritable.js';
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
 * Makes a folder and those above it that are missing, one by one: made in one step, the system's
 * reason is lost, and a file system that is read-only is told as a folder that does not exist.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    const above = dirname(path);
    if (code !== 'ENOENT' || above === path) throw error;
    await makeFolder(above);
    await mkdir(path);
  }
}

/**
 * Makes the folder, and opens the journal in it.
 *
 * @throws InputError for a folder that cannot be written into, or that holds other work.
 */
export async function openFolder(path: string, work: string): Promise<KeptWork> {
  await makeFolder(resolve(path)).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'a file stands there' : reasonOf(error);
    throw inputError(`${path}: this folder cannot be made: ${why}`, '', EXIT.files);
  });
  await checkWritable(join(path, 'index.html'));
  const { hash } = shippedKernel().identity;
  const journal = await Journal.open(join(path, `${work}.journal`), { work, kernel: hash });
  return new KeptWork(path, journal);
}
