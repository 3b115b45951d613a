import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { EXIT, InputError } from '../errors.js';
import { formatCount } from '../units.js';

/** Most files end within the first. */
const FIRST_BYTES = 64 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** How long nothing may come out of a pipe, and how long to sleep before looking again. */
const PATIENCE_MS = 5_000;
const NAP_MS = 10;
/** Without it, opening a pipe waits for somebody who writes; not every system has it. */
export const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The bytes of a file of up to `limitBytes`, or what comes out of a pipe until its end. A device is
 * refused, and so is a pipe that stays silent.
 *
 * Throws InputError for these, and the file system's error for a file that cannot be read.
 */
export function readWholeFile(path: string, limitBytes: number): Buffer {
  const file = openSync(path, READ_AT_ONCE);
  try {
    const stats = fstatSync(file);
    refuseDevice(path, stats);
    if (stats.size > limitBytes) throw tooLong(path, limitBytes);
    return readToEnd(file, path, limitBytes, stats.isFIFO());
  } finally {
    closeSync(file);
  }
}

/** Throws InputError for what has no end, or nothing in it to be found again. */
export function refuseDevice(path: string, stats: Stats): void {
  if (stats.isCharacterDevice() || stats.isBlockDevice() || stats.isSocket()) {
    throw refused(path, 'this is a device, not a file', '');
  }
  if (stats.isDirectory()) throw refused(path, 'this is a folder, not a file', '');
}

function readToEnd(file: number, path: string, limitBytes: number, isPipe: boolean): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  let chunk = Buffer.allocUnsafe(FIRST_BYTES);
  let silentSinceMs = performance.now();
  for (;;) {
    const count = readSome(file, chunk);
    if (count > 0) {
      chunks.push(chunk.subarray(0, count));
      chunk = Buffer.allocUnsafe(count < chunk.length ? FIRST_BYTES : CHUNK_BYTES);
      length += count;
      silentSinceMs = performance.now();
      if (length > limitBytes) throw tooLong(path, limitBytes);
      continue;
    }
    // A pipe ends when its writer has gone; before anything came, the writer may not be there yet.
    const mayGoOn = isPipe && (count < 0 || length === 0);
    if (!mayGoOn) return Buffer.concat(chunks, length);
    if (performance.now() - silentSinceMs > PATIENCE_MS) {
      const seconds = PATIENCE_MS / 1000;
      throw refused(
        path,
        `this is a pipe, and nothing came out of it in ${seconds} s`,
        'write into a file first, and name that',
      );
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, NAP_MS);
  }
}

/** How many bytes were read: 0 at the end, −1 where there are none yet. */
function readSome(file: number, chunk: Buffer): number {
  try {
    return readSync(file, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return -1;
    throw error;
  }
}

function tooLong(path: string, limitBytes: number): InputError {
  const message = `the file is too long: ${formatCount(limitBytes)} bytes are allowed`;
  return refused(path, message, '');
}

function refused(file: string, message: string, hint: string): InputError {
  return new InputError([{ file, line: null, column: null, path: '', message, hint }], EXIT.files);
}
