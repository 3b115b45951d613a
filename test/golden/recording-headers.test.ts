import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { readRecording } from '../../src/recording/read-recording.js';
import { VarintReader, VarintWriter } from '../../src/recording/recording-format.js';
import type { RecordedStream, Recording } from '../../src/recording/recording.js';
import { findStream, UNKNOWN_LATENCY } from '../../src/recording/recording.js';
import { writeRecording } from '../../src/recording/write-recording.js';
import { expectGolden, hashOf } from './golden-file.js';

const PERIODS = { count: 3, sumNs: 30, firstIndex: 9, counts: [1, 0, 2] };
const PROCESSOR: Recording['processors'][number] = {
  irqNs: 1,
  softirqNs: 2,
  clockNs: 3,
  ipiNs: 4,
  threadNs: 5,
  idleNs: 6,
  clockTicks: 7,
  tickPeriodNs: 8,
  ipisSent: 9,
  ipisReceived: 10,
  ipiFlightNs: 11,
  busyPeriods: PERIODS,
  idlePeriods: { count: 0, sumNs: 0, firstIndex: 0, counts: [] },
};

const stream = (name: string, kind: 'irq' | 'ipi', latencyNs: number): RecordedStream => ({
  name,
  kind,
  target: kind === 'ipi' ? 1 : null,
  atNs: Float64Array.of(0, 300, 70_000),
  processor: Uint16Array.of(1, 0, 1),
  isrNs: Uint32Array.of(0, 127, 128),
  serviceNs: Uint32Array.of(0, 4_000_000_000, 5),
  latencyNs: Uint32Array.of(UNKNOWN_LATENCY, latencyNs, 0),
});

const RECORDING: Recording = {
  meta: {
    origin: 'a.txt',
    format: 'ftrace',
    processors: 2,
    spanNs: 70_000,
    stampResolutionNs: 1000,
  },
  processors: [PROCESSOR, PROCESSOR],
  streams: [stream('ipi/a', 'ipi', 0xffff_fffe), stream('irq/b', 'irq', 16_383)],
};

const DIGEST_BYTES = 32;
const HEADER_FROM = 16;

function sealed(body: Uint8Array): Buffer {
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

/** What is read of the bytes with a digest that fits them, or why they are refused. */
function outcome(body: Uint8Array): string {
  try {
    return `read ${hashOf(JSON.stringify(readRecording(sealed(body), 'x.dpcrec')))}`;
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message.replace(/^[^:]*: [^:]*: | \(import .*$/g, '');
  }
}

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  // What holds of one processor holds of all.
  const own = Object.entries(value).filter(([key]) => path[0] !== 'processors' || key !== '1');
  const inner = own.flatMap(([key, each]) => pathsIn(each, [...path, key]));
  return path.length === 0 ? inner : [path, ...inner];
}

function changed(header: unknown, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to;
  const copy = (Array.isArray(header) ? [...header] : { ...(header as object) }) as never;
  (copy as Record<string, unknown>)[key] = changed(copy[key], rest, to);
  return copy;
}

const MOST = Number.MAX_SAFE_INTEGER;
const VALUES = [
  ...[-1, 0, 1, 2, 3, 0.5, 1023, 1024, 1025, 1e9, 1e9 + 1, 1e15, 1e15 + 1, MOST, MOST + 1],
  ...['', 'x'.repeat(80), 'x'.repeat(81), 'x'.repeat(200), 'x'.repeat(201), 'a@', '\t', 'ftrace'],
  ...['irq/b', 'softirq', 'vector', null, true, [], {}, [0], [1, 2]],
];

describe('a recording with a fitting digest is read or refused as before, whichever', () => {
  const written = (): { body: Uint8Array; headerBytes: number; blocks: Uint8Array } => {
    const bytes = writeRecording(RECORDING);
    const body = bytes.subarray(0, bytes.length - DIGEST_BYTES);
    const headerBytes = new DataView(body.buffer, body.byteOffset).getUint32(12, true);
    return { body, headerBytes, blocks: body.subarray(HEADER_FROM + headerBytes) };
  };

  it('value of its header is another', () => {
    const { body, headerBytes, blocks } = written();
    const header: unknown = JSON.parse(
      Buffer.from(body.subarray(HEADER_FROM, HEADER_FROM + headerBytes)).toString(),
    );
    const withHeader = (text: string): Uint8Array => {
      const start = Buffer.from(body.subarray(0, HEADER_FROM));
      start.writeUInt32LE(text.length, 12);
      return Buffer.concat([start, Buffer.from(text), blocks]);
    };
    const told = pathsIn(header).flatMap((path) => {
      const outcomes = new Map<string, string[]>();
      for (const value of VALUES) {
        const text = JSON.stringify(changed(header, path, value));
        const of = outcome(withHeader(text));
        outcomes.set(of, [...(outcomes.get(of) ?? []), JSON.stringify(value).slice(0, 20)]);
      }
      return [
        path.join('.'),
        ...[...outcomes].map(([of, values]) => `  ${of}: ${values.join(' ')}`),
      ];
    });
    const counted = (count: number): unknown =>
      [0, 1].reduce((all: unknown, i) => changed(all, ['streams', i, 'count'], count), header);
    const sum = outcome(withHeader(JSON.stringify(counted(8_388_609))));
    const others = ['null', '[]', '{', '', '{"meta":{}}', '1'].map(
      (text) => `${text}: ${outcome(withHeader(text))}`,
    );
    expectGolden(
      'recordings/headers.txt',
      [...told, `both counts: ${sum}`, ...others].join('\n') + '\n',
    );
  });

  it('byte beside the header is another or the last one', () => {
    const { body, headerBytes, blocks } = written();
    const places = [
      ...Array.from({ length: HEADER_FROM }, (_, at) => at),
      ...Array.from(blocks, (_, at) => HEADER_FROM + headerBytes + at),
    ];
    const told = places.map((at) => {
      const by = [1, 255, 128].map((more) =>
        outcome(body.map((byte, i) => (i === at ? byte + more : byte))),
      );
      const name = at < HEADER_FROM ? at : `block ${at - HEADER_FROM - headerBytes}`;
      return `${name}: ${[...by, outcome(body.subarray(0, at))].join('; ')}`;
    });
    const more = outcome(Buffer.concat([body, Buffer.of(0)]));
    expectGolden('recordings/bytes.txt', [...told, `one more: ${more}`].join('\n') + '\n');
  });
});

describe('a number of a recording', () => {
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [16_383, 'ff7f'],
    [16_384, '808001'],
    [2 ** 53 - 1, 'ffffffffffffff0f'],
  ])('%i is written as %s, and read back', (value, digits) => {
    const writer = new VarintWriter(20);
    writer.write(value);
    writer.write(5);
    const bytes = writer.take();
    expect(Buffer.from(bytes).toString('hex')).toBe(`${digits}05`);
    const reader = new VarintReader(bytes);
    expect([reader.read(), reader.atEnd, reader.read(), reader.atEnd]).toEqual([
      value,
      false,
      5,
      true,
    ]);
    expect(reader.read()).toBe(-1);
    expect(writer.take()).toHaveLength(0);
  });

  it.each(['', '80', 'ff', 'ffffffffffffff10', '808080808080808000', 'ffffffffffffff7f'])(
    'is not %j',
    (digits) => {
      expect(new VarintReader(Buffer.from(digits, 'hex')).read()).toBe(-1);
    },
  );
});

it.each([
  [20, 'a', /has no stream "a"; it has s0, .*, s19$/],
  [21, null, /has 21 streams: s0, .*, s19, …$/],
  [21, 's3x', /has no stream "s3x"/],
])('a stream that is not among %i is refused with those that are', (count, name, message) => {
  const streams = Array.from({ length: count }, (_, i) => stream(`s${i}`, 'irq', 0));
  const of = (): unknown => findStream({ ...RECORDING, streams }, name);
  expect(of).toThrow(InputError);
  let said = '';
  try {
    of();
  } catch (error) {
    said = (error as InputError).problems[0].message;
  }
  expect(said).toMatch(message);
});
