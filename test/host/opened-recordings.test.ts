import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dpcIsrScenario } from '../../src/recording/dpcisr-scenario.js';
import { importRecording, openRecording } from '../../src/recording/import-recording.js';
import { readRecording } from '../../src/recording/read-recording.js';
import { readWholeFile } from '../../src/recording/read-whole-file.js';
import type { RecordedStream, Recording } from '../../src/recording/recording.js';
import { replayScenario } from '../../src/recording/replay.js';
import { recordingResolver } from '../../src/recording/resolve-recording.js';
import { TraceAssembler } from '../../src/recording/trace-assembler.js';
import { emptyEvent, knownIndex } from '../../src/recording/trace-event.js';
import { writeRecording } from '../../src/recording/write-recording.js';
import { parseSetting } from '../../src/scenario/setting.js';
import { QUIET_PROCESSOR } from '../fixtures/recordings/quiet-processor.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-opened-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const stream = (name: string, atNs: readonly number[]): RecordedStream => ({
  name,
  kind: name.startsWith('irq') ? 'irq' : 'softirq',
  target: null,
  atNs: Float64Array.from(atNs),
  processor: new Uint16Array(atNs.length),
  isrNs: new Uint32Array(atNs.length),
  serviceNs: Uint32Array.from(atNs, (_, i) => (i * 7919) % 100_003),
  latencyNs: new Uint32Array(atNs.length),
});

function recordingOf(...streams: RecordedStream[]): Recording {
  return {
    meta: {
      origin: 'a.txt',
      format: 'ftrace',
      processors: 1,
      spanNs: 200_000,
      stampResolutionNs: 1,
    },
    processors: [QUIET_PROCESSOR],
    streams,
  };
}

describe('a recording of the project', () => {
  it('is opened as it is, and any trace imported', async () => {
    const recording = recordingOf(stream('irq/a', [5]));
    const path = written('a.dpcrec', writeRecording(recording));
    expect(await openRecording(path)).toEqual({ recording, report: null });
  });

  it('is refused where the times of a block begin before the one before it ended', () => {
    const times = Array.from({ length: 65_537 }, (_, i) => 3 * i + ((i * 7919) % 3));
    const before = times[65_535];
    const read = (last: number): Recording => {
      const lastTimes = times.with(65_536, last);
      return readRecording(writeRecording(recordingOf(stream('irq/a', lastTimes))), 'x.dpcrec');
    };
    expect(read(before).streams[0].atNs.at(-1)).toBe(before);
    expect(() => read(before - 1)).toThrow('the times of irq/a go back');
  });

  it('is read once for each scenario that names it, and told', () => {
    const path = written('b.dpcrec', writeRecording(recordingOf(stream('irq/a', [5, 6]))));
    const told: string[] = [];
    const resolve = recordingResolver(folder, (file) => told.push(file));
    const arrivals = resolve('b.dpcrec', null);
    expect([arrivals.origin, [...arrivals.atNs]]).toEqual(['a.txt: irq/a', [5, 6]]);
    expect(resolve('./b.dpcrec', 'irq/a').atNs).toBe(arrivals.atNs);
    expect(told).toEqual([path]);
  });

  it('is replayed with settings, of the machine, its threads and its DPCs', () => {
    const recording = recordingOf(stream('irq/a', [5]), stream('softirq/b', [6]));
    const replay = (...texts: string[]) =>
      replayScenario(recording, 'name', { settings: texts.map((text) => parseSetting(text)) });
    const plain = replayScenario(recording, 'name');
    const costs = replay('machine.costs.ipiSend=9us');
    expect(costs).toEqual({
      ...plain,
      machine: { ...plain.machine, costs: { ...plain.machine.costs, ipiSendNs: 9000 } },
    });
    const threads = replay('machine.background={busy: 5us, idle: 7us}');
    expect(threads.machine.background[0]).toMatchObject({ busy: { ns: 5000 }, idle: { ns: 7000 } });
    const important = replay('sources.1.dpc.importance=high');
    expect(important.sources).toMatchObject([{ dpc: null }, { dpc: { importance: 'high' } }]);
    expect(() => replay('policies.0=vista')).toThrow(
      '--set policies.0=vista: a recording has no policies of its own (name some with --policy)',
    );
  });
});

describe("KUtrace's JSON", () => {
  const rows = [
    [1.5, 0.00001, 0, 7, 0, 0x10007, 0, 0, 0, 'a'],
    [1.50001, 0.000002, 0, 7, 0, 0x504, 0, 0, 0, 'nic'],
    [2.7, 0.000003, 1, 0, 0, 0x5ff, 3, 0, 0, 'BH:rx'],
    [1.6, 0.000001, 1, 0, 0, 0x505, 0, 0, 0, 'disk'],
    [2, 0.000002, 0, 7, 0, 0x504, 0, 0, 0, 'nic'],
    [1.7, 0.1, -1, 9, 0, 0x305, 0, 0, 0, 'wait'],
    [1.8, 0.1, 0, 0, 0, 0x206, 0, 0, 0, 'mark'],
    ['odd'],
    [999, 0, 0, 0, 0, 0, 0, 0, 0, ''],
  ];

  it.each([false, true])('has every row in its place (packed: %s)', async (gzip) => {
    const text = JSON.stringify({ tracebase: '2020', axisLabelX: 's', events: rows });
    const path = written('k.json', gzip ? gzipSync(text) : text);
    const { recording, report } = await importRecording(path);
    expect(report).toMatchObject({
      format: 'kutrace-json',
      gzip,
      textBytes: text.length,
      processors: 2,
      stampResolutionNs: 10,
      spanNs: 1_200_003_000,
      lines: { read: 8, events: 6, comments: 1, stackFrames: 0, lossMarkers: 0, malformed: 1 },
      lostEvents: 0,
      outOfOrder: 0,
      interleaved: 0,
      skipped: { mark: 1 },
      malformedLines: [],
    });
    expect(
      recording.streams.map(({ name, atNs, processor, isrNs, serviceNs }) =>
        [name, ...atNs, processor[0], isrNs[0], serviceNs[0]].join(' '),
      ),
    ).toEqual([
      'irq/disk 100000000 1 1000 0',
      'irq/nic 10000 500000000 0 2000 0',
      'softirq/NET_RX 1200000000 1 0 3000',
    ]);
  });
});

it('a recording has the beginning of a long name of a file', async () => {
  const event = (name: string): string => `a 7 [000] 1.000001: irq:${name}: vec=9\n`;
  const path = written('o'.repeat(220), event('softirq_entry') + event('softirq_exit'));
  expect((await importRecording(path)).recording.meta.origin).toBe('o'.repeat(200));
});

it('a recording without anything to replay is refused with what is in it', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const perf = names.map((name) => `a 7 [000] 1.000001: irq:${name}: x`).join('\n');
  await expect(importRecording(written('none.txt', perf))).rejects.toThrow(
    'ends in this recording; it has a, b, c, d, e (on x86 this records them: perf record',
  );
  const head = 'DPC, TimeStamp, ElapsedTime, CPU';
  const rows = [head, 'DPC, 1, , 0', 'Mark, 5, x'].join('\n');
  await expect(importRecording(written('none.csv', rows))).rejects.toThrow(
    'has a duration; it has DPC without a duration, Mark (record them: xperf -on',
  );
});

it('a pipe is read to its end, whenever its bytes come', () => {
  const path = join(mkdtempSync(join(folder, 'pipe-')), 'pipe');
  execFileSync('mkfifo', [path]);
  const writer = spawn('sh', [
    '-c',
    'sleep 0.1; (printf ab; sleep 0.1; printf c) > "$1"',
    '',
    path,
  ]);
  expect(readWholeFile(path, 3).toString()).toBe('abc');
  writer.unref();
});

it('a folder of LTTng is told from any other', async () => {
  const metadata = /this is a CTF trace, as LTTng writes it.*babeltrace2 --clock-seconds/;
  const trace = mkdtempSync(join(folder, 'lttng-'));
  mkdirSync(join(trace, 'kernel'));
  await expect(importRecording(trace)).rejects.toThrow('this is a folder, not a file');
  writeFileSync(join(trace, 'kernel', 'metadata'), '');
  await expect(importRecording(trace)).rejects.toThrow(metadata);
  await expect(importRecording(join(trace, 'kernel'))).rejects.toThrow(metadata);
});

it('sixteen handlers nest, and of more the outermost is given up', () => {
  const assembler = new TraceAssembler();
  const take = (name: string, line: number, nanoseconds: number): boolean =>
    assembler.take({
      ...emptyEvent(),
      name,
      known: knownIndex(name),
      nanoseconds,
      detail: `irq=${line} name=n${line}`,
    });
  for (let i = 0; i < 17; i++) take('irq_handler_entry', i, i);
  for (let i = 16; i >= 0; i--) take('irq_handler_exit', i, 100 - i);
  expect(assembler.counts.interrupts.arrivals).toBe(16);
  expect(assembler.counts.unpaired.irq).toEqual({ entries: 1, exits: 1 });
  const { streams } = assembler.finish(0);
  expect(streams.map(({ name }) => name)).not.toContain('irq/n0');
});

it('modules whose names look alike have sources of different names', () => {
  const times = { usec: [500_000], buckets: [{ fromUs: 4, toUs: 8, count: 5000 }], line: 1 };
  const yaml = dpcIsrScenario(
    {
      from: 'xperf',
      spanUs: 1_000_000,
      processors: 1,
      dpc: ['n?c', 'n@c', 'n\u00efc'].map((name) => ({ name, ...times, usec: [30_000] })),
      isr: [],
      doubts: [],
      measured: [],
    },
    'r.txt',
    'A report',
    null,
  );
  expect(yaml.match(/(?<=- name: ).*/g)).toEqual([
    '"n?c cpu0 dpc"',
    '"n?c cpu0 dpc 2"',
    '"n?c cpu0 dpc 3"',
  ]);
});
