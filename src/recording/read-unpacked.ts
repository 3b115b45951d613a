import { gunzipSync } from 'node:zlib';
import { EXIT, InputError } from '../errors.js';
import { isGzip, readable } from './read-lines.js';
import { readWholeFile } from './read-whole-file.js';

/**
 * The bytes of a file, unpacked if it is gzip: up to `limitBytes` of either.
 *
 * @throws InputError for a file that cannot be read, is damaged gzip or too long.
 */
export function readUnpacked(path: string, limitBytes: number): { bytes: Buffer; gzip: boolean } {
  try {
    const bytes = readWholeFile(path, limitBytes);
    const gzip = isGzip(bytes);
    return { bytes: gzip ? gunzipSync(bytes, { maxOutputLength: limitBytes }) : bytes, gzip };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') {
      throw readable(error, path);
    }
    const message = `more than ${limitBytes / 2 ** 20} MiB come out of the gzip data`;
    const problem = { file: path, line: null, column: null, path: '', message, hint: '' };
    throw new InputError([problem], EXIT.files);
  }
}
