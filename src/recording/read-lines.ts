import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { EXIT, InputError, inputError } from '../errors.js';
import { READ_AT_ONCE, refuseDevice } from './read-whole-file.js';
import { TextDecoding } from './text-encoding.js';

/** Longer lines are cut: recorders write under 300 characters, a C++ callsite under 2,000. */
export const MAX_LINE_LENGTH = 4096;
/** What is kept of one tells that it is too long, be there a carriage return at its end. */
const KEPT_LENGTH = MAX_LINE_LENGTH + 2;
/** A text without ends of lines is no recording: reading it ends here. */
export const MOST_LINE_BYTES = 16 * 2 ** 20;
/** A gzip file may hold far more than its size tells; text beyond this is refused. */
const MAX_TEXT_BYTES = 64 * 2 ** 30;

const CHUNK_BYTES = 256 * 1024;
const LINE_FEED = '\n';
const CARRIAGE_RETURN = '\r';

export interface LineSink {
  /** A line without its end, cut to MAX_LINE_LENGTH if `tooLong`. False ends the reading. */
  line(text: string, tooLong: boolean): boolean;
}

export interface TextSize {
  /** Bytes of text that were read, after unpacking. */
  textBytes: number;
  gzip: boolean;
}

/**
 * Reads a text file, plain or gzip (told by its first bytes), line by line in memory that does not
 * grow with the file. UTF-16 is told by its first bytes, all else is taken as Latin-1. Lines end
 * with a line feed, before which a carriage return may stand, or with a carriage return alone where
 * the first chunk has no line feed.
 *
 * Throws InputError if the file cannot be read, is damaged gzip, or holds over MAX_TEXT_BYTES.
 */
export async function readLines(path: string, sink: LineSink): Promise<TextSize> {
  const gzip = isGzip(await readStart(path, 2));
  const lines = new LineCutter(sink, path);
  let stopped = false;
  /** What the text itself is refused for: the pipeline would report only that it was aborted. */
  let refusal: unknown = null;
  const consume = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      try {
        if (lines.textBytes + chunk.length > MAX_TEXT_BYTES) throw tooMuchText(path);
        stopped = !lines.push(chunk);
      } catch (error) {
        refusal = error;
      }
      if (stopped || refusal !== null) return;
    }
    lines.end();
  };
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  try {
    if (gzip) await pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), consume);
    else await pipeline(file, consume);
  } catch (error) {
    // A consumer that has had enough makes the pipeline abort what comes before it.
    if (!stopped && refusal === null) throw readable(error, path);
  }
  if (refusal !== null) throw refusal;
  return { textBytes: lines.textBytes, gzip };
}

/** Cuts chunks of bytes into lines. */
class LineCutter {
  textBytes = 0;
  /** The start of a line whose end has not come yet. */
  private carry = '';
  /** How long the line in #carry is, with what was thrown away beyond the limit. */
  private carriedBytes = 0;
  private line = 1;
  private endOfLine: string | null = null;
  private readonly decoding = new TextDecoding();

  constructor(
    readonly sink: LineSink,
    readonly path: string,
  ) {}

  push(chunk: Buffer): boolean {
    this.textBytes += chunk.length;
    const text = this.decoding.decode(chunk);
    this.endOfLine ??=
      !text.includes(LINE_FEED) && text.includes(CARRIAGE_RETURN) ? CARRIAGE_RETURN : LINE_FEED;
    const mark = this.endOfLine;
    let start = 0;
    for (let end = text.indexOf(mark); end >= 0; end = text.indexOf(mark, start)) {
      if (!this.emit(text.slice(start, end))) return false;
      start = end + 1;
    }
    this.keep(text, start);
    return true;
  }

  end(): void {
    if (this.carry !== '') this.emit('');
  }

  /** A line ends with this piece of it. */
  private emit(piece: string): boolean {
    let line = this.carry + piece;
    this.carry = '';
    if (line.charCodeAt(line.length - 1) === 13) line = line.slice(0, -1);
    const tooLong = line.length > MAX_LINE_LENGTH;
    this.carriedBytes = 0;
    this.line += 1;
    return this.sink.line(tooLong ? line.slice(0, MAX_LINE_LENGTH) : line, tooLong);
  }

  private keep(text: string, start: number): void {
    this.carriedBytes += text.length - start;
    if (this.carriedBytes > MOST_LINE_BYTES) throw endlessLine(this.path, this.line);
    if (this.carry.length >= KEPT_LENGTH) return;
    // The rest of a chunk is copied: as a slice of it, it would keep the whole chunk alive.
    const rest = Buffer.from(text.slice(start, start + KEPT_LENGTH), 'utf16le');
    this.carry += rest.toString('utf16le');
  }
}

/** Told by the first two bytes (RFC 1952). */
export function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}

/**
 * The first bytes of a file, unpacked if it is gzip, as far as they are not damaged. Throws
 * InputError if it cannot be read.
 */
export async function readUnpackedStart(path: string, length: number): Promise<Uint8Array> {
  const start = await readStart(path, length);
  if (!isGzip(start)) return start;
  try {
    const maxOutputLength = MOST_UNPACKED * length;
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength };
    return gunzipSync(start, options).subarray(0, length);
  } catch {
    return new Uint8Array();
  }
}

/** No deflated data unpack to more than so many times their size. */
const MOST_UNPACKED = 1032;

/** The first bytes of a file, fewer if it is shorter. Throws InputError if it cannot be read. */
export async function readStart(path: string, length: number): Promise<Uint8Array> {
  try {
    const file = await open(path, READ_AT_ONCE);
    try {
      const stats = await file.stat();
      refuseDevice(path, stats);
      if (stats.isFIFO()) throw pipeRefused(path);
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readable(error, path);
  }
}

/** A recording is read twice: once to see what it is. */
function pipeRefused(path: string): InputError {
  const problem = { file: path, line: null, column: null, path: '' };
  const message = 'this is a pipe, and recordings are read from files';
  return new InputError([{ ...problem, message, hint: 'write it into a file first' }], EXIT.files);
}

/** An error of the file system or of zlib as an InputError; anything else as it is. */
export function readable(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const problem = { file: path, line: null, column: null, path: '' };
  if (code.startsWith('Z_')) {
    const message = 'the gzip data are damaged or cut off';
    return new InputError([{ ...problem, message, hint: 'copy or record the file again' }]);
  }
  if (!/^E[A-Z0-9]+$/.test(code) && code !== 'ERR_INVALID_ARG_VALUE') return error;
  const reason = FILE_REASONS[code] ?? `the file cannot be read (${code})`;
  return new InputError([{ ...problem, message: reason, hint: '' }], EXIT.files);
}

const FILE_REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'the file may not be read',
  EISDIR: 'this is a folder, not a file',
};

function endlessLine(file: string, line: number): InputError {
  const size = `${MOST_LINE_BYTES / 2 ** 20} MiB`;
  const message = `this line has more than ${size}: this is no recorded text`;
  const hint = 'give the text that "perf script" or "trace-cmd report" prints';
  return new InputError([{ file, line, column: null, path: '', message, hint }]);
}

function tooMuchText(path: string): InputError {
  return inputError(
    `${path} holds more than ${MAX_TEXT_BYTES / 2 ** 30} GiB of text`,
    'record a shorter time, or cut the text',
  );
}
