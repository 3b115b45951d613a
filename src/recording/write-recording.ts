import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { Recording, RecordedStream } from './recording.js';
import { UNKNOWN_LATENCY } from './recording.js';
import {
  BLOCK_ARRIVALS,
  MAX_ARRIVAL_BYTES,
  RECORDING_MAGIC,
  RECORDING_VERSION,
  VarintWriter,
} from './recording-format.js';

/** A recording as the bytes of a `.dpcrec` file (recording-format.ts). */
export function writeRecording(recording: Recording): Uint8Array {
  return Buffer.concat([...encodeRecording(recording)]);
}

/** The file's bytes in pieces: start and header, two pieces a block, digest. */
export function* encodeRecording(recording: Recording): Generator<Uint8Array> {
  const hash = createHash('sha256');
  for (const piece of encodePieces(recording)) {
    hash.update(piece);
    yield piece;
  }
  yield hash.digest();
}

function* encodePieces(recording: Recording): Generator<Uint8Array> {
  const header = {
    meta: recording.meta,
    processors: recording.processors,
    streams: recording.streams.map(({ name, kind, target, atNs }) => {
      return { name, kind, target, count: atNs.length };
    }),
  };
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  yield RECORDING_MAGIC;
  yield words(RECORDING_VERSION, json.length);
  yield json;
  const varints = new VarintWriter(BLOCK_ARRIVALS * MAX_ARRIVAL_BYTES);
  for (const stream of recording.streams) {
    for (let start = 0; start < stream.atNs.length; start += BLOCK_ARRIVALS) {
      const end = Math.min(start + BLOCK_ARRIVALS, stream.atNs.length);
      const raw = encodeBlock(stream, start, end, varints);
      const packed = deflateRawSync(raw, { level: 9 });
      yield words(packed.length, raw.length);
      yield packed;
    }
  }
}

function encodeBlock(
  stream: RecordedStream,
  start: number,
  end: number,
  varints: VarintWriter,
): Uint8Array {
  let before = 0;
  for (let i = start; i < end; i++) {
    varints.write(stream.atNs[i] - before);
    before = stream.atNs[i];
  }
  for (let i = start; i < end; i++) varints.write(stream.processor[i]);
  for (let i = start; i < end; i++) varints.write(stream.isrNs[i]);
  for (let i = start; i < end; i++) varints.write(stream.serviceNs[i]);
  for (let i = start; i < end; i++) {
    const latencyNs = stream.latencyNs[i];
    varints.write(latencyNs === UNKNOWN_LATENCY ? 0 : latencyNs + 1);
  }
  return varints.take();
}

function words(first: number, second: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, first, true);
  view.setUint32(4, second, true);
  return bytes;
}
