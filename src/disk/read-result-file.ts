import { EXIT, InputError, inputError } from '../errors.js';
import { readResult } from '../export/read-result.js';
import { readStandardInput, STANDARD_INPUT } from '../recording/standard-input.js';
import { readWholeFile } from '../recording/read-whole-file.js';
import type { ResultDocument } from '../result/document.js';
import { decodeText } from '../scenario/decode-text.js';

/** A result is a few hundred kB; a text of 512 MB does not fit into a string. */
const MAXIMUM_FILE_BYTES = 256 * 1024 * 1024;

/** Reads a result: a file, or standard input (`-`). Throws InputError if it is none. */
export function readResultFile(path: string): ResultDocument {
  return readResult(readText(path), path);
}

function readText(path: string): string {
  try {
    const isPiped = path === STANDARD_INPUT;
    const bytes = isPiped
      ? readStandardInput(MAXIMUM_FILE_BYTES)
      : readWholeFile(path, MAXIMUM_FILE_BYTES);
    return decodeText(bytes, path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
    throw inputError(`${path}: ${reason}`, '', EXIT.files);
  }
}
