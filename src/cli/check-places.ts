import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inputError } from '../errors.js';
import { checkWritable } from './write-file.js';

/** A file that a command line names, and as what, such as `--json`. */
export interface Place {
  as: string;
  /** Left out on the command line: none. */
  path: string | undefined;
}

/**
 * Refuses, before anything is simulated, files that cannot be written, two answers for one file,
 * and an answer in the place of what is read.
 *
 * @throws InputError.
 */
export async function checkPlaces(
  outputs: readonly Place[],
  inputs: readonly Place[] = [],
): Promise<void> {
  const taken = new Map<string, Place>();
  for (const input of inputs) {
    const known = await identityOf(input.path);
    if (known !== null) taken.set(known, input);
  }
  for (const output of outputs) {
    if (output.path === undefined) continue;
    await checkWritable(output.path);
    const known = await identityOf(output.path);
    if (known === null) continue;
    const other = taken.get(known);
    if (other !== undefined) {
      throw inputError(
        `${output.as} ${output.path}: this is the file of ${other.as} as well`,
        `give ${output.as} a file of its own`,
      );
    }
    taken.set(known, output);
  }
}

/** One for every way to a file; null for devices and pipes, which many may write into. */
async function identityOf(path: string | undefined): Promise<string | null> {
  if (path === undefined) return null;
  const found = await stat(path, { bigint: true }).catch(() => null);
  if (found !== null) return found.isFile() ? `${found.dev} ${found.ino}` : null;
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return join(folder, basename(path));
}
