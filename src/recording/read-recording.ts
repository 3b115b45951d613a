import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { Recording, RecordedStream } from './recording.js';
import type { StreamHeader } from './recording-header.js';
import { InputError } from '../errors.js';
import { readable } from './read-lines.js';
import { readWholeFile } from './read-whole-file.js';
import { DamagedRecording, checkHeader } from './recording-header.js';
import { MAX_RECORDED_LATENCY_NS, MAX_RECORDED_WORK_NS, UNKNOWN_LATENCY } from './recording.js';
import {
  BLOCK_ARRIVALS,
  COLUMNS,
  DIGEST_BYTES,
  FREE_UNPACKED_BYTES,
  MAX_ARRIVAL_BYTES,
  MAX_FILE_BYTES,
  MAX_HEADER_BYTES,
  MAX_UNPACKING,
  RECORDING_MAGIC,
  RECORDING_VERSION,
  VarintReader,
} from './recording-format.js';

/** Do these first bytes (at least eight) begin a `.dpcrec` file? */
export function isRecordingFile(start: Uint8Array): boolean {
  return RECORDING_MAGIC.every((byte, i) => start[i] === byte);
}

/** Reads a `.dpcrec` file. Throws InputError if it cannot be read or is no sound recording. */
export async function readRecordingFile(path: string): Promise<Recording> {
  let bytes: Uint8Array;
  try {
    bytes = readWholeFile(path, MAX_FILE_BYTES);
  } catch (error) {
    throw readable(error, path);
  }
  return readRecording(bytes, basename(path));
}

/**
 * Reads the bytes of a `.dpcrec` file. `fileName` is for messages.
 *
 * Throws InputError if they are cut off, changed, of another version, or hold what no recording
 * may: every size is checked before memory is taken for it, every number against its limit.
 */
export function readRecording(bytes: Uint8Array, fileName = 'recording'): Recording {
  try {
    return new RecordingReader(bytes).read();
  } catch (error) {
    if (error instanceof DamagedRecording) throw refused(fileName, error.message);
    throw error;
  }
}

function refused(file: string, reason: string): InputError {
  const problem = { file, line: null, column: null, path: '' };
  const message = `this is not a recording that can be used: ${reason}`;
  const hint = 'import the original trace again with "dpcbench import"';
  return new InputError([{ ...problem, message, hint }]);
}

class RecordingReader {
  private readonly view: DataView;
  /** Where the blocks end and the digest begins. */
  private readonly end: number;
  private at = 0;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.length - DIGEST_BYTES;
  }

  read(): Recording {
    this.checkFrame();
    const header = checkHeader(this.header());
    const streams = header.streams.map((stream) => this.stream(stream, header.meta));
    if (this.at !== this.end) throw new DamagedRecording('there are bytes after the last block');
    return { meta: header.meta, processors: header.processors, streams };
  }

  private checkFrame(): void {
    const magic = RECORDING_MAGIC.length;
    if (!isRecordingFile(this.bytes)) throw new DamagedRecording('it does not begin like one');
    if (this.end < magic + 8) throw new DamagedRecording('it is cut off');
    if (this.bytes.length > MAX_FILE_BYTES) throw new DamagedRecording('it is too long');
    const version = this.view.getUint32(magic, true);
    if (version !== RECORDING_VERSION) {
      const known = `and only ${RECORDING_VERSION} is known`;
      throw new DamagedRecording(`its version is ${version}, ${known}`);
    }
    const digest = createHash('sha256').update(this.bytes.subarray(0, this.end)).digest();
    if (!digest.equals(this.bytes.subarray(this.end))) {
      throw new DamagedRecording('it is cut off or was changed: its SHA-256 does not match');
    }
    this.at = magic + 4;
  }

  private word(): number {
    if (this.at + 4 > this.end) throw new DamagedRecording('a block is cut off');
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }

  private take(length: number): Uint8Array {
    if (length > this.end - this.at) throw new DamagedRecording('a block is cut off');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private header(): unknown {
    const length = this.word();
    if (length > MAX_HEADER_BYTES) throw new DamagedRecording('its header is too long');
    try {
      return JSON.parse(Buffer.from(this.take(length)).toString('utf8'));
    } catch (error) {
      if (error instanceof DamagedRecording) throw error;
      throw new DamagedRecording('its header is not JSON');
    }
  }

  private stream(header: StreamHeader, meta: Recording['meta']): RecordedStream {
    const stream: RecordedStream = {
      name: header.name,
      kind: header.kind,
      target: header.target,
      atNs: new Float64Array(shared(Float64Array, header.count)),
      processor: new Uint16Array(shared(Uint16Array, header.count)),
      isrNs: new Uint32Array(shared(Uint32Array, header.count)),
      serviceNs: new Uint32Array(shared(Uint32Array, header.count)),
      latencyNs: new Uint32Array(shared(Uint32Array, header.count)),
    };
    for (let start = 0; start < header.count; start += BLOCK_ARRIVALS) {
      const count = Math.min(BLOCK_ARRIVALS, header.count - start);
      readBlock(stream, start, count, new VarintReader(this.block(count)), meta);
    }
    return stream;
  }

  private block(count: number): Uint8Array {
    const packedSize = this.word();
    const rawSize = this.word();
    if (rawSize > count * MAX_ARRIVAL_BYTES) throw new DamagedRecording('a block is too long');
    // A varint takes a byte at least: what claims fewer is refused before memory is taken for it.
    if (rawSize < count * COLUMNS) throw new DamagedRecording('a block is too short');
    if (rawSize > FREE_UNPACKED_BYTES + packedSize * MAX_UNPACKING) {
      throw new DamagedRecording(
        `a block unpacks to more than ${MAX_UNPACKING} times its size, as nothing recorded does`,
      );
    }
    const packed = this.take(packedSize);
    let raw: Uint8Array;
    try {
      raw = inflateRawSync(packed, { maxOutputLength: rawSize });
    } catch {
      throw new DamagedRecording('a block cannot be unpacked');
    }
    if (raw.length === rawSize) return raw;
    throw new DamagedRecording('a block has another length than it says');
  }
}

function readBlock(
  stream: RecordedStream,
  start: number,
  count: number,
  varints: VarintReader,
  meta: Recording['meta'],
): void {
  const end = start + count;
  let atNs = 0;
  for (let i = start; i < end; i++) {
    atNs += within(varints.read(), meta.spanNs, 'time');
    stream.atNs[i] = within(atNs, meta.spanNs, 'time');
  }
  if (start > 0 && stream.atNs[start] < stream.atNs[start - 1]) {
    throw new DamagedRecording(`the times of ${stream.name} go back`);
  }
  const column = (to: Uint16Array | Uint32Array, limit: number, what: string): void => {
    for (let i = start; i < end; i++) to[i] = within(varints.read(), limit, what);
  };
  column(stream.processor, meta.processors - 1, 'processor');
  column(stream.isrNs, MAX_RECORDED_WORK_NS, 'ISR time');
  column(stream.serviceNs, MAX_RECORDED_WORK_NS, 'service time');
  for (let i = start; i < end; i++) {
    const written = within(varints.read(), MAX_RECORDED_LATENCY_NS + 1, 'latency');
    stream.latencyNs[i] = written === 0 ? UNKNOWN_LATENCY : written - 1;
  }
  if (!varints.atEnd) throw new DamagedRecording(`a block of ${stream.name} is too long`);
}

function within(value: number, limit: number, what: string): number {
  if (value >= 0 && value <= limit) return value;
  throw new DamagedRecording(`a ${what} is missing or over its limit of ${limit}`);
}

/** In memory that threads share: hundreds of megabytes are not copied for them once more. */
function shared({ BYTES_PER_ELEMENT }: { BYTES_PER_ELEMENT: number }, count: number) {
  return new SharedArrayBuffer(count * BYTES_PER_ELEMENT);
}
