import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importRecording, type ImportOptions } from '../../src/recording/import-recording.js';
import type { ImportedRecording } from '../../src/recording/import-recording.js';
import { formatImportReport } from '../../src/recording/import-report.js';
import { UNKNOWN_LATENCY } from '../../src/recording/recording.js';
import { csvCells, decimalMark, readDecimal } from '../../src/recording/csv-cells.js';
import { runCli } from './run-cli.js';
import { start } from './run-process.js';
import {
  dumperText,
  perfViewText,
  type Ran,
  windowsSchedule,
  wpaText,
} from './windows-schedule.js';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'dpcbench-windows-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const SCHEDULE = windowsSchedule(3, 2_000_000);
const { ran } = SCHEDULE;

async function imported(
  text: string | Uint8Array,
  options: ImportOptions = {},
): Promise<ImportedRecording> {
  const path = join(folder, 'trace.txt');
  writeFileSync(path, text);
  return importRecording(path, options);
}

/** By stream: how many arrivals, and their time in ns. */
function loadOf({ recording }: ImportedRecording): Record<string, [number, number]> {
  return Object.fromEntries(
    recording.streams.map(({ name, serviceNs, isrNs }) => [
      name,
      [serviceNs.length, [...serviceNs, ...isrNs].reduce((sum, ns) => sum + ns, 0)],
    ]),
  );
}

/** What is expected of it, counted of the schedule itself. */
function expectedLoad(all: readonly Ran[]): Record<string, [number, number]> {
  const load: Record<string, [number, number]> = {};
  for (const { kind, module, routine, own } of all) {
    const name = `${kind === 'dpc' ? 'dpc' : 'irq'}/${module}!${routine}`;
    load[name] ??= [0, 0];
    load[name][0] += 1;
    load[name][1] += 100 * own;
  }
  return load;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

describe('xperf -a dumper', () => {
  it('has every routine, found to be stamped at its entry or its exit', async () => {
    for (const end of ['entry', 'exit'] as const) {
      const read = await imported(dumperText(SCHEDULE, end));
      expect(read.report.notes[0]).toMatch(`stamps are the ${end} of routines`);
      const expected = expectedLoad(ran);
      const load = loadOf(read);
      expect(Object.keys(load).sort()).toEqual(Object.keys(expected).sort());
      for (const [name, [count, ns]] of Object.entries(expected)) {
        expect(load[name][0], name).toBe(count);
        // Both ends are cut to whole microseconds.
        expect(Math.abs(load[name][1] - ns) / count, name).toBeLessThan(100);
      }
      const dpc = read.recording.streams.find(({ name }) => name.startsWith('dpc/'))!;
      expect(dpc.kind).toBe('softirq');
      expect([...dpc.latencyNs].every((ns) => ns === UNKNOWN_LATENCY)).toBe(true);
    }
  });

  it.each([false, true])('tells threads from the idle loop (PMC: %s)', async (pmc) => {
    const { recording, report } = await imported(dumperText(SCHEDULE, 'exit', pmc));
    const [processor] = recording.processors;
    const parts = ['irqNs', 'softirqNs', 'clockNs', 'ipiNs', 'threadNs', 'idleNs'] as const;
    expect(sumOf(parts.map((part) => processor[part]))).toBe(recording.meta.spanNs);
    const own = SCHEDULE.switched.filter((change) => change.processor === 0);
    const idle = own.flatMap(({ at, thread }, i) =>
      thread === 0 && i + 1 < own.length ? [[at, own[i + 1].at]] : [],
    );
    const busyInIdle = ran.filter(
      ({ processor: of, entry }) => of === 0 && idle.some(([a, b]) => entry >= a && entry < b),
    );
    const idleNs = 100 * (sumOf(idle.map(([a, b]) => b - a)) - sumOf(busyInIdle.map((r) => r.own)));
    expect(Math.abs(processor.idleNs / idleNs - 1)).toBeLessThan(0.01);
    expect(report.lostEvents).toBe(7);
    expect(report.skipped).toEqual({ MarkEvent: 1 });
    const { read, events, comments, malformed } = report.lines;
    expect(read).toBe(events + comments + malformed);
    expect(malformed).toBe(0);
  });

  it('is read as a spreadsheet leaves it, and with lone carriage returns', async () => {
    const text = dumperText(SCHEDULE, 'exit').replaceAll('std::less<int, int>', 'less');
    const plain = loadOf(await imported(text));
    const inQuotes = text.replace(/^ *(\w+), +(\w+), +(\w+)(?=,)/gm, '"$1","$2","$3"');
    expect(inQuotes).not.toBe(text);
    for (const same of [
      inQuotes,
      inQuotes.replace(/^("(?:DPC|Interrupt)","\d+","\d+)"/gm, '$1,000"'),
      text.replace(/^( *)DPC,/gm, '$1TDPC,'),
      text.replaceAll('\r', '').replaceAll('\n', '\r'),
    ]) {
      expect(loadOf(await imported(same))).toEqual(plain);
    }
  });

  it('counts every event that is not used, however many names they have', async () => {
    const names = Array.from({ length: 2_100 }, (_, i) => `Event${i}`);
    const others = [...names, ...names, 'Event0'].map((name) => `${name}, 5000, of no use`);
    const { report } = await imported(dumperText(SCHEDULE, 'exit') + others.join('\n'));
    const { MarkEvent: _, ...skipped } = report.skipped;
    expect(sumOf(Object.values(skipped))).toBe(others.length);
    expect(skipped).toMatchObject({ Event0: 3, Event1: 2 });
    expect(Object.keys(skipped)).toHaveLength(64);
    const printed = formatImportReport(report).join('\n');
    expect(printed.match(/^ {4}Event\d+ /gm)).toHaveLength(12);
    expect(printed).toMatch(/^ {4}\(further names\) +4,177$/m);
  });

  it('is told by an option which end its stamps are where it does not tell', async () => {
    const rows =
      'DPC, TimeStamp, ElapsedTime, CPU, ServiceAddr, Image!Function\n' +
      'DPC, 1000, 10, 0, 0xf, a.sys!A\nDPC, 2000, 10, 0, 0xf, a.sys!A\n' +
      'DPC, 3000, , 0, 0xf, a.sys!A\n';
    const unclear = await imported(rows);
    expect(unclear.report.notes.join('\n')).toMatch(/taken for the exit[^]*1 row has no duration/);
    expect(unclear.recording.meta.spanNs).toBe(1_010_000);
    const told = await imported(rows, { stamp: 'entry' });
    expect(told.report.notes[0]).toMatch(/for the entry of routines, as told/);
    expect(told.recording.streams[0].atNs).toEqual(Float64Array.of(0, 1_000_000));
    const path = join(folder, 'trace.txt');
    const output = join(folder, 'trace.dpcrec');
    const { code, err } = await runCli(['import', path, '-o', output, '--stamp', 'entry']);
    expect([code, err]).toEqual([0, expect.stringContaining('as told')]);
  });

  it('loses nothing to encodings and packing, and a cut file says so', async () => {
    const text = dumperText(SCHEDULE, 'exit');
    const load = loadOf(await imported(text));
    for (const bytes of [gzipSync(text), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
      expect(loadOf(await imported(bytes))).toEqual(load);
    }
    const cut = await imported(text.slice(0, text.length - 20).concat('\nDPC, 5, 1'));
    expect(cut.report.lines.malformed).toBe(1);
    await expect(imported('DPC, TimeStamp, ElapsedTime, CPU\nDPC, 1, -5, 0\n')).rejects.toThrow(
      /no DPC and no ISR in this recording has a duration/,
    );
    await expect(imported('BeginHeader\nEndHeader\n')).rejects.toThrow(/xperf -on PROC_THREAD/);
  });

  it('needs no object for each of many routines', async () => {
    const rows = Array.from(
      { length: 100_000 },
      (_, i) => `DPC, ${50 * i + 9}, ${1 + (i % 9)}, ${i % 4}, 0x0, ndis.sys!Dpc`,
    );
    writeFileSync(join(folder, 'many.csv'), rows.join('\n'));
    const args = ['import', join(folder, 'many.csv'), '-o', join(folder, 'many.dpcrec')];
    const { ended, texts } = start(args, { env: { NODE_OPTIONS: '--max-old-space-size=24' } });
    expect(await ended, texts.err).toBe(0);
    expect(texts.err).toMatch(/DPC routines \(arrivals\) +100,000/);
  }, 60_000);

  it('replays as a scenario in one step', async () => {
    writeFileSync(join(folder, 'dumper.csv'), dumperText(SCHEDULE, 'exit'));
    const { code, out } = await runCli(['run', join(folder, 'dumper.csv'), '-q']);
    expect(code).toBe(0);
    const dpcs = ran.filter(({ kind }) => kind === 'dpc').length.toLocaleString('en-US');
    expect(out.replace(/\s+/g, ' ')).toContain(`what was recorded: ${dpcs} DPCs`);
  });
});

describe('a CSV of Windows Performance Analyzer', () => {
  it.each([
    ['with exits', { mark: '.', exits: true }],
    ['with decimal commas', { mark: ',', exits: true }],
    ['without exits', { mark: '.', exits: false }],
  ] as const)('has every routine, fragments put together: %s', async (_, options) => {
    const read = await imported(wpaText(ran, options));
    expect(loadOf(read)).toEqual(expectedLoad(ran));
    const { atNs } = read.recording.streams.find(({ name }) => name.includes('KiTimer'))!;
    const first = Math.min(...ran.map(({ entry }) => entry));
    const entries = ran.filter(({ routine }) => routine === 'KiTimerExpiration');
    const expected = entries.map(({ entry }) => 100 * (entry - first)).sort((a, b) => a - b);
    expect([...atNs]).toEqual(expected);
    expect(read.report.stampResolutionNs).toBe(1);
    expect(formatImportReport(read.report).join('\n')).toMatch(/further fragments/);
  });

  it('is read by the names and units of its columns, in any order', async () => {
    const table = (head: string, ...rows: string[]): Promise<ImportedRecording> =>
      imported([head, ...rows].join('\n'));
    const expected = { 'dpc/a.sys': [1, 2500] };
    const read = await table(
      'CPU;Exclusive Duration (\ufffds);Type;DPC/ISR Enter Time (ms);Module;Count',
      '0;2,5;DPC;1.234,5;a.sys;1',
    );
    expect(loadOf(read)).toEqual(expected);
    const inUs = await table(
      'Line #,CPU,Type,Module,DPC/ISR Enter Time (µs),DPC/ISR Exit Time (µs)',
      '1,0,DPC,a.sys,"1,000,000.5",1000003',
      '2,,DPC,,,',
      '3,0,Interrupt,b.sys,2000000,',
    );
    expect(loadOf(inUs)).toEqual(expected);
    expect(inUs.report.notes.join('\n')).toMatch(/1 row has no duration[^]*1 row is a sum/);
    const inMs = await table(
      'CPU,Type,Module,DPC/ISR Enter Time (s),Exclusive Duration (ms)',
      '0,DPC,a.sys,1,900.125',
    );
    expect(loadOf(inMs)).toEqual({ 'dpc/a.sys': [1, 900_125_000] });
  });

  it('has the exclusive duration once, which stands in the row of each fragment', async () => {
    const rows = ['0,1.5,DPC,a.sys,0.25', '0,1.50025,Interrupt,b.sys,0.1', '0,1.5,DPC,a.sys,0.25'];
    const head = 'CPU,DPC/ISR Enter Time (s),Type,Module,Exclusive Duration (ms)';
    const { recording, report } = await imported([head, ...rows].join('\n'));
    expect(recording.streams.map(({ serviceNs }) => [...serviceNs])).toEqual([[250_000], [0]]);
    expect(report.notes.join('\n')).toMatch(/1 row is a further fragment/);
  });

  it('is refused where a column is missing, by its name', async () => {
    const withoutCpu =
      'DPC/ISR Enter Time (s),Type,Duration (Fragmented) (ms)\n"0,5",DPC,"0,0057"\n';
    await expect(imported(withoutCpu)).rejects.toThrow(/no column CPU.*with the columns Type, CPU/);
    await expect(imported('CPU,DPC/ISR Enter Time (s),Module\n0,1,a\n')).rejects.toThrow(
      /no column Type.*export the table DPC\/ISR/,
    );
    await expect(imported('CPU,DPC/ISR Enter Time (s),Type\n0,1,DPC\n')).rejects.toThrow(
      /no column with durations/,
    );
  });
});

describe('the XML of PerfView', () => {
  it.each(['line', 'dump'] as const)(
    'has every routine of a %s, stamped at its exit',
    async (form) => {
      const read = await imported(perfViewText(SCHEDULE, form));
      expect(loadOf(read)).toEqual(expectedLoad(ran));
      expect(read.report.skipped).toEqual({ 'Image/Load': 1 });
      expect(read.report.lines.malformed).toBe(0);
      expect(read.recording.meta.stampResolutionNs).toBe(100);
      expect(read.recording.processors[0].threadNs).toBeGreaterThan(0);
    },
  );

  it('has every routine that its window of events saves, to the microsecond', async () => {
    const read = await imported(perfViewText(SCHEDULE, 'view'));
    const expected = expectedLoad(ran);
    const load = loadOf(read);
    expect(Object.keys(load).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, [count, ns]] of Object.entries(expected)) {
      expect(load[name][0], name).toBe(count);
      // What an ISR takes of a DPC is rounded with it.
      expect(Math.abs(load[name][1] - ns) / count, name).toBeLessThan(500);
    }
    expect(read.report.skipped).toEqual({ 'Image/Load': 1 });
    expect(read.recording.meta.stampResolutionNs).toBe(1000);
    const exact = await imported(perfViewText(SCHEDULE, 'dump'));
    const threads = ({ recording }: ImportedRecording): number =>
      sumOf(recording.processors.map(({ threadNs }) => threadNs));
    expect(Math.abs(threads(read) / threads(exact) - 1)).toBeLessThan(0.01);
  });

  it('invents no duration and no processor', async () => {
    const event = (more: string): string =>
      `<Event MSec= "19.1574" TID="0" EventName="PerfInfo/DPC" ${more}/>`;
    const on0 = 'ProcessorNumber="0" Routine="0xfffff"';
    const lines = [
      event(`${on0} ElapsedTimeMSec="0.0025"`),
      event(`${on0} InitialTime="132675686690"`),
      event(on0),
      event('ElapsedTimeMSec="0.0025" Routine="0xfffff"'),
      // A dump without the event as a line tells no duration either.
      event('').replace('/>', ''),
      '  CPU="0" EventIndex="1">',
      '</Event>',
    ];
    const read = await imported(lines.join('\n'));
    expect(loadOf(read)).toEqual({ 'dpc/0xfffff': [1, 2500] });
    expect(read.report.notes).toContain('3 rows have no duration: left out');
    expect(read.report.notes.at(-1)).toMatch(/^1 row has no processor: left out; .*Save View as/);
  });

  it('reads what .NET writes of very short times', async () => {
    const line =
      '<Event MSec="1.5" EventName="PerfInfo/ISR" CPU="1" Routine="a" ElapsedTimeMSec="5E-05"/>';
    expect(loadOf(await imported(line))).toEqual({ 'irq/a': [1, 50] });
  });
});

describe("KUtrace's JSON", () => {
  const PATH = 'test/fixtures/recordings/kutrace-queue-bad.json.gz';

  it('has the interrupts, bottom halves and IPIs that a count of its rows has', async () => {
    const { recording, report } = await importRecording(PATH);
    const { gunzipSync } = await import('node:zlib');
    const rows: [number, number, number, number, number, number, ...unknown[]][] = JSON.parse(
      gunzipSync(readFileSync(PATH)).toString(),
    ).events;
    const named = (pattern: RegExp): typeof rows =>
      rows.filter((row) => pattern.test(row[9] as string));
    const ns = (of: typeof rows): number => sumOf(of.map((row) => Math.round(row[1] * 1e9)));
    const halves = named(/^BH:/);
    const softirqs = recording.streams.filter(({ kind }) => kind === 'softirq');
    expect(report.softirqs.arrivals).toBe(halves.length);
    expect(sumOf(softirqs.flatMap(({ serviceNs }) => [...serviceNs]))).toBe(ns(halves));
    expect(softirqs.map(({ name }) => name)).toContain('softirq/NET_RX');
    expect(report.interrupts.arrivals).toBe(named(/^hda_36$/).length);
    expect(report.ipis.sent).toBe(named(/^sendipi$/).length);
    expect(report.ipis.received).toBe(named(/^reschedule_ipi$/).length);
    expect(report.vectors.arrivals + report.ipis.arrivals).toBe(
      named(/^(local_timer_vector|reschedule_ipi)$/).length,
    );
    expect(recording.meta).toMatchObject({ processors: 4, stampResolutionNs: 10 });
    for (const processor of recording.processors) {
      const { irqNs, softirqNs, clockNs, ipiNs, threadNs, idleNs } = processor;
      expect(irqNs + softirqNs + clockNs + ipiNs + threadNs + idleNs).toBe(recording.meta.spanNs);
    }
  });

  it('puts a bottom half together that interrupts have cut', async () => {
    const row = (seconds: number, ns: number, code: number, name: string): unknown[] => [
      seconds,
      ns / 1e9,
      0,
      7,
      0,
      code,
      3,
      0,
      0,
      name,
    ];
    const events = [
      row(1, 1000, 0x5ff, 'BH:rx'),
      row(1.000001, 500, 0x524, 'nic'),
      row(1.0000015, 2000, 0x5ff, 'BH:rx'),
      row(1.0000035, 100, 0x5ff, 'BH:rx'),
    ];
    const { recording } = await imported(JSON.stringify({ tracebase: 'x', events }));
    const services = recording.streams.map(({ name, serviceNs, isrNs }) => [
      name,
      [...serviceNs],
      [...isrNs],
    ]);
    expect(services).toEqual([
      ['irq/nic', [0], [500]],
      ['softirq/NET_RX', [3000, 100], [0, 0]],
    ]);
  });

  it('is refused where it is cut off or has no events', async () => {
    await expect(imported('{"tracebase": "x", "events": [[1, 2')).rejects.toThrow(/no whole JSON/);
    await expect(imported('{"tracebase": "x", "events": 3}')).rejects.toThrow(/no list "events"/);
    await expect(imported('{"tracebase": "x", "events": [[], 1]}')).rejects.toThrow(/no softirq/);
  });
});

describe('numbers of tables', () => {
  it.each([
    ['39.992,941063', ','],
    ['"1,234"', null],
    ['0,081', ','],
    ['1,234,567', '.'],
    ['12.5', '.'],
    ['1234.567', '.'],
    ['17', null],
  ])('%s has the mark %s', (text, mark) => {
    expect(decimalMark(csvCells(text, ';'))).toBe(mark);
  });

  it('are exact, whatever their size', () => {
    expect(readDecimal('1 234 567,000000001', ',')).toEqual({
      whole: 1_234_567,
      billionths: 1,
      decimals: 9,
    });
    for (const odd of ['', '-1', 'x', '1e5', '1'.repeat(20)])
      expect(readDecimal(odd, '.')).toBeNull();
  });
});
