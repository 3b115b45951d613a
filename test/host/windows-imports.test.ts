import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  importRecording,
  type ImportedRecording,
  type ImportOptions,
} from '../../src/recording/import-recording.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-windows-imports-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function imported(
  lines: readonly string[],
  options: ImportOptions = {},
): Promise<ImportedRecording> {
  const path = join(folder, 'trace.csv');
  writeFileSync(path, lines.join('\n'));
  return importRecording(path, options);
}

/** By stream: when each arrived, where, and how long it took. */
function arrivalsOf({ recording }: ImportedRecording): Record<string, number[][]> {
  return Object.fromEntries(
    recording.streams.map(({ name, atNs, processor, isrNs, serviceNs }) => [
      name,
      Array.from(atNs, (ns, i) => [ns, processor[i], isrNs[i] + serviceNs[i]]),
    ]),
  );
}

const WHO =
  'who queued a DPC is not in this file: each arrives when it begins, with an unknown latency';
const NO_SWITCHES =
  'thread switches are not in this file: between routines all processors count as idle';
const unclear = (entry: number, exit: number): string =>
  `routines that cannot be: ${entry} as entries, ${exit} as exits`;

describe('a recording of Windows that lasts for seconds', () => {
  const rows = [
    'DPC, 0, 10, 0, 0x0, a.sys!A',
    'Interrupt, 1000000, 3, 1, 1, 2, 3, 0x0, b.sys!B',
    'DPC, 2500000, 1000000, 0, 0x0, a.sys!A',
    'DPC, 3999999999, 5, 2, 0x0, a.sys!A',
  ];

  it('has its routines to the nanosecond, from the first that began', async () => {
    const read = await imported(rows);
    expect(arrivalsOf(read)).toEqual({
      'dpc/a.sys!A': [
        [0, 0, 10_000],
        [1_500_010_000, 0, 1e9],
        [4_000_000_004_000, 2, 5000],
      ],
      'irq/b.sys!B': [[1_000_007_000, 1, 3000]],
    });
    expect(read.recording.meta).toEqual({
      origin: 'trace.csv',
      format: 'xperf-dumper',
      processors: 3,
      spanNs: 4_000_000_009_000,
      stampResolutionNs: 1000,
    });
    expect(read.report.notes).toEqual([
      `stamps are taken for the exit of routines, which this file does not tell (${unclear(0, 0)})`,
      WHO,
      NO_SWITCHES,
    ]);
    expect(read.report).toMatchObject({
      lines: { read: 4, events: 4, comments: 0, malformed: 0 },
      softirqs: { arrivals: 3, entriesWithoutRaise: 3 },
      interrupts: { arrivals: 1 },
      outOfOrder: 0,
      lostEvents: 0,
    });
    const [first] = read.recording.processors;
    expect([first.softirqNs, first.threadNs, first.idleNs]).toEqual([
      1_000_010_000, 0, 3_998_999_999_000,
    ]);
  });

  it('has them as entries if told so', async () => {
    const read = await imported(rows, { stamp: 'entry' });
    expect(arrivalsOf(read)['dpc/a.sys!A'].map(([atNs]) => atNs)).toEqual([
      0, 2_500_000_000, 3_999_999_999_000,
    ]);
    expect(read.report.notes[0]).toBe(
      `stamps are taken for the entry of routines, as told (${unclear(0, 0)})`,
    );
  });

  it('has finer stamps where a number has decimals', async () => {
    const { recording } = await imported([rows[0], '"DPC","1500000.25","0.5",0,0x0,"a"']);
    expect(recording.meta.stampResolutionNs).toBe(10);
    expect(recording.streams.map(({ atNs }) => [...atNs])).toEqual([[1_500_009_750], [0]]);
  });

  it('has threads by their switches, whoever is on a processor before its first', async () => {
    const { recording, report } = await imported([
      'CSwitch, TimeStamp, New TID, CPU',
      ...rows.slice(0, 3),
      'CSwitch, 1000010, 5, 0',
      'CSwitch, 1000030, 0, 0',
      'CSwitch, 1000000, 7, 1',
      'MarkEvent, 5, x',
      'MarkEvent, 6, x',
      'DPC, x, 5, 0, 0x0, a',
    ]);
    const told = recording.processors.map(({ threadNs, idleNs, softirqNs, irqNs }) => [
      threadNs,
      idleNs,
      softirqNs,
      irqNs,
    ]);
    expect(recording.meta.spanNs).toBe(2_500_010_000);
    for (const spent of told) expect(spent.reduce((sum, ns) => sum + ns, 0)).toBe(2_500_010_000);
    expect(told[1]).toEqual([2_500_010_000 - 3000, 0, 0, 3000]);
    expect(report.notes).toEqual([expect.stringMatching(/^stamps are taken/), WHO]);
    expect(report.skipped).toEqual({ MarkEvent: 2 });
    expect(report.malformedLines).toEqual([{ line: 10, text: 'DPC, x, 5, 0, 0x0, a' }]);
    expect(report.lines).toMatchObject({ read: 10, events: 8, comments: 1, malformed: 1 });
  });

  it('tells which end its stamps are, and how many routines overlap', async () => {
    const row = (at: number, us: number): string => `DPC, ${at}, ${us}, 0, 0x0, a`;
    // One after another as exits; as entries each begins within the one before.
    const exits = [row(30, 30), row(55, 25), row(75, 20), row(90, 15), row(100, 10)];
    expect((await imported(exits)).report.notes[0]).toBe(
      `stamps are the exit of routines (${unclear(4, 0)})`,
    );
    const entries = [row(0, 10), row(10, 15), row(25, 20), row(45, 25), row(70, 30)];
    expect((await imported(entries)).report.notes[0]).toBe(
      `stamps are the entry of routines (${unclear(0, 4)})`,
    );
    const overlapping = [row(10, 10), row(15, 10), row(18, 10)];
    const { report } = await imported(overlapping, { stamp: 'entry' });
    expect(report.notes).toContain('2 routines overlap an earlier one, and begin at its end');
  });
});

describe('routines that are many', () => {
  const rows = (names: readonly string[]): string[] =>
    names.map((name, i) => `DPC, ${100 * i}, 5, 0, 0x0, ${name}`);
  const streamsOf = async (names: readonly string[]): Promise<string[]> =>
    (await imported(rows(names))).recording.streams.map(({ name }) => name);

  it('have a stream each, up to 500', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `m${i % 7}.sys!f${i}`);
    expect(await streamsOf(names)).toHaveLength(500);
    expect(await streamsOf([...names, 'm7.sys!g'])).toEqual(
      Array.from({ length: 8 }, (_, i) => `dpc/m${i}.sys`),
    );
  });
});

describe('a table of WPA', () => {
  const HEAD = 'CPU;Type;DPC/ISR Enter Time (s);DPC/ISR Exit Time (s)';
  /** Numbers that may be of thousands or have decimals: only a part of one would tell. */
  const ROW = '0;DPC;1,234;1,235';
  const SEEN_BYTES = 65_536;

  it.each([-1, 0, 1])(
    'is not misread for a number that is cut at %i bytes from the end of what is seen of it',
    async (offset) => {
      const behind = 'x;';
      const row = `${ROW};${behind}`.slice(0, 19);
      expect(row).toHaveLength(19);
      const rowBytes = row.length + 1;
      const inNumber = row.indexOf(',') + 1;
      // The first row after the padding begins so that what is seen ends in or beside its number.
      const rows = 3000;
      const before = (SEEN_BYTES - inNumber + offset) % rowBytes;
      const padding = 'p'.repeat((before + rowBytes - ((HEAD.length + 1) % rowBytes)) % rowBytes);
      const lines = [`${padding}`, HEAD, ...new Array<string>(rows + 400).fill(row)];
      const { recording } = await imported(lines);
      expect(recording.meta.spanNs).toBe(1e9);
    },
  );
});
