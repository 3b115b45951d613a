import { it } from 'vitest';
import { foreignFormat } from '../../src/recording/foreign-format.js';
import { isRecordingFile } from '../../src/recording/read-recording.js';
import { encodingOf, TextDecoding } from '../../src/recording/text-encoding.js';
import { expectGolden, hashOf } from './golden-file.js';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');

function etlOf(bufferBytes: number, pointer: number): Buffer {
  const etl = Buffer.alloc(80);
  etl.writeUInt32LE(bufferBytes, 0);
  etl.set([2, 0, pointer, 0xc0], 72);
  return etl;
}

/** Packets of Perfetto, whose length takes as many bytes; the last may go beyond what is read. */
function packets(...lengths: [length: number, bytes: number, key: number][]): Buffer {
  return Buffer.concat(
    lengths.map(([length, bytes, key]) => {
      const written = Array.from(
        { length: bytes },
        (_, i) => ((length >> (7 * i)) & 0x7f) + (i + 1 < bytes ? 0x80 : 0),
      );
      return Buffer.from([0x0a, ...written, key, ...new Array<number>(length - 1).fill(1)]);
    }),
  );
}

const STARTS: Record<string, Buffer> = {
  'perf of version 2': latin1('PERFILE2h'),
  'perf of version 1': latin1('PERFFILEh'),
  'trace-cmd': latin1('\x17\x08Dtracing6'),
  stream: hex('c11ffcc10'),
  metadata: hex('571dd1750'),
  'metadata as text': latin1('/* CTF 1.8 */'),
  'etl of 64 KiB': etlOf(65_536, 2),
  'etl of 1 KiB': etlOf(1024, 1),
  'no etl, of less': etlOf(512, 2),
  'no etl, of an odd size': etlOf(1025, 2),
  'no etl, of another version': etlOf(1024, 3),
  'etl of 16 MiB and 1 KiB': etlOf(2 ** 24 + 1024, 1),
  zstd: hex('28b52ffd00'),
  xz: latin1('\xfd7zXZ\0..'),
  bzip2: latin1('BZh91AY&SY'),
  zip: latin1('PK\x03\x04....'),
  'tracerpt of XP': latin1('Event Name, Type, TID,'),
  'PerfView CSV': latin1('Event Name,Time MSec,Process Name,Rest'),
  'two packets': packets([4, 1, 0x40], [3, 1, 0x41]),
  'three packets': packets([1, 1, 2], [2, 2, 5], [300, 2, 8]),
  'long packets': packets([2, 3, 0x42], [1, 4, 0x45], [9, 1, 0x40]),
  'packets too long': packets([2, 5, 0x42], [1, 1, 0x45]),
  'one packet': packets([7, 1, 0x40]),
  'packets of other keys': packets([2, 1, 3], [2, 1, 4]),
  'lines that look so': latin1('\n\x20\x20' + '  '.repeat(40)),
  'a recording': hex('89445043524543 0a03000000'.replace(' ', '')),
  'UTF-16, little end first': hex('fffe61006200'),
  'UTF-16, big end first': hex('feff00610062'),
  'UTF-8': hex('efbbbf6162'),
  'no mark, little end first': hex('610062006300'),
  'no mark, big end first': hex('006100620063'),
  'no mark, one character': hex('6100'),
  'long, no mark, little end first': Buffer.from(`${'a'.repeat(32)}\u0161`, 'utf16le'),
  'long, no mark, changed within': Buffer.from(`${'a'.repeat(31)}\u0161a`, 'utf16le'),
};

/** What a file is taken for by its first bytes, its encoding, and a hash of its text. */
function kindOf(start: Buffer): string {
  const found = foreignFormat(start, 'FILE');
  const decoding = new TextDecoding();
  const [first, second] = [start.subarray(0, 7), start.subarray(7)];
  const text = decoding.decode(first) + decoding.decode(second);
  const noun = found === null ? '-' : `${found.noun}; ${found.wayOut}`;
  const own = isRecordingFile(start) ? ', a recording' : '';
  return `${noun} (${encodingOf(start)}${own}): ${hashOf(text)}`;
}

const CHANGES: Record<string, (start: Buffer, at: number) => Buffer> = {
  cut: (start, at) => start.subarray(0, at),
  more: (start, at) => Buffer.from(start.map((byte, i) => (i === at ? byte + 1 : byte))),
  less: (start, at) => Buffer.from(start.map((byte, i) => (i === at ? byte - 1 : byte))),
  zero: (start, at) => Buffer.from(start.map((byte, i) => (i === at ? 0 : byte))),
  behind: (start, at) => Buffer.concat([hex('20').subarray(0, at), start]),
};

it('a file is taken by its first bytes for what it was, whichever of them is changed', () => {
  const told = Object.entries(STARTS).flatMap(([name, start]) => {
    const whole = kindOf(start);
    const [noun] = whole.split('(');
    return [
      name,
      `  ${whole}`,
      ...Object.entries(CHANGES).map(([change, of]) => {
        const places = Array.from({ length: Math.min(start.length, 90) }, (_, at) => at);
        const kinds = places.map((at) => kindOf(of(start, at)));
        const letters = kinds.map((kind) => (kind.startsWith(noun) ? '.' : kind[0]));
        return `  ${change.padEnd(7)}${letters.join('')} ${hashOf(kinds.join('\n'))}`;
      }),
    ];
  });
  expectGolden('lines/starts.txt', told.join('\n') + '\n');
});
