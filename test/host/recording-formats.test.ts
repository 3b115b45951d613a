import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportedRecording } from '../../src/recording/import-recording.js';
import { importRecording } from '../../src/recording/import-recording.js';
import { PERF_COMMANDS } from '../../src/recording/record-command.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-formats-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const PERF_FIXTURE = join(
  import.meta.dirname,
  '../fixtures/recordings/quiet-start.perf-script.txt.gz',
);

function imported(lines: readonly string[]): Promise<ImportedRecording> {
  const path = join(folder, 'trace.txt');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return importRecording(path);
}

const RAISED = ['softirq_raise', 'softirq_entry', 'softirq_exit'];
const lines = (of: (event: string, i: number) => string): string[] => RAISED.map(of);

describe('the format of a text', () => {
  it("is trace-cmd without flags, though its first event is a thread's", async () => {
    const { report, recording } = await imported(
      lines(
        (event, i) =>
          `            bash-1181  [000]  1464.17996${i}: ${event}:        vec=3 [action=NET_RX]`,
      ),
    );
    expect(report).toMatchObject({
      format: 'ftrace',
      lines: { read: 3, events: 3, malformed: 0 },
      softirqs: { arrivals: 1, paired: 1 },
      skipped: {},
    });
    expect(recording.processors[0]).toMatchObject({ threadNs: 1000, softirqNs: 1000 });
  });

  it('is perf of old versions, which print no subsystem', async () => {
    const { report } = await imported(
      lines(
        (event, i) =>
          `         swapper     0 [001]  986.57277542${i}: ${event}: vec=9 [action=RCU]`,
      ),
    );
    expect(report).toMatchObject({
      format: 'perf-script',
      lines: { events: 3 },
      softirqs: { arrivals: 1 },
      skipped: {},
    });
  });

  it('is decided on more than one line', async () => {
    // Both formats read the first line: a process that has gone, or a command without a name.
    const gone = '  :-1 -1 [000] 986.000000000: irq:softirq_raise: vec=3 [action=NET_RX]';
    const perf = lines(
      (event, i) =>
        `  swapper     0 [000]   986.00000000${i + 1}: irq:${event}: vec=9 [action=RCU]`,
    );
    expect((await imported([gone, ...perf])).report).toMatchObject({
      format: 'perf-script',
      lines: { events: 4, malformed: 0 },
    });
    const ftrace = lines(
      (event, i) => `  <idle>-0  [000] d.h1. 986.00000000${i + 1}: ${event}: vec=9 [action=RCU]`,
    );
    const { report } = await imported([gone, ...ftrace]);
    expect(report).toMatchObject({ format: 'ftrace', softirqs: { arrivals: 1 } });
    expect(report.lines.read).toBe(4);
  });

  it('is found behind other lines, of which none is lost', async () => {
    const { report } = await imported([
      '# a comment',
      'noise',
      '',
      'CPU 1 is empty',
      ...lines(
        (event, i) => `  <idle>-0  [000]  986.00000000${i + 1}: ${event}: vec=9 [action=RCU]`,
      ),
    ]);
    expect(report).toMatchObject({
      format: 'ftrace',
      lines: { read: 7, events: 3, comments: 3, malformed: 1 },
      malformedLines: [{ line: 2, text: 'noise' }],
    });
  });
});

describe('the command to record', () => {
  it('asks for nothing that may not be sampled, and stands in the docs and the hint', async () => {
    const [record] = PERF_COMMANDS;
    expect(record).not.toContain("'irq_vectors:*'");
    expect(record).not.toContain('irq_work');
    const page = readFileSync(join(import.meta.dirname, '../../docs/recordings.md'), 'utf8');
    for (const command of PERF_COMMANDS) expect(page.split('\n')).toContain(command);
    expect(page).not.toContain("-e 'irq_vectors:*'");
    await expect(imported(['a 1 [000] 1.000001: sched:sched_wakeup: comm=x'])).rejects.toThrow(
      record,
    );
  });
});

describe("what babeltrace2 prints of LTTng's trace", () => {
  const PREFIX: Record<string, string> = {
    softirq: 'irq_',
    irq: '',
    local: 'x86_irq_vectors_',
    reschedule: 'x86_irq_vectors_',
    call: 'x86_irq_vectors_',
  };
  /** A line of perf as LTTng would have written it, or null: it knows no requests of IPIs. */
  function asBabeltrace(line: string): string | null {
    const [, pid, cpu, stamp, name, detail] =
      /(\d+) \[(\d+)\] +([\d.]+): +\w+:(\w+): (.*)$/.exec(line) ?? expect.fail(line);
    if (name.startsWith('ipi_')) return null;
    const [, irq, device] = /irq=(\d+)(?: name=(\S+))?/.exec(detail) ?? [];
    const vector = /vec(?:tor)?=(\d+)/.exec(detail)?.[1];
    const fields =
      irq === undefined
        ? `vec = ${vector}`
        : `irq = ${irq}${device === undefined ? ', ret = 1' : `, name = "${device}"`}`;
    const event = `${PREFIX[name.split('_')[0]]}${name}`;
    return (
      `[${stamp}] (+0.000003086) host ${event}: { cpu_id = ${Number(cpu)} }, ` +
      `{ tid = ${pid}, procname = "x" }, { ${fields} }`
    );
  }

  it('gives what perf gives of the same events', async () => {
    const perf = gunzipSync(readFileSync(PERF_FIXTURE)).toString('latin1').trim().split('\n');
    const known = perf.filter((line) => !line.includes(' ipi:'));
    const expected = await imported(known);
    const { recording, report } = await imported(
      perf.map(asBabeltrace).filter((line) => line !== null),
    );
    expect(report).toMatchObject({
      format: 'babeltrace',
      lines: { read: known.length, events: known.length, malformed: 0 },
    });
    expect(report.used).toEqual(expected.report.used);
    expect(recording.streams).toEqual(expected.recording.streams);
    expect(recording.processors).toEqual(expected.recording.processors);
  });

  it('reads times of day, switches and warnings', async () => {
    const { recording, report } = await imported([
      '[13:44:16.000000000] (+?.?????????) host irq_softirq_raise: { cpu_id = 1 }, { vec = 9 }',
      '[13:44:16.000000005] (+0.000000005) irq_softirq_entry: { cpu_id = 1 }, { vec = 9 }',
      '[13:44:16.000000009] host irq_softirq_exit: { cpu_id = 1 }, { vec = 9 }',
      '[13:44:16.000000010] (+0.000000001) host sched_switch: { cpu_id = 1 }, ' +
        '{ prev_comm = "a", prev_tid = 7, prev_prio = 20, next_comm = "swapper/1", next_tid = 0 }',
      '[13:44:16.000000030] (+0.000000020) host irq_softirq_raise: { cpu_id = 1 }, { vec = 12 }',
      'WARNING: Tracer discarded 25 events between [13:44:16.1] and [13:44:16.2] in trace "x"',
    ]);
    expect(report).toMatchObject({
      format: 'babeltrace',
      lostEvents: 25,
      lines: { events: 5, lossMarkers: 1, malformed: 0 },
      softirqs: { arrivals: 1, paired: 1, raisesWithoutEntry: 1 },
    });
    expect(recording.streams.map(({ name }) => name)).toEqual(['softirq/RCU']);
    expect(recording.processors[1]).toMatchObject({ softirqNs: 4, threadNs: 6, idleNs: 20 });
  });

  const WOKEN = 'prev_comm = "a{ }", prev_tid = 7, prev_prio = 20, prev_state = 0';
  const EVENTS: [string, string, string, string][] = [
    ['23:59:59.999999995', 'irq_softirq_raise', 'vec = 9', '9'],
    ['00:00:00.000000000', 'irq_softirq_entry', 'vec = 9', '9'],
    ['00:00:00.000000004', 'irq_softirq_exit', 'vec = 9', '9'],
    ['00:00:00.000000005', 'irq_handler_entry', 'irq = 27, name = "eth, 0"', '27, "eth, 0"'],
    ['00:00:00.000000008', 'irq_handler_exit', 'irq = 27, ret = 1', '27, 1'],
    [
      '00:00:00.000000010',
      'sched_switch',
      `${WOKEN}, next_comm = "\\", 9, {", next_tid = 0, next_prio = 20`,
      '"a{ }", 7, 20, 0, "\\", 9, {", 0, 20',
    ],
    // Who is woken up is not who runs.
    ['00:00:00.000000020', 'sched_wakeup', 'comm = "b", tid = 8', '"b", 8'],
    ['00:00:00.000000030', 'sched_wakeup', 'comm = "b", tid = 8', '"b", 8'],
  ];
  const dated = (stamp: string): string => `2024-0${stamp < '1' ? '3-01' : '2-29'} ${stamp}`;

  it.each<[string, (stamp: string, name: string, named: string, bare: string) => string]>([
    ['--clock-date', (at, name, named) => `[${at}] (+0.1) h ${name}: { cpu_id = 1 }, { ${named} }`],
    ['--names=none', (at, name, _, bare) => `[${at}] (+0.1) h ${name}: { 1 }, { ${bare} }`],
    [
      '--names=scope',
      (at, name, _, bare) =>
        `[${at}] h ${name}: stream.packet.context = { 1 }, event.fields = { ${bare} }`,
    ],
    [
      '--names=all --fields=all',
      (at, name, named) =>
        `timestamp = ${at}, delta = +0.1, trace = h, , trace:hostname = h, trace:domain = k, ` +
        `name = ${name}, stream.packet.context = { cpu_id = 1 }, event.fields = { ${named} }`,
    ],
    [
      '--fields=all',
      (at, name, named) =>
        `[${at}] (+0.1) hh:kernel:TRACE_INFO (6) ${name}: { cpu_id = 1 }, { ${named} }`,
    ],
    [
      '--color=always',
      (at, name, named) =>
        `[\x1b[1m${at}\x1b[0m] h \x1b[35m${name}\x1b[0m: { cpu_id = \x1b[34m1\x1b[0m }, ` +
        `{ ${named} }`,
    ],
  ])('is read as %s prints it, over midnight', async (_, print) => {
    const { recording, report } = await imported(
      EVENTS.map(([stamp, ...event]) => print(dated(stamp), ...event)),
    );
    expect(report).toMatchObject({
      format: 'babeltrace',
      lines: { events: EVENTS.length, malformed: 0 },
      softirqs: { arrivals: 1, paired: 1 },
      outOfOrder: 0,
      skipped: { sched_wakeup: 2 },
    });
    expect(recording.streams.map(({ name }) => name)).toEqual(['irq/eth, 0', 'softirq/RCU']);
    expect(recording.processors[1]).toMatchObject({ softirqNs: 4, irqNs: 3, idleNs: 20 });
  });

  it('needs more than cycles of a clock', async () => {
    await expect(
      imported(['[00000007633690036389] (+000000002200) h irq_softirq_entry: { cpu_id = 0 }, {}']),
    ).rejects.toThrow(/cycles of a clock.*without --clock-cycles/);
  });
});

describe('text of other systems', () => {
  it('is read in UTF-16, with a mark at its start, and with CRLF', async () => {
    const text = lines(
      (event, i) =>
        `  swapper     0 [000]   986.00000000${i + 1}: irq:${event}: vec=9 [action=RCU]`,
    ).join('\r\n');
    const utf16 = Buffer.from(text, 'utf16le');
    const path = join(folder, 'encoded.txt');
    const encodings = [
      Buffer.from(text),
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
      utf16,
      Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
      Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
      gzipSync(utf16),
    ];
    for (const bytes of encodings) {
      writeFileSync(path, bytes);
      const { report } = await importRecording(path);
      expect(report).toMatchObject({
        lines: { read: 3, events: 3 },
        softirqs: { arrivals: 1 },
        stampResolutionNs: 1,
      });
    }
  });
});

describe('a file that no importer reads', () => {
  const etlOf = (bufferBytes: number): Buffer => {
    const etl = Buffer.alloc(200);
    etl.writeUInt32LE(bufferBytes, 0);
    etl.set([2, 0, 2, 0xc0], 72);
    return etl;
  };
  const IDLE = ' StartTime,   EndTime,  Cpu 0,  Cpu 1\n 0,  1000000,  98.25,  97.50\n';
  const TRACERPT = 'Event Name,  Type,  Event ID,  Version,  Channel,  Level\r\n';
  const packet = Buffer.from([0x0a, 4, 0x40, 0x01, 0x50, 0x02]);

  it.each<[string, Buffer, RegExp, RegExp]>([
    ['perf.data', Buffer.from('PERFILE2\x68\0\0\0'), /a perf\.data file/, /perf script --ns .*-i /],
    ['trace.dat', Buffer.from('\x17\x08Dtracing6\0'), /a trace\.dat/, /trace-cmd report -t -i /],
    ['stream', Buffer.from('c11ffcc1', 'hex'), /a part of a CTF trace/, /babeltrace2 --clock-s/],
    ['metadata', Buffer.from('571dd175', 'hex'), /a part of a CTF trace/, /babeltrace2 --clock-s/],
    ['pftrace', Buffer.concat([packet, packet, packet]), /a Perfetto trace/, /traceconv systrace /],
    ['etl', etlOf(65_536), /a Windows event trace/, /xperf -i \S+ -o dpcisr\.txt -a dpcisr/],
    ['small.etl', etlOf(1024), /a Windows event trace/, /xperf -i /],
    ['idle.txt', Buffer.from(IDLE), /what "xperf -a cswitch" prints/, /REPORT --cswitch /],
    ['csv', Buffer.from(TRACERPT), /a CSV of tracerpt, which does not tell how/, /-a dpcisr/],
    ['utf16.csv', Buffer.from(`\ufeff${TRACERPT}`, 'utf16le'), /of tracerpt/, /-a dpcisr/],
    ['no-mark.csv', Buffer.from(TRACERPT, 'utf16le'), /of tracerpt/, /-a dpcisr/],
    ['utf8.csv', Buffer.from(`\ufeff${TRACERPT}`), /of tracerpt/, /-a dpcisr/],
    [
      'xp.csv',
      Buffer.from('Event Name, Type,   TID,   Clock-Time\r\n'),
      /of tracerpt/,
      /-a dpcisr/,
    ],
    ['view.csv', Buffer.from('Event Name;Time MSec;Process Name;Rest\r\n'), /PerfView/, /as XML/],
    ['zst', Buffer.from('28b52ffd00', 'hex'), /packed with zstd/, /gzip is read/],
    ['zip', Buffer.from('PK\x03\x04....'), /a ZIP archive/, /unpack it/],
  ])('%s is called by its name, with the way out', async (name, bytes, noun, wayOut) => {
    const path = join(folder, name);
    for (const content of [bytes, gzipSync(bytes)]) {
      writeFileSync(path, content);
      await expect(importRecording(path)).rejects.toThrow(noun);
      await expect(importRecording(path)).rejects.toThrow(wayOut);
    }
  });

  it('may be a folder of LTTng', async () => {
    const trace = join(folder, 'lttng');
    mkdirSync(join(trace, 'kernel'), { recursive: true });
    await expect(importRecording(trace)).rejects.toThrow(/this is a folder/);
    writeFileSync(join(trace, 'kernel', 'metadata'), '');
    await expect(importRecording(trace)).rejects.toThrow(/CTF trace.*babeltrace2 .*lttng >/);
  });

  it('is not seen in text', async () => {
    const path = join(folder, 'text');
    for (const text of ['\n'.repeat(16), 'hello\n', '\n'.repeat(99)]) {
      writeFileSync(path, text);
      await expect(importRecording(path)).rejects.toThrow(/no line is an event/);
    }
    writeFileSync(path, '');
    await expect(importRecording(path)).rejects.toThrow(/there is nothing in it/);
  });
});
