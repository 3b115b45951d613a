import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, InputError } from '../../src/errors.js';
import { formatImportReport } from '../../src/recording/import-report.js';
import { importRecording } from '../../src/recording/import-recording.js';
import { MAX_LINE_LENGTH, readLines } from '../../src/recording/read-lines.js';
import type { Recording, StreamKind } from '../../src/recording/recording.js';
import { UNKNOWN_LATENCY } from '../../src/recording/recording.js';

const FIXTURES = join(import.meta.dirname, '../fixtures/recordings');
const fixture = (name: string): string => join(FIXTURES, name);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-import-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

function totals({ streams }: Recording, kinds: StreamKind[]): Record<string, number> {
  const chosen = streams.filter(({ kind }) => kinds.includes(kind));
  const of = (column: 'isrNs' | 'serviceNs' | 'latencyNs'): number =>
    sum(chosen.map((s) => sum(s[column].filter((ns) => ns !== UNKNOWN_LATENCY))));
  return { isrNs: of('isrNs'), serviceNs: of('serviceNs'), latencyNs: of('latencyNs') };
}

const sizes = (recording: Recording): Record<string, number> =>
  Object.fromEntries(recording.streams.map((stream) => [stream.name, stream.atNs.length]));

// The expected figures of the two cuts of real recordings were not taken from the importer: counts
// come from `zcat FILE | awk` with one array of pending and one of running vectors, by processor,
// and one of requested IPIs, by handler and target, which an entry there ends, an age of 10 ms, or
// at an age of over 100 µs an interrupt of a device or the clock there;
// sums of times from a Python script that nests spans per processor and subtracts the inner ones.
describe('perf script text', () => {
  it('imports the end of the HTTP recording, with its entry that no raise preceded', async () => {
    const { recording, report } = await importRecording(
      fixture('http-loopback-end.perf-script.txt.gz'),
    );
    expect(report).toMatchObject({
      format: 'perf-script',
      gzip: true,
      processors: 2,
      stampResolutionNs: 1,
      spanNs: 2_899_038_753,
      lines: { read: 9000, events: 9000, comments: 0, malformed: 0 },
      softirqs: {
        arrivals: 2816,
        paired: 2815,
        coalesced: 0,
        raisesWithoutEntry: 0,
        entriesWithoutRaise: 1,
      },
      interrupts: { arrivals: 1 },
      unpaired: { softirq: { entries: 0, exits: 1 }, irq: { entries: 0, exits: 0 } },
      outOfOrder: 0,
      interleaved: 0,
    });
    expect(report.used).toMatchObject({ softirq_raise: 2815, softirq_entry: 2816 });
    expect(report.ipis).toEqual({
      arrivals: 49,
      sent: 62,
      received: 49,
      paired: 49,
      merged: 2,
      unanswered: 11,
    });
    expect(sizes(recording)).toEqual({
      'ipi/call-to-0': 43,
      'ipi/call-to-1': 3,
      'ipi/reschedule-to-0': 1,
      'ipi/reschedule-to-1': 2,
      'irq/virtio0-reporting_vq': 1,
      'softirq/NET_RX': 2601,
      'softirq/RCU': 98,
      'softirq/SCHED': 73,
      'softirq/TIMER': 44,
      'vector/local_timer': 195,
    });
    expect(totals(recording, ['vector'])).toEqual({
      isrNs: 5_610_519,
      serviceNs: 0,
      latencyNs: 0,
    });
    expect(totals(recording, ['irq', 'softirq'])).toEqual({
      isrNs: 19_476,
      serviceNs: 27_438_837,
      latencyNs: 9_744_452,
    });
    expect(totals(recording, ['ipi'])).toEqual({
      isrNs: 0,
      serviceNs: 270_418,
      latencyNs: 2_397_862,
    });
    expect(recording.processors.map((each) => each.clockTicks)).toEqual([119, 76]);
    // 250 Hz; the other processor stops its clock while it is idle.
    expect(recording.processors[1].tickPeriodNs).toBeCloseTo(4e6, -4);
    expect(sum(recording.processors.map((each) => each.clockNs))).toBe(5_610_519);
    expect(sum(recording.processors.map((each) => each.ipiNs))).toBe(270_418);
  });

  it('imports the start of the quiet recording, with a raise pending at the cut', async () => {
    const { recording, report } = await importRecording(fixture('quiet-start.perf-script.txt.gz'));
    expect(report).toMatchObject({
      spanNs: 1_183_412_744,
      lines: { read: 6000, events: 6000 },
      softirqs: {
        arrivals: 1596,
        paired: 1595,
        coalesced: 0,
        raisesWithoutEntry: 1,
        entriesWithoutRaise: 1,
      },
      interrupts: { arrivals: 195 },
      ipis: { arrivals: 104, sent: 114, received: 115, paired: 104, merged: 5, unanswered: 5 },
    });
    expect(sizes(recording)).toEqual({
      'ipi/call-to-0': 15,
      'ipi/call-to-1': 1,
      'ipi/reschedule-to-0': 23,
      'ipi/reschedule-to-1': 65,
      'irq/virtio1-req.0': 195,
      'softirq/BLOCK': 195,
      'softirq/NET_RX': 1050,
      'softirq/RCU': 239,
      'softirq/SCHED': 51,
      'softirq/TIMER': 61,
      // 115 handlers of IPIs less 104 that a request led to.
      'vector/call_function_single': 10,
      'vector/local_timer': 239,
      'vector/reschedule': 1,
    });
    expect(totals(recording, ['irq', 'softirq'])).toEqual({
      isrNs: 1_198_567,
      serviceNs: 27_105_973,
      latencyNs: 9_628_519,
    });
    expect(totals(recording, ['ipi'])).toEqual({
      isrNs: 0,
      serviceNs: 281_458,
      latencyNs: 4_126_899,
    });
    expect(recording.processors.map((each) => each.clockTicks)).toEqual([133, 106]);
  });

  it('spends every nanosecond of every processor on exactly one thing', async () => {
    for (const name of ['http-loopback-end', 'quiet-start']) {
      const { recording } = await importRecording(fixture(`${name}.perf-script.txt.gz`));
      for (const each of recording.processors) {
        const spent =
          each.irqNs + each.softirqNs + each.clockNs + each.ipiNs + each.threadNs + each.idleNs;
        expect(spent).toBe(recording.meta.spanNs);
      }
      const busyNs = sum(recording.processors.map((each) => each.softirqNs));
      expect(busyNs).toBe(totals(recording, ['softirq']).serviceNs);
    }
  });

  it('reads periods, call chains, pid/tid, loss records and comments', async () => {
    const { report, recording } = await importRecording(
      written(
        'variants.txt',
        [
          '# captured on host',
          'a [1] b 12/13 [000] 9999999.000000001:       1 irq:softirq_raise: vec=3 [action=NET_RX]',
          '\tffffffff81a0b1c2 __raise_softirq_irqoff+0x72 ([kernel.kallsyms])',
          '            7f001234 main+0x4 (/bin/true)',
          '',
          '   :-1 -1 [000] 9999999.000000004: irq:softirq_entry: vec=3 [action=NET_RX]',
          'swapper 0 [000] 10000000.000000000: irq:softirq_exit: vec=3 [action=NET_RX]',
          'swapper 0 [000] 10000000.000000001: PERF_RECORD_LOST lost 17',
          'swapper 0 [000] 10000000.000000002: irq:softirq_raise: vec=99 [action=NONE]',
          'swapper 0 [000] 10000000.000000002: sched:sched_wakeup: comm=x pid=1',
        ].join('\n'),
      ),
    );
    expect(report).toMatchObject({
      lines: { read: 10, events: 4, comments: 2, stackFrames: 2, lossMarkers: 1, malformed: 1 },
      lostEvents: 17,
      skipped: { sched_wakeup: 1 },
      malformedLines: [{ line: 9 }],
    });
    const [stream] = recording.streams;
    expect([...stream.atNs]).toEqual([0]);
    expect([...stream.latencyNs]).toEqual([3]);
    expect([...stream.serviceNs]).toEqual([999_999_996]);
    expect(recording.meta.spanNs).toBe(1_000_000_001);
  });
});

describe('ftrace text', () => {
  it("reads the kernel's trace file and subtracts what interrupted a routine", async () => {
    const { recording, report } = await importRecording(fixture('hand-made.ftrace.txt'));
    expect(report).toMatchObject({
      format: 'ftrace',
      gzip: false,
      stampResolutionNs: 1000,
      spanNs: 80_000,
      lines: { read: 38, events: 24, comments: 12, lossMarkers: 1, malformed: 1 },
      skipped: { kfree_skb: 1 },
      outOfOrder: 1,
      lostEvents: 25,
      softirqs: {
        arrivals: 4,
        paired: 3,
        coalesced: 1,
        raisesWithoutEntry: 1,
        entriesWithoutRaise: 1,
      },
      unpaired: { softirq: { entries: 0, exits: 1 }, irq: { entries: 1, exits: 0 } },
      ipis: { arrivals: 1, sent: 1, received: 1, paired: 1, merged: 0, unanswered: 0 },
      malformedLines: [{ line: 36, text: 'this line was damaged' }],
    });
    const columns = recording.streams.map((s) => [
      s.name,
      s.atNs[0],
      s.processor[0],
      s.isrNs[0],
      s.serviceNs[0],
      s.latencyNs[0],
    ]);
    expect(columns).toEqual([
      // Asked for by processor 0 in the middle of BLOCK; processor 1 took 1 µs for it.
      ['ipi/reschedule-to-1', 11_000, 0, 0, 1000, 6000],
      ['irq/virtio1-req.0', 0, 0, 4000, 0, UNKNOWN_LATENCY],
      // Entered at 15 µs, left at 25 µs, interrupted by the clock for 3 µs.
      ['softirq/BLOCK', 2000, 0, 0, 7000, 3000],
      // Raised twice while pending: one arrival, at the first raise.
      ['softirq/NET_RX', 30_000, 1, 0, 5000, 5000],
      ['softirq/RCU', 70_000, 1, 0, 1000, UNKNOWN_LATENCY],
      ['softirq/TIMER', 8000, 0, 0, 4000, 8000],
      ['vector/local_timer', 7000, 0, 3000, 0, UNKNOWN_LATENCY],
    ]);
    expect(recording.processors[0]).toMatchObject({ irqNs: 4000, clockNs: 3000, ipisSent: 1 });
    expect(recording.processors[1]).toMatchObject({ ipisReceived: 1, ipiFlightNs: 6000 });
  });

  it('reads what trace-cmd report prints and takes thread switches from it', async () => {
    const { recording, report } = await importRecording(fixture('hand-made.trace-cmd.txt'));
    expect(report).toMatchObject({
      format: 'ftrace',
      stampResolutionNs: 1,
      processors: 3,
      lostEvents: 204_600,
      skipped: { sys_enter: 1 },
      ipis: { arrivals: 1, sent: 2, received: 1, paired: 1, unanswered: 1 },
    });
    expect(recording.streams.map((stream) => stream.name)).toEqual([
      'ipi/call-to-1',
      'irq/acpi-0',
      'softirq/SCHED',
    ]);
    expect(recording.processors[1]).toMatchObject({ threadNs: 10_000, ipiFlightNs: 2500 });
    expect(recording.processors[2]).toMatchObject({ idleNs: 46_999, threadNs: 0 });
  });
});

describe('the report', () => {
  it('fits 80 columns and shows no control characters', async () => {
    const names = ['hand-made.ftrace.txt', 'http-loopback-end.perf-script.txt.gz'];
    for (const name of names) {
      const { report } = await importRecording(fixture(name));
      report.malformedLines.push({ line: 7, text: `\u001b[31m${'x'.repeat(200)}` });
      const lines = formatImportReport(report);
      for (const line of lines) expect(line).toMatch(/^[\x20-\x7e…]{0,80}$/);
      expect(lines.join('\n')).toContain('entries without raise');
    }
  });
});

describe('hostile and unusable files', () => {
  it('names what is wrong', async () => {
    const rejected = async (path: string): Promise<InputError> =>
      importRecording(path).then(
        () => expect.fail('imported'),
        (error: unknown) => {
          expect(error).toBeInstanceOf(InputError);
          return error as InputError;
        },
      );
    expect((await rejected(join(folder, 'none'))).exitCode).toBe(EXIT.files);
    expect((await rejected(folder)).exitCode).toBe(EXIT.files);
    expect((await rejected(written('empty', ''))).message).toContain('there is nothing in it');
    expect((await rejected(written('blank', '\n\n'))).message).toContain('no line is an event');
    const prose = await rejected(written('prose', 'hello\nworld\n'));
    expect(prose.message).toContain('line 1 reads "hello"');
    const cut = gzipSync('x [000] '.repeat(10_000)).subarray(0, 60);
    expect((await rejected(written('cut.gz', cut))).message).toContain('gzip data are damaged');
    const useless = 'a 1 [000] 1.000001: sched:sched_wakeup: comm=x\n';
    expect((await rejected(written('useless', useless))).message).toContain('sched_wakeup');
  });

  it('cuts a line that a small gzip file blows up to 8 MiB', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.alloc(8 * 2 ** 20, 97), Buffer.from('\nnext\n')]));
    const path = written('bomb.gz', bomb);
    const seen: [number, boolean][] = [];
    const size = await readLines(path, {
      line: (text, tooLong) => seen.push([text.length, tooLong]) > 0,
    });
    expect(seen).toEqual([
      [MAX_LINE_LENGTH, true],
      [4, false],
    ]);
    expect(size).toEqual({ textBytes: 8 * 2 ** 20 + 6, gzip: true });
    await expect(importRecording(path)).rejects.toThrow(InputError);
  });

  it('keeps lines whole that fall across chunks', async () => {
    const text = Array.from({ length: 30_000 }, (_, i) => `line ${i} ${'.'.repeat(i % 60)}`);
    const seen: string[] = [];
    await readLines(written('chunks.gz', gzipSync(text.join('\r\n'))), {
      line: (line) => seen.push(line) > 0,
    });
    expect(seen).toEqual(text);
  });

  it('ends at untilNs, and when progress says so', async () => {
    const path = fixture('quiet-start.perf-script.txt.gz');
    const { recording, report } = await importRecording(path, { untilNs: 500_000_000 });
    expect(recording.meta.spanNs).toBeLessThan(500_000_000);
    expect(report.lines.read).toBeLessThan(6000);
    const line = 'a 1 [000] 1.000001: irq:softirq_entry: vec=1 [action=TIMER]\n';
    const exit = 'a 1 [000] 1.000001: irq:softirq_exit: vec=1 [action=TIMER]\n';
    const long = written('long', (line + exit).repeat(150_000));
    const stopped = await importRecording(long, { onProgress: () => false });
    expect(stopped.report.lines.read).toBe(100_000);
  });
});
