import { mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT, inputError } from '../errors.js';
import type { ResultDocument } from '../result/document.js';
import { quote } from '../units.js';
import { writeFileWhole } from './write-file.js';

const FOLDER = join('.dpcbench', 'baselines');
/** Never a way out of the folder, and the same file on every system. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Where a baseline stands, under the current folder. Throws InputError for a name that is none. */
export function baselinePath(name: string): string {
  if (NAME.test(name)) return join(FOLDER, `${name}.json`);
  throw inputError(
    `baseline ${quote(name)}: this is no name`,
    'use up to 64 letters, digits, ".", "_" and "-", the first one a letter or a digit',
  );
}

/** Throws InputError if there is none of that name, or it is no result. */
export async function readBaseline(name: string): Promise<ResultDocument> {
  const path = baselinePath(name);
  if (!existsSync(path)) {
    throw inputError(
      `${path}: there is no baseline ${quote(name)}`,
      `save one with --save-baseline ${name}`,
      EXIT.files,
    );
  }
  const { readResultFile } = await import('../disk/read-result-file.js');
  return readResultFile(path);
}

/** Makes the folder before the run; whether the file can be written, `checkPlaces` sees. */
export async function prepareBaseline(name: string): Promise<void> {
  const folder = dirname(baselinePath(name));
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw inputError(`${folder}: cannot be made (${error.code})`, '', EXIT.files);
  });
}

export async function saveBaseline(name: string, document: ResultDocument): Promise<string> {
  const { toJson } = await import('../export/json.js');
  const path = baselinePath(name);
  await writeFileWhole(path, toJson(document));
  return path;
}
