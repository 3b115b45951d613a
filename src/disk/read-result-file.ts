import { readFileSync, statSync } from 'node:fs';
import { EXIT, inputError } from '../errors.js';
import { readResult } from '../export/read-result.js';
import type { ResultDocument } from '../result/document.js';

/** A result is a few hundred kB; a text of 512 MB does not fit into a string. */
const MAXIMUM_FILE_BYTES = 256 * 1024 * 1024;

/** Reads a result from a file. Throws InputError if it cannot be read or is none. */
export function readResultFile(path: string): ResultDocument {
  let text: string | null = null;
  try {
    if (statSync(path).size <= MAXIMUM_FILE_BYTES) text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
    throw inputError(`${path}: ${reason}`, '', EXIT.files);
  }
  if (text === null) throw inputError(`${path}: longer than ${MAXIMUM_FILE_BYTES} bytes`);
  return readResult(text, path);
}
