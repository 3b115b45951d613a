import { readSync } from 'node:fs';
import { isatty } from 'node:tty';
import { EXIT, inputError } from '../errors.js';
import { formatCount } from '../units.js';

/** What stands for standard input where a file is expected. */
export const STANDARD_INPUT = '-';
const CHUNK_BYTES = 65_536;
const NAP_MS = 10;
let isTaken = false;

/** All that comes from standard input. Throws InputError for a terminal, or the second time. */
export function readStandardInput(limitBytes: number): Buffer {
  if (isTaken) throw inputError('standard input was read already', 'give one "-" at most');
  if (isatty(0)) throw inputError('standard input is a terminal', 'write into it: … | dpcbench …');
  isTaken = true;
  return readChunks(readSome, limitBytes);
}

/**
 * All that `read` puts into buffers, which it is given one after another: it says how many bytes,
 * 0 at the end, −1 where there are none yet.
 */
export function readChunks(read: (chunk: Buffer) => number, limitBytes: number): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const count = read(chunk);
    if (count === 0) return Buffer.concat(chunks, length);
    if (count < 0) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, NAP_MS);
      continue;
    }
    chunks.push(chunk.subarray(0, count));
    length += count;
    if (length > limitBytes) {
      throw inputError(`standard input has more than ${formatCount(limitBytes)} bytes`);
    }
  }
}

function readSome(chunk: Buffer): number {
  try {
    return readSync(0, chunk);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EOF') return 0;
    if (code === 'EAGAIN') return -1;
    throw inputError(`standard input cannot be read (${code})`, '', EXIT.files);
  }
}
