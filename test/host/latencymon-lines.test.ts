import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import type { DpcIsrReport } from '../../src/recording/dpcisr-report.js';
import { looksLikeLatencyMon, readLatencyMon } from '../../src/recording/latencymon-report.js';

const SPAN = 'LatencyMon has been analyzing your system for  0:00:10  (h:mm:ss) on all processors.';

/** What a processor's routines of a kind are said to have come to. */
function lines(cpu: number, kind: 'ISR' | 'DPC', [highestUs, totalS, count]: string[]): string[] {
  return [
    `CPU ${cpu} ${kind} highest execution time (µs):  ${highestUs}`,
    `CPU ${cpu} ${kind} total execution time (s):     ${totalS}`,
    `CPU ${cpu} ${kind} count:                        ${count}`,
  ];
}

const said = (kind: 'ISR' | 'DPC', count: number): string =>
  `${kind} count (execution time <250 µs):   ${count}`;

function read(...text: string[]): DpcIsrReport {
  return readLatencyMon([...text, '____'], 'report.txt');
}

/** The durations of the DPCs of processor 0, of which all is told. */
function bucketsOf(highestUs: string, totalS: string, count: string): unknown {
  const own = lines(0, 'DPC', [highestUs, totalS, count]);
  const { dpc, doubts } = read(SPAN, ...own, said('DPC', Number(count)));
  expect(doubts).toEqual([]);
  return dpc.map(({ buckets }) =>
    buckets.map(({ count: of, fromUs, toUs }) => [fromUs, toUs, of].map((n) => +n.toFixed(6))),
  )[0];
}

describe("LatencyMon's lines", () => {
  it.each([
    ['a single one lasts as long as it was', '100', '0.0001', '1', [[99.999, 100.001, 1]]],
    ['one too short to tell is from 0 to twice it', '0.002', '0.000000002', '1', [[0, 0.004, 1]]],
    ['one a little longer is told', '0.003', '0.000000003', '1', [[0.002, 0.004, 1]]],
    [
      'the longest stands alone, the others from 0 to twice their mean',
      '10',
      '0.000012',
      '3',
      [
        [0, 2, 2],
        [9.999, 10.001, 1],
      ],
    ],
    ['all together where the longest is no longer than they', '10', '0.00003', '3', [[0, 20, 3]]],
    ['also where it just is not', '10.001', '0.000020001', '3', [[0, 13.334, 3]]],
    [
      'the others take next to nothing where it took all',
      '10',
      '0.000009',
      '3',
      [
        [0, 0.001, 2],
        [9.999, 10.001, 1],
      ],
    ],
  ])('%s', (_, highestUs, totalS, count, buckets) => {
    expect(bucketsOf(highestUs, totalS, count)).toEqual(buckets);
  });

  it('become a report with every processor and kind in its place', () => {
    const report = read(
      SPAN.replace('0:00:10', '1:02:03'),
      'Logical processors:    4',
      'Highest measured interrupt to DPC latency (µs):   160.60',
      'Average measured interrupt to DPC latency (µs):   3.25',
      said('ISR', 2),
      said('DPC', 3),
      said('DPC', 1),
      ...lines(2, 'ISR', ['7', '0.000014', '2']),
      ...lines(1, 'DPC', ['5', '0.00002', '4']),
    );
    expect(report).toEqual({
      from: 'latencymon',
      spanUs: 3_723_000_000,
      processors: 4,
      isr: [
        {
          name: 'all drivers',
          usec: [0, 0, 14, 0],
          buckets: [{ fromUs: 0, toUs: 14, count: 2 }],
          line: 1,
        },
      ],
      dpc: [
        {
          name: 'all drivers',
          usec: [0, 20, 0, 0],
          buckets: [{ fromUs: 0, toUs: 10, count: 4 }],
          line: 1,
        },
      ],
      doubts: [
        'the text ends early or has a gap: of 4 processors 2 have counts; the others count as idle',
      ],
      measured: ['highest 160.60 us', 'average 3.25 us'],
    });
  });

  it('may have counts in groups and decimal commas', () => {
    const { doubts, dpc } = read(
      SPAN,
      ...lines(0, 'DPC', ['8,5', '0,004', '1.234']),
      said('DPC', 1234),
    );
    expect(doubts).toEqual([]);
    expect(dpc[0].usec).toEqual([4000]);
    expect(dpc[0].buckets.map(({ count }) => count)).toEqual([1233, 1]);
  });

  it('have no routines on a processor without any, or that took no time', () => {
    const { dpc, isr } = read(
      SPAN,
      ...lines(0, 'DPC', ['0', '0', '5']),
      ...lines(0, 'ISR', ['0', '0', '0']),
      ...lines(1, 'ISR', ['5', '0.000005', '1']),
      said('DPC', 5),
      said('ISR', 1),
    );
    expect(dpc.map(({ buckets }) => buckets)).toEqual([[]]);
    expect(isr.map(({ buckets }) => buckets.length)).toEqual([0, 1]);
  });

  it.each([
    ['0.000021', []],
    ['0.0000215', ['CPU 0 has 2 DPCs of at most 10 us, which cannot take 21.5 us']],
  ])('are doubted where %s s do not fit, by more than a microsecond', (totalS, doubts) => {
    const report = read(SPAN, ...lines(0, 'DPC', ['10', totalS, '2']), said('DPC', 2));
    expect(report.doubts).toEqual(doubts.map((start) => expect.stringContaining(start)));
  });

  it('are left out with their kind where one of them is missing', () => {
    const [highest, total, count] = lines(1, 'DPC', ['5', '0.00001', '2']);
    const both = [...lines(0, 'DPC', ['5', '0.00001', '2']), said('DPC', 2)];
    for (const [left, name] of [
      [[highest, total], 'count'],
      [[highest, count], 'total execution time'],
    ] as const) {
      const { doubts, dpc, processors } = read(SPAN, ...left, ...both);
      expect([dpc.length, processors]).toEqual([1, 2]);
      expect(doubts).toEqual([
        `the text ends early or has a gap: CPU 1 has no line "DPC ${name}"; its DPCs are left out`,
        expect.stringContaining('of 2 processors 1 have counts'),
      ]);
    }
  });

  it('are doubted where a text ends within them, blank lines aside', () => {
    const own = lines(0, 'DPC', ['5', '0.00001', '2']);
    const text = [SPAN, said('DPC', 2), ...own, '  ', ''];
    expect(readLatencyMon(text, 'r').doubts).toEqual([
      'the text ends within the lines of CPU 0: its last number may be cut off',
    ]);
  });

  it('are believed where they and the distribution differ', () => {
    const { doubts } = read(SPAN, ...lines(0, 'DPC', ['5', '0.00001', '2']), said('ISR', 1));
    const told = (own: number, other: number, kind: string): string =>
      `the processors have ${own} ${kind}s together, and the distribution has ${other}; the ` +
      'processors are believed';
    expect(doubts).toEqual([told(2, 0, 'DPC'), told(0, 1, 'ISR')]);
  });

  it.each<[string, string[]]>([
    ['no line says for how long LatencyMon analyzed', lines(0, 'DPC', ['5', '0.00001', '2'])],
    ['no line such as "CPU 0 DPC count: 1234" tells', [SPAN]],
    ['no processor ran a DPC or an ISR that took any', [SPAN, ...lines(0, 'ISR', ['0', '0', '0'])]],
    ['1025 processors or 10000000 us are over', [SPAN, ...lines(1024, 'DPC', ['5', '0.1', '2'])]],
    [
      '1025 processors or',
      [SPAN, 'Logical processors: 1025', ...lines(0, 'DPC', ['5', '0.1', '2'])],
    ],
    [
      '1 processors or 18014400000000 us are over',
      [SPAN.replace('0:00:10', '5004:00:00'), ...lines(0, 'DPC', ['5', '0.1', '2'])],
    ],
    [
      'CPU 0 has 10000001 us of routines, and the report spans 10000000',
      [SPAN, ...lines(0, 'DPC', ['5', '10.000001', '2'])],
    ],
    ['report.txt:3: -2 is not a number from 0 up', [SPAN, '', 'CPU 0 DPC count: -2']],
  ])('are refused: %s', (message, text) => {
    expect(() => read(...text)).toThrow(message);
    expect(() => read(...text)).toThrow(InputError);
  });

  it('may say the most that a scenario has', () => {
    const at = lines(1023, 'DPC', ['10000000', '10', '1']);
    expect(read(SPAN, ...at, said('DPC', 1)).dpc[0].usec[1023]).toBe(10_000_000);
  });

  it.each([
    [SPAN, true],
    [`\ufeff${SPAN}`, true],
    ['x\n  CPU 3 ISR count: 5', true],
    ['CPU 3 DPC total execution time (s): 1', true],
    ['CPU 3 Interrupt cycle time (s): 1', false],
    ['xx LatencyMon has been analyzing your system for', false],
  ])('are known by their beginning, or by any of a processor: %s', (text, isIt) => {
    expect(looksLikeLatencyMon(text)).toBe(isIt);
  });
});
