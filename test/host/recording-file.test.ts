import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { readRecording, readRecordingFile } from '../../src/recording/read-recording.js';
import type { PeriodCounts, RecordedStream, Recording } from '../../src/recording/recording.js';
import { STREAM_KINDS, UNKNOWN_LATENCY, countArrivals } from '../../src/recording/recording.js';
import { writeRecording } from '../../src/recording/write-recording.js';

const EXAMPLE = join(import.meta.dirname, '../../examples/recordings/http-loopback-2cpu.dpcrec');
const PERIODS: PeriodCounts = { count: 3, sumNs: 30, firstIndex: 9, counts: [1, 0, 2] };
const SPAN_NS = 1_000_000;

const processorOf = (idleNs: number): Recording['processors'][number] => ({
  irqNs: 1,
  softirqNs: 2,
  clockNs: 3,
  ipiNs: 4,
  threadNs: 5,
  idleNs,
  clockTicks: 6,
  tickPeriodNs: 7,
  ipisSent: 8,
  ipisReceived: 9,
  ipiFlightNs: 10,
  busyPeriods: PERIODS,
  idlePeriods: { count: 0, sumNs: 0, firstIndex: 0, counts: [] },
});

const row = fc.record({
  atNs: fc.integer({ min: 0, max: SPAN_NS }),
  processor: fc.integer({ min: 0, max: 2 }),
  isrNs: fc.integer({ min: 0, max: 4_000_000_000 }),
  serviceNs: fc.integer({ min: 0, max: 4_000_000_000 }),
  latencyNs: fc.oneof(fc.constant(UNKNOWN_LATENCY), fc.integer({ min: 0, max: 0xfffffffe })),
});

const stream = fc
  .record({
    name: fc.stringMatching(/^[ -?A-~]{1,80}$/),
    kind: fc.constantFrom(...STREAM_KINDS),
    target: fc.integer({ min: 0, max: 2 }),
    rows: fc.array(row, { minLength: 1, maxLength: 40 }),
  })
  .map(({ name, kind, target, rows }): RecordedStream => {
    const sorted = rows.sort((a, b) => a.atNs - b.atNs);
    return {
      name,
      kind,
      target: kind === 'ipi' ? target : null,
      atNs: Float64Array.from(sorted, (each) => each.atNs),
      processor: Uint16Array.from(sorted, (each) => each.processor),
      isrNs: Uint32Array.from(sorted, (each) => each.isrNs),
      serviceNs: Uint32Array.from(sorted, (each) => each.serviceNs),
      latencyNs: Uint32Array.from(sorted, (each) => each.latencyNs),
    };
  });

const recording = fc
  .uniqueArray(stream, { selector: (each) => each.name, maxLength: 4 })
  .map((streams): Recording => ({
    meta: {
      origin: 'some file.txt',
      format: 'ftrace',
      processors: 3,
      spanNs: SPAN_NS,
      stampResolutionNs: 1000,
    },
    processors: [processorOf(0), processorOf(1), processorOf(2)],
    streams,
  }));

/** The bytes with a digest that fits them: what an attacker would send. */
function sealed(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(0, bytes.length - 32);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

function isRefusedOrRead(bytes: Uint8Array): void {
  try {
    readRecording(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
  }
}

describe('the recording file', () => {
  it('gives back exactly what was written, and the same bytes again', () => {
    fc.assert(
      fc.property(recording, (written) => {
        const bytes = writeRecording(written);
        const read = readRecording(bytes);
        expect(read).toEqual(written);
        expect(writeRecording(read)).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });

  it('carries streams of several blocks', () => {
    const [sample] = fc.sample(recording, { numRuns: 1, seed: 1 });
    const length = 65_536 * 2 + 3;
    const long: RecordedStream = {
      name: 'softirq/NET_RX',
      kind: 'softirq',
      target: null,
      atNs: Float64Array.from({ length }, (_, i) => i * 7),
      processor: Uint16Array.from({ length }, (_, i) => i % 3),
      isrNs: new Uint32Array(length),
      serviceNs: Uint32Array.from({ length }, (_, i) => (i * 7919) % 100_000),
      latencyNs: Uint32Array.from({ length }, (_, i) => (i % 5 === 0 ? UNKNOWN_LATENCY : i)),
    };
    const written = { ...sample, streams: [long] };
    expect(readRecording(writeRecording(written))).toEqual(written);
  });

  it('refuses every truncation and every changed byte', () => {
    fc.assert(
      fc.property(recording, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, flip) => {
        const bytes = writeRecording(written);
        const cut = bytes.subarray(0, at % bytes.length);
        expect(() => readRecording(cut)).toThrow(InputError);
        const changed = Uint8Array.from(bytes);
        changed[at % bytes.length] ^= flip;
        expect(() => readRecording(changed)).toThrow(InputError);
      }),
      { numRuns: 200 },
    );
  });

  it('survives changes that carry a fitting digest', () => {
    fc.assert(
      fc.property(recording, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, flip) => {
        const bytes = writeRecording(written);
        const changed = Uint8Array.from(bytes);
        changed[at % (bytes.length - 32)] ^= flip;
        isRefusedOrRead(sealed(changed));
        isRefusedOrRead(sealed(bytes.subarray(0, 32 + (at % (bytes.length - 32)))));
      }),
      { numRuns: 300 },
    );
  });

  it('survives any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), isRefusedOrRead));
  });

  it('may be over at the instant at which it begins', () => {
    const [base] = fc.sample(recording, { numRuns: 1, seed: 2 });
    const meta = { ...base.meta, spanNs: 0 };
    const written = writeRecording({ ...base, meta, streams: [] });
    expect(readRecording(written).meta.spanNs).toBe(0);
  });

  it('says which version it knows', () => {
    const [written] = fc.sample(recording, { numRuns: 1, seed: 2 });
    const bytes = Uint8Array.from(writeRecording(written));
    bytes[8] = 9;
    expect(() => readRecording(sealed(bytes), 'x.dpcrec')).toThrow(
      /x\.dpcrec: .*version is 9, and only 3 is known/,
    );
  });

  it.each([
    ['over the limit of arrivals', '"count":1', '"count":16777217'],
    ['arrivals that are not there', '"count":1', '"count":1000000'],
    ['a name twice', '"name":"b"', '"name":"a"'],
    ['a name with an @', '"name":"b"', '"name":"@"'],
    ['a kind that there is not', '"kind":"irq"', '"kind":"toString"'],
    ['a fraction', '"spanNs":1000000', '"spanNs":1000000.5'],
    ['a target that is no processor', '"target":2', '"target":3'],
    ['a target that is no number', '"target":2', '"target":"2"'],
    ['an ipi without target', '"target":2', '"target":null'],
    ['a target that is missing', '"target":2', '"aim":2'],
    ['an irq with a target', '"kind":"irq","target":null', '"kind":"irq","target":1'],
    ['fewer processors than described', '"processors":3', '"processors":2'],
    ['no meta', '"meta"', '"__proto__"'],
    ['periods that do not add up', '"counts":[1,0,2]', '"counts":[1,0,3]'],
  ])('refuses a header with %s', (_, from, to) => {
    const [sample] = fc.sample(stream, { numRuns: 1, seed: 3 });
    const one = { ...sample, kind: 'irq' as const, target: null };
    const asked = { kind: 'ipi' as const, target: 2 };
    for (const column of ['atNs', 'processor', 'isrNs', 'serviceNs', 'latencyNs'] as const) {
      Object.assign(one, { [column]: one[column].slice(0, 1) });
    }
    const [base] = fc.sample(recording, { numRuns: 1, seed: 3 });
    const written = {
      ...base,
      streams: [
        { ...one, name: 'a' },
        { ...one, ...asked, name: 'b' },
      ],
    };
    const bytes = Buffer.from(writeRecording(written));
    const headerEnd = 16 + bytes.readUInt32LE(12);
    const before = bytes.toString('latin1', 16, headerEnd);
    const header = before.replace(from, to);
    expect(header).not.toBe(before);
    const start = Buffer.from(bytes.subarray(0, 16));
    start.writeUInt32LE(header.length, 12);
    const changed = Buffer.concat([start, Buffer.from(header), bytes.subarray(headerEnd)]);
    expect(() => readRecording(sealed(changed))).toThrow(InputError);
  });

  it('keeps the shipped example small and sound', async () => {
    const example = await readRecordingFile(EXAMPLE);
    expect(statSync(EXAMPLE).size).toBeLessThan(300_000);
    // zcat of the whole recording, first 2 s by awk: 36,760 softirqs left, 2,010 irqs, and 1,822
    // handlers of IPIs for which a request waited on their processor.
    // With them 1,029 ticks of the clock and one handler without a request.
    expect(countArrivals(example)).toBe(36_760 + 2010 + 1822 + 1030);
    const ipis = example.streams.filter((each) => each.kind === 'ipi');
    expect(ipis.map(({ name, target, atNs }) => [name, target, atNs.length])).toEqual([
      ['ipi/call-to-0', 0, 250],
      ['ipi/call-to-1', 1, 22],
      ['ipi/reschedule-to-0', 0, 1339],
      ['ipi/reschedule-to-1', 1, 211],
    ]);
    expect(example.meta).toMatchObject({ processors: 2, format: 'perf-script' });
    expect(readRecording(writeRecording(example))).toEqual(example);
  });
});
