import { describe, expect, it } from 'vitest';
import { ArrivalColumns } from '../../src/recording/arrival-columns.js';
import type { RecordedStream } from '../../src/recording/recording.js';
import { StreamTable } from '../../src/recording/stream-table.js';

/** The names of streams that each have an arrival, as they were opened. */
function namesOf(open: (table: StreamTable) => number[]): string[] {
  const table = new StreamTable();
  const opened = open(table);
  opened.forEach((stream, i) => table.add(stream, i, 0, 0, 0, 0));
  const streams = table.finish(0);
  return opened.map((_, i) => streams.find(({ atNs }) => atNs.includes(i))!.name);
}

describe('streams are told apart by names', () => {
  it('of softirqs by their vector, named by the first that was seen', () => {
    const names = namesOf((table) => [
      table.softirq(3, 'vec=3 [action=NET_RX]'),
      table.softirq(3, 'vec=3'),
      table.softirq(4, 'vec=4'),
      table.softirq(0, `vec=5 [action=${'x'.repeat(61)}]`),
      table.softirq(63, 'vec=63 [action=a@b\t]'),
      table.softirq(5, 'vec=5 [action=NET_RX]'),
    ]);
    expect(names).toEqual([
      'softirq/NET_RX',
      'softirq/NET_RX',
      'softirq/vector-4',
      'softirq/vector-0',
      'softirq/a-b?',
      'softirq/NET_RX#5',
    ]);
  });

  it('of devices by line and handler', () => {
    const long = 'y'.repeat(60);
    const names = namesOf((table) => [
      table.irq(4, 'irq=4 name=nic'),
      table.irq(4, 'irq=4 name=nic '),
      table.irq(4, 'irq=4 name=other'),
      table.irq(5, 'irq=5 name=nic'),
      table.irq(6, 'irq=6'),
      table.irq(6, 'irq=6 name='),
      table.irq(7, `irq=7 name=${long}1`),
      table.irq(8, `irq=8 name=${long}2`),
      table.irq(5, 'irq=5 name=nic#5'),
      table.irq(5, 'name=nic?'),
      table.irq(5, 'name=nic\u00e9'),
      table.irq(5, 'name=nic\u00ea'),
      table.irq(5, 'name=nic\u00eb'),
    ]);
    expect(names).toEqual([
      'irq/nic',
      'irq/nic',
      'irq/other',
      'irq/nic#5',
      'irq/line-6',
      'irq/line-6',
      `irq/${long}`,
      `irq/${long}#8`,
      'irq/nic#5#5',
      'irq/nic?',
      'irq/nic?#5',
      'irq/line-5-2',
      'irq/line-5-3',
    ]);
  });

  it('of DPCs by their routine, of IPIs by handler and target, of the rest by handler', () => {
    const names = namesOf((table) => [
      table.dpc(1, 'dpc=1 name=a.sys!f'),
      table.dpc(1, 'dpc=1'),
      table.dpc(2, 'dpc=2'),
      table.dpc(3, 'dpc=3 name=a.sys!f'),
      table.ipi('call', 1),
      table.ipi('call', 1),
      table.ipi('call', 0),
      table.ipi('reschedule', 1),
      table.vector('local_timer'),
      table.vector('local_timer'),
      table.vector('irq_work'),
    ]);
    expect(names).toEqual([
      'dpc/a.sys!f',
      'dpc/a.sys!f',
      'dpc/routine-2',
      'dpc/a.sys!f#3',
      'ipi/call-to-1',
      'ipi/call-to-1',
      'ipi/call-to-0',
      'ipi/reschedule-to-1',
      'vector/local_timer',
      'vector/local_timer',
      'vector/irq_work',
    ]);
  });

  it('and stand in their order, those with arrivals', () => {
    const table = new StreamTable();
    const streams = [
      table.vector('b'),
      table.vector('none'),
      table.irq(1, ''),
      table.ipi('call', 2),
    ];
    for (const stream of [0, 2, 3]) table.add(streams[stream], 7, 1, 2, 3, 4);
    const column = { processor: Uint16Array.of(1), isrNs: Uint32Array.of(2) };
    const rest = { ...column, serviceNs: Uint32Array.of(3), latencyNs: Uint32Array.of(4) };
    expect(table.finish(5)).toEqual([
      { name: 'ipi/call-to-2', kind: 'ipi', target: 2, atNs: Float64Array.of(2), ...rest },
      { name: 'irq/line-1', kind: 'irq', target: null, atNs: Float64Array.of(2), ...rest },
      { name: 'vector/b', kind: 'vector', target: null, atNs: Float64Array.of(2), ...rest },
    ]);
  });

  it('up to 2,560 of them', () => {
    const table = new StreamTable();
    for (let i = 0; i < 2560; i++) table.vector(`v${i}`);
    expect(table.vector('v7')).toBe(7);
    expect(() => table.vector('one more')).toThrow(
      'the recording has more than 2560 interrupt handlers, vectors and targets of IPIs ' +
        '(record fewer devices)',
    );
  });
});

describe('arrivals', () => {
  const sorted = (rows: [atNs: number, processor: number][]): RecordedStream => {
    const columns = new ArrivalColumns();
    rows.forEach(([atNs, processor], i) => columns.add(atNs, processor, i, i + 1000, i + 2000));
    return columns.toStream({ name: 'a', kind: 'irq', target: null }, 3);
  };

  it.each<[string, [number, number][], number[]]>([
    ['none', [], []],
    [
      'in order',
      [
        [3, 0],
        [4, 0],
        [4, 1],
      ],
      [0, 1, 2],
    ],
    [
      'of one instant by processor',
      [
        [5, 2],
        [5, 1],
        [5, 0],
      ],
      [2, 1, 0],
    ],
    [
      'of one processor too as they came',
      [
        [5, 1],
        [5, 0],
        [5, 1],
        [5, 0],
      ],
      [1, 3, 0, 2],
    ],
    [
      'that came late',
      [
        [4, 0],
        [9, 0],
        [7, 5],
        [8, 1],
      ],
      [0, 2, 3, 1],
    ],
    [
      'the last of which came first',
      [
        [9, 0],
        [10, 0],
        [4, 3],
      ],
      [2, 0, 1],
    ],
    [
      'the first of which came last',
      [
        [9, 0],
        [4, 0],
      ],
      [1, 0],
    ],
  ])('%s are sorted', (_, rows, order) => {
    expect(sorted(rows)).toEqual({
      name: 'a',
      kind: 'irq',
      target: null,
      atNs: Float64Array.from(order, (i) => rows[i][0] - 3),
      processor: Uint16Array.from(order, (i) => rows[i][1]),
      isrNs: Uint32Array.from(order),
      serviceNs: Uint32Array.from(order, (i) => i + 1000),
      latencyNs: Uint32Array.from(order, (i) => i + 2000),
    });
  });

  it.each([63, 64, 65, 128, 129, 300])('are all there, be they %i', (count) => {
    const { atNs, processor, latencyNs } = sorted(
      Array.from({ length: count }, (_, i) => [3 + 2 * i, i % 7]),
    );
    expect(atNs).toEqual(Float64Array.from({ length: count }, (_, i) => 2 * i));
    expect(processor).toEqual(Uint16Array.from({ length: count }, (_, i) => i % 7));
    expect(latencyNs).toEqual(Uint32Array.from({ length: count }, (_, i) => i + 2000));
  });
});
