import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { type DpcIsrReport, readDpcIsr } from '../../src/recording/dpcisr-report.js';
import { readIdleShares } from '../../src/recording/idle-shares.js';

interface Parts {
  span: string;
  heads: string[];
  rows: string[];
  isrRows: string[];
  histogram: string[];
}

/** A small report of one processor, with one of its parts another. */
function read(changes: Partial<Parts>): DpcIsrReport {
  const { span, heads, rows, isrRows, histogram }: Parts = {
    span: 'CPU Usage from 0 us to 1000 us:',
    heads: ['CPU 0 Usage,'],
    rows: ['10 0.60, nic.sys'],
    isrRows: ['5 0.60, nic.sys'],
    histogram: ['Total = 2 for module nic.sys', 'Elapsed Time, > 4 usecs AND <= 8 usecs, 2, or'],
    ...changes,
  };
  const columns = `${heads.map(() => 'usec %, ').join('')}Module`;
  const lines = [
    'DPC Info',
    span,
    heads.join(' '),
    columns,
    ...rows,
    '',
    ...histogram,
    'Interrupt Info',
    heads.join(' '),
    columns,
    ...isrRows,
  ];
  return readDpcIsr(lines, 'r.txt');
}

/** What it is refused for, with the line, or an empty text. */
function refusal(changes: Partial<Parts>): string {
  try {
    read(changes);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const [{ line, message }] = (error as InputError).problems;
    return `${line}: ${message}`;
  }
}

const bucket = (from: number, to: number | null, count: number): string =>
  `Elapsed Time, > ${from} usecs${to === null ? '' : ` AND <= ${to} usecs`}, ${count}, or 1 %`;
const histogram = (total: number, ...buckets: string[]): Partial<Parts> => ({
  histogram: [`Total = ${total} for module nic.sys`, ...buckets],
});

describe('a report of xperf', () => {
  it.each([
    ['0 us to 1000000000000 us', ''],
    ['5 us to 1000000000005 us', ''],
    [
      '0 us to 1000000000001 us',
      '2: the trace lasts 1000000000001 us, and 1 us to 11.5 days are allowed',
    ],
    ['7 us to 7 us', '2: the trace lasts 0 us, and 1 us to 11.5 days are allowed'],
    ['9 us to 7 us', '2: the trace lasts -2 us, and 1 us to 11.5 days are allowed'],
  ])('of a trace from %s is read or refused: %s', (extent, expected) => {
    expect(refusal({ span: `CPU Usage from ${extent}:` })).toBe(expected);
  });

  it('may be of 1 us', () => {
    const one = { span: 'CPU Usage from 4 us to 5 us:', rows: ['1 0.6, nic.sys'] };
    expect(refusal({ ...one, isrRows: ['0 0.6, nic.sys'] })).toBe('');
  });

  it.each<[string, Partial<Parts>, string]>([
    ['the last processor that there may be', { heads: ['CPU 1023 Usage,'] }, ''],
    [
      'a processor beyond it',
      { heads: ['CPU 1024 Usage,'] },
      '3: expected processors from 0 to 1023, each once, found "CPU 1024 Usage"',
    ],
    [
      'a processor twice',
      { heads: ['CPU 0 Usage,', 'CPU 0 Usage,'] },
      '3: expected processors from 0 to 1023, each once, found "CPU 0 Usage"',
    ],
    [
      'what is no processor',
      { heads: ['CPU 0 Usage,', 'Total,'] },
      '3: expected processors from 0 to 1023, each once, found "Total"',
    ],
    ['a row with all of the time', { rows: ['995 0.6, nic.sys'] }, ''],
    [
      'a row with more than all of it',
      { rows: ['1001 0.6, nic.sys'] },
      '5: "nic.sys" has 1,001 us on CPU 0, and the trace lasts 1,000 us',
    ],
    [
      'rows of a module with more than all of it',
      { rows: ['600 0.6, nic.sys', '401 0.6, "NIC.sys"'] },
      '6: "nic.sys" has 1,001 us on CPU 0, and the trace lasts 1,000 us',
    ],
    [
      'DPCs and ISRs with more than all of it',
      { rows: ['996 0.6, nic.sys'] },
      'null: DPCs and ISRs of CPU 0 take 1,001 us together, and the trace lasts 1,000 us',
    ],
    ['a row without a module', { rows: ['10 0.6, '] }, '5: the row has no module'],
    ['a bucket of no width', histogram(2, bucket(4, 4, 2)), '8: the bucket from 4 to 4 us with 2'],
    ['a bucket of 1 us', histogram(2, bucket(3, 4, 2)), ''],
    ['a bucket up to 11.5 days', histogram(2, bucket(0, 1e12, 2)), ''],
    [
      'a bucket beyond them',
      histogram(2, bucket(0, 1e12 + 1, 2)),
      '8: the bucket from 0 to 1000000000001 us with 2 routines is beyond what a report can have',
    ],
    ['all the routines that there may be', histogram(1e12, bucket(0, 1, 1e12)), ''],
    [
      'more than these, in two buckets',
      histogram(1e12, bucket(0, 1, 1e12), bucket(1, 2, 1)),
      '9: the bucket from 1 to 2 us with 1 routine is beyond',
    ],
    [
      'buckets that overlap',
      histogram(2, bucket(2, 4, 1), bucket(3, 8, 1)),
      '9: the bucket from 3 us begins before the one above it ends',
    ],
    ['buckets that leave a gap', histogram(2, bucket(2, 4, 1), bucket(5, 8, 1)), ''],
    ['64 buckets', histogram(64, ...Array.from({ length: 64 }, (_, i) => bucket(i, i + 1, 1))), ''],
    [
      '65 buckets',
      histogram(65, ...Array.from({ length: 65 }, (_, i) => bucket(i, i + 1, 1))),
      '72: the histogram has more than 64 buckets',
    ],
    [
      'no routine at all',
      histogram(0, bucket(0, 1, 0)),
      'null: this report has no histogram with a DPC or an ISR',
    ],
    [
      'a histogram twice',
      { histogram: ['Total = 1 for module a', bucket(0, 1, 1), 'Total = 1 for module A'] },
      '9: there is a histogram of "a" above',
    ],
    [
      'a histogram twice, of which the first is empty',
      { histogram: ['Total = 1 for module a', 'Total = 1 for module a', bucket(0, 1, 1)] },
      '',
    ],
  ])('may have, or not: %s', (_, changes, expected) => {
    const said = refusal(changes);
    expect(said.slice(0, expected.length)).toBe(expected);
    expect(said === '').toBe(expected === '');
  });

  it('has 4,096 modules at most, of names up to 150 characters', () => {
    const rows = Array.from({ length: 4096 }, (_, i) => `0 0.0, m${i}`);
    expect(read({ rows: [...rows.slice(1), '10 0.6, nic.sys'] }).dpc).toHaveLength(4096);
    expect(refusal({ rows: [...rows, '10 0.6, nic.sys'] })).toBe(
      '4101: there are more than 4,096 modules',
    );
    const { dpc } = read({ rows: ['10 0.6, nic.sys', `1 0.6, "${'n'.repeat(151)}"`] });
    expect(dpc.map(({ name }) => name.length)).toEqual([7, 150]);
  });

  it('has a last bucket without an end where its time has room for that', () => {
    const open = (from: number): DpcIsrReport['dpc'][0]['buckets'] =>
      read(histogram(2, bucket(2, 4, 1), bucket(from, null, 1))).dpc[0].buckets;
    // 10 us in all, of which the other takes 2 at least.
    expect(open(8)).toEqual([
      { fromUs: 2, toUs: 4, count: 1 },
      { fromUs: 8, toUs: 16, count: 1, isOpen: true },
    ]);
    expect(open(9)).toHaveLength(1);
    const none = read(histogram(1, bucket(2, 4, 1), bucket(99, null, 0)));
    expect(none.dpc[0].buckets[1]).toMatchObject({ fromUs: 99, count: 0 });
    expect(none.doubts).toEqual([]);
    expect(read(histogram(1, bucket(0, null, 1))).dpc[0].buckets[0].toUs).toBe(1);
  });

  it('is doubted up to a hundred times', () => {
    const wrong = Array.from({ length: 101 }, (_, i) => [
      `Total = 2 for module m${i}`,
      bucket(0, 1, 1),
    ]).flat();
    expect(read({ histogram: wrong }).doubts).toHaveLength(100);
    const all = read({ histogram: [...wrong.slice(0, 2), 'Total = 7', bucket(0, 1, 1)] });
    expect(all.doubts).toEqual([
      'line 7: the buckets of m0 hold 1 routine, and the total says 2; the buckets are believed',
      'line 9: the buckets of all modules hold 1 routine, and the total says 7; the buckets are ' +
        'believed',
    ]);
  });

  it('has rows by module behind a table of intervals, and may end within a histogram', () => {
    const lines = [
      'DPC Info',
      'CPU Usage from 0 us to 1000 us:',
      'Usage From 0 ms to 1 ms, Summing In 1 second intervals.',
      'CPU 0 Usage,',
      'usec %,',
      'CPU Usage Summing By Module For the Whole Trace',
      'CPU 0 Usage,',
      'usec %, Module',
      '10 0.6, nic.sys',
      'Total = 3 for module nic.sys',
      bucket(4, 8, 2),
    ];
    const { dpc, doubts } = readDpcIsr(lines, 'r.txt');
    expect(dpc).toEqual([
      { name: 'nic.sys', usec: [10], buckets: [{ fromUs: 4, toUs: 8, count: 2 }], line: 9 },
    ]);
    expect(doubts).toEqual([
      'line 10: the buckets of nic.sys hold 2 routines, and the total says 3; the buckets are ' +
        'believed',
      'the report has no table of ISRs; it may be cut off',
    ]);
  });

  it('has no rates without a span, or without processors', () => {
    const missing = 'null: this report has no "CPU Usage Summing By Module"';
    expect(refusal({ span: '' }).slice(0, missing.length)).toBe(
      // Any time is more than none.
      '5: "nic.sys" has 10 us on CPU 0, and the trace lasts 0 us'.slice(0, missing.length),
    );
    expect(refusal({ span: '', rows: [], isrRows: [] }).slice(0, missing.length)).toBe(missing);
    const none = ['DPC Info', 'CPU Usage from 0 us to 1000 us:', bucket(0, 1, 1)];
    expect(() => readDpcIsr(none, 'r.txt')).toThrow(/has no "CPU Usage Summing By Module"/);
  });
});

describe('idle shares', () => {
  const HEAD = 'StartTime, EndTime, Cpu 0, Cpu 1';
  const said = (...lines: string[]): string => {
    try {
      return readIdleShares(lines, 'i.txt', 2).join(' ');
    } catch (error) {
      const [{ line, message }] = (error as InputError).problems;
      return `${line}: ${message}`;
    }
  };
  const expected = 'expected a start, an end and 2 shares from 0 to 100, found';

  it.each([
    ['0, 1000000000000, 0, 100.5', '0 1'],
    ['0, 1000000000001, 0, 50', `2: ${expected} "0, 1000000000001, 0, 50"`],
    ['0, 5, 0, 100.6', `2: ${expected} "0, 5, 0, 100.6"`],
    ['0, 5, -0.1, 100', `2: ${expected} "0, 5, -0.1, 100"`],
    ['5, 4, 0, 100', `2: ${expected} "5, 4, 0, 100"`],
    ['0, 5, 0', `2: ${expected} "0, 5, 0"`],
    ['0, 5, 0, ', `2: ${expected} "0, 5, 0,"`],
    ['0, 5, 0, 5, 6', `2: ${expected} "0, 5, 0, 5, 6"`],
    ['5, 5, 0, 5', '1: no interval follows this line'],
    ['x', '1: no interval follows this line'],
  ])('of %j are read or refused: %s', (row, told) => {
    expect(said(HEAD, row)).toBe(told);
  });

  it.each([
    ['StartTime, EndTime, Cpu 0', 1],
    ['StartTime, EndTime, Cpu 0, Cpu 2', 2],
    ['StartTime, EndTime, Cpu 0, Cpu 1, Cpu 2', 3],
    ['StartTime, EndTime, Cpu 0, Cpu 0', 2],
  ])('of other processors, as %j has, are refused', (head, found) => {
    expect(said('', head, '0, 5, 1, 1')).toBe(
      `2: expected columns for CPU 0 to 1, as in the report of DPCs and ISRs, found ${found}`,
    );
  });

  it('begin with their head, and end before another table', () => {
    expect(said('x')).toBe('null: no line begins with "StartTime, EndTime, Cpu 0"');
    const rows = ['0, 10, 50, 0', '', '10, 40, 90, 100'];
    expect(said('x', HEAD, ...rows, 'Other', '40, 80, 0, 0')).toBe('0.8 0.75');
  });
});
