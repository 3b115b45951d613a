import { describe, expect, it } from 'vitest';
import { DumperReader } from '../../src/recording/dumper-csv.js';
import { kutraceRows } from '../../src/recording/kutrace-json.js';
import { PerfViewReader } from '../../src/recording/perfview-xml.js';
import type { SpanReader } from '../../src/recording/span-reader.js';
import { LINE } from '../../src/recording/trace-event.js';
import { WpaReader } from '../../src/recording/wpa-csv.js';

describe('rows of a table', () => {
  const kinds = (reader: SpanReader, lines: readonly string[]): string =>
    lines
      .map((line) => reader.take(line, false))
      .map((taken) => Object.entries(LINE).find(([, kind]) => kind === taken)![0])
      .join(' ');

  it.each<[string, () => SpanReader, string[], string]>([
    ['DPC of dumper', () => new DumperReader(), ['DPC, 1000000000000, 1, 1023, 0, a'], 'event'],
    [
      'late DPC of dumper',
      () => new DumperReader(),
      ['DPC, 1000000000001, 1, 0, 0, a'],
      'malformed',
    ],
    ['far DPC of dumper', () => new DumperReader(), ['DPC, 1, 1, 1024, 0, a'], 'malformed'],
    [
      'DPCs of WPA',
      () => new WpaReader('.', 't'),
      [
        'CPU,Type,Enter Time (s),Exit Time (s)',
        '1023,DPC,1000000,1000000',
        '1024,DPC,1,1',
        '0,DPC,1000000.000000001,1000001',
        '0,DPC,0,1000000',
        '0,DPC,0,1000000.000000001',
        '0,DPC,5,5',
        '0,DPC,5,4.999999999',
      ],
      'comment event malformed malformed event malformed event malformed',
    ],
    [
      'elements of PerfView',
      () => new PerfViewReader(),
      [
        '<Event MSec="1000000000.0" EventName="PerfInfo/DPC" CPU="1023" ElapsedTimeMSec="1"/>',
        '<Event MSec="1000000000.000001" EventName="PerfInfo/DPC" CPU="0" ElapsedTimeMSec="1"/>',
        '<Event MSec="1.0" EventName="PerfInfo/DPC" CPU="1024" ElapsedTimeMSec="1"/>',
        '<Event MSec="1.0" EventName="Thread/CSwitch" CPU="0"/>',
      ],
      'event malformed malformed malformed',
    ],
  ])('%s', (_, made, lines, expected) => {
    expect(kinds(made(), lines)).toBe(expected);
  });

  it("of PerfView tell durations of 0 and of less than 10 s by the routine's begin", () => {
    const reader = new PerfViewReader();
    const since = (from: string): string =>
      `<Event MSec="20000.0" EventName="PerfInfo/ISR" CPU="0" InitialTime="${from}"/>`;
    expect(
      kinds(reader, [since('20000.0'), since('20000.1'), since('10000.0'), since('10000.000001')]),
    ).toBe('event event event event');
    const { routines } = reader.spans;
    expect([...routines.durationNs.slice(0, routines.length)]).toEqual([0, 9_999_999_999]);
    expect(reader.notes()).toEqual(['2 rows have no duration: left out']);
  });

  it('of dumper may have 2,000 heads, and further ones say nothing', () => {
    const reader = new DumperReader();
    for (let i = 0; i < 1999; i++) reader.take(`Event${i}, TimeStamp, a`, false);
    reader.take('DPC, TimeStamp, CPU, ElapsedTime, ServiceAddr, Image', false);
    reader.take('Interrupt, TimeStamp, CPU, ElapsedTime, ServiceAddr, Image', false);
    reader.take('DPC, 5, 1, 2, 3, a', false);
    reader.take('Interrupt, 5, 1, 2, 3, 4, 5, 6, b', false);
    const { processor, durationNs, length } = reader.spans.routines;
    expect(length).toBe(2);
    expect([processor[0], durationNs[0], processor[1], durationNs[1]]).toEqual([1, 2000, 2, 1000]);
  });

  it('of dumper that switch threads are told by processors up to 1023', () => {
    const reader = new DumperReader();
    reader.take('CSwitch, TimeStamp, New TID, CPU', false);
    for (const row of ['5, 0, 1023', '6, 7, 1024', '7, x, 0', '8, 7, 2']) {
      reader.take(`CSwitch, ${row}`, false);
    }
    const { length, processor, isIdle } = reader.spans.switches;
    expect([length, processor[0], isIdle[0], processor[1], isIdle[1]]).toEqual([2, 1023, 1, 2, 0]);
    expect(reader.notes()).toEqual(['2 rows of CSwitch are not understood']);
  });

  it('of KUtrace are placed from 0 to a million seconds on processors up to 1023', () => {
    const row = (
      seconds: unknown,
      duration: unknown,
      processor: unknown,
      code: unknown = 7,
      name: unknown = 'a',
    ): unknown[] => [seconds, duration, processor, 1, 2, code, 3, 4, 5, name];
    const events = [
      row(0, 0, 0),
      row(1e6, 1e6, 1023),
      row(0, 0, -1),
      row(5, 0, 0, 0, 'b'),
      row(999, 0, 0, 0, ''),
      row(-0.1, 0, 0),
      row(1e6 + 1, 0, 0),
      row(0, -0.1, 0),
      row(0, 1e6 + 1, 0),
      row(0, 0, 1024),
      row('0', 0, 0),
      row(null, 0, 0),
      row(0, 0, 0, 7, 8),
      row(0, 0, 0).slice(0, 9),
      'row',
    ];
    const { rows, odd } = kutraceRows(JSON.stringify({ events }), 'k.json');
    expect(rows.map(({ seconds, processor, code }) => [seconds, processor, code])).toEqual([
      [0, 0, 7],
      [1e6, 1023, 7],
      [0, -1, 7],
      [5, 0, 0],
    ]);
    expect(odd).toBe(10);
    expect(rows[0]).toEqual({
      seconds: 0,
      durationSeconds: 0,
      processor: 0,
      pid: 1,
      code: 7,
      argument: 3,
      name: 'a',
    });
  });
});
