import { describe, it } from 'vitest';
import { loadOf } from '../../src/recording/dpcisr-load.js';
import { readDpcIsr } from '../../src/recording/dpcisr-report.js';
import { dpcIsrScenario, type IdleShares } from '../../src/recording/dpcisr-scenario.js';
import { chanceByProcessor } from '../../src/recording/dpcisr-until.js';
import { readIdleShares } from '../../src/recording/idle-shares.js';
import { expectGolden, hashOf } from './golden-file.js';
import { Pick } from './pick.js';

const REPORTS = 60;
const TORN = 90;
const EDGES_US = [0, 1, 2, 4, 8, 128, 256, 2048] as const;

describe('as before is', () => {
  it('the load in reports of few modules, whose counts lie at limits', () => {
    const lines = Array.from({ length: REPORTS }, (_, seed) => {
      const pick = new Pick(seed);
      return `${seed}: ${madeOf(reportText(pick), pick.flip() ? idleText(pick, 2) : null)}`;
    });
    expectGolden('loads/reports.txt', lines.join('\n') + '\n');
  });

  it('what is made of a report with a line or a digit that is wrong', () => {
    const lines = Array.from({ length: TORN }, (_, seed) => {
      const pick = new Pick(seed);
      return `${seed}: ${madeOf(tornText(reportText(new Pick(seed % 3)), pick), null, false)}`;
    });
    expectGolden('loads/torn.txt', lines.join('\n') + '\n');
  });

  it('what is read of idle shares, whole and torn', () => {
    const lines = Array.from({ length: 40 }, (_, seed) => {
      const pick = new Pick(seed);
      const text = idleText(pick, 2);
      const read = pick.flip() ? text : tornText(text, pick);
      return `${seed}: ${said(() => readIdleShares(read.split('\n'), 'idle.txt', 2).join(' '))}`;
    });
    expectGolden('loads/idle-shares.txt', lines.join('\n') + '\n');
  });
});

function said(of: () => string): string {
  try {
    return of();
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

function madeOf(text: string, idle: string | null, isTold = true): string {
  return said(() => {
    const report = readDpcIsr(text.split('\n'), 'report.txt');
    const load = loadOf(report, 'report.txt');
    const { processors } = report;
    const sharesIn = (table: string): IdleShares => ({
      shares: readIdleShares(table.split('\n'), 'idle.txt', processors),
      from: 'idle.txt',
    });
    const yaml = dpcIsrScenario(
      report,
      'report.txt',
      'A report',
      idle === null ? null : sharesIn(idle),
    );
    const chance = (['dpc', 'isr'] as const).map((kind) =>
      chanceByProcessor(load, processors, kind, 2),
    );
    return [
      ...report.doubts,
      ...yaml.split('\n').filter((line) => isTold && /^ {2}- |^until|arrivals/.test(line)),
      JSON.stringify(chance, (_, value: unknown) => {
        return typeof value === 'number' ? Number(value.toPrecision(8)) : value;
      }),
      hashOf(yaml),
    ].join('\n    ');
  });
}

/** As xperf prints it, of two processors. */
function reportText(pick: Pick): string {
  const spanUs = pick.of(200_000_000, 1e9, 1e9, 1e9);
  const names = pick.some('nic.sys', 'disk.sys', 'usb.sys', '"Unknown"', 'ntoskrnl.exe');
  const part = (title: string, modules: readonly string[]): string[] => {
    const told = modules.map((name) => ({ name, ...moduleTimes(pick) }));
    return [
      '--------------------------',
      `${title} Info`,
      'CPU Usage Summing By Module For the Whole Trace',
      `CPU Usage from 0 us to ${spanUs} us:`,
      '',
      '     CPU 0 Usage,      CPU 1 Usage,',
      '     usec      %,      usec      %, Module',
      ...told.map(({ name, usec: [a, b] }) => `   ${a}   0.06,   ${b}   0.02, ${name}`),
      '',
      ...told.flatMap(({ buckets, count, name }) => [
        `Total = ${count} for module ${name.replaceAll('"', '')}`,
        ...buckets.map(([from, to, of]) => {
          const end = to === null ? '' : ` AND <= ${to} usecs`;
          return `Elapsed Time, >  ${from} usecs${end}, ${of}, or  10.00%`;
        }),
        `Total,   ${count}`,
        '',
      ]),
    ];
  };
  const isrs = pick.flip() ? names : pick.some(...names, 'timer.sys');
  return [...part('DPC', names), ...part('Interrupt', isrs)].join('\n');
}

interface Times {
  count: number;
  usec: [number, number];
  buckets: [fromUs: number, toUs: number | null, count: number][];
}

/** Counts in some of the buckets, and a time that they have room for, or hardly. */
function moduleTimes(pick: Pick): Times {
  const buckets = pick.some(0, 2, 3, 5, 7).map((place): Times['buckets'][number] => {
    const to = EDGES_US[place + 1] ?? null;
    return [EDGES_US[place], to, pick.of(1, 2, 299, 300, 2_999, 3_000, 40_000)];
  });
  const sum = (of: (bucket: Times['buckets'][number]) => number): number =>
    buckets.reduce((total, bucket) => total + of(bucket), 0);
  const low = sum(([from, , count]) => from * count);
  const high = sum(([from, to, count]) => (to ?? 2 * from) * count);
  const time = Math.round(
    pick.of(low, low + 1, (low + high) / 2, (low + high) / 2, high, high + 9),
  );
  const first = Math.round(time * pick.of(0, 0.5, 1, 1));
  return { count: sum(([, , count]) => count), usec: [first, time - first], buckets };
}

/** As xperf prints it: per cent by processor and interval. */
function idleText(pick: Pick, processors: number): string {
  const head = [
    'StartTime',
    'EndTime',
    ...Array.from({ length: processors }, (_, i) => `Cpu ${i}`),
  ];
  const rows = Array.from({ length: pick.of(1, 2, 2, 5, 5, 0) }, (_, i) => {
    const shares = Array.from({ length: processors }, () =>
      pick.of('0.00', '100.00', '37.5', pick.of('12', '100.01')),
    );
    return [i * 1000, (i + pick.of(1, 1, 2, 0)) * 1000, ...shares].join(', ');
  });
  return ['Idle', head.join(', '), ...rows, pick.of('', 'Other table')].join('\n');
}

/** Without a line, with one twice, cut off, or with another digit. */
function tornText(text: string, pick: Pick): string {
  const lines = text.split('\n');
  const at = pick.of(...lines.keys());
  const line = lines[at];
  const digits = [...line.matchAll(/\d/g)].map(({ index }) => index);
  const place = digits.length === 0 ? 0 : pick.of(...digits);
  const changed = pick.of<string[]>(
    [],
    [line, line],
    [line.slice(0, pick.of(...line.split('').keys(), 0))],
    [line.slice(0, place) + pick.of('0', '9', '-', 'x') + line.slice(place + 1)],
    [line.slice(0, place) + pick.of('0', '9', '1') + line.slice(place + 1)],
    ['99999999999999', line],
  );
  lines.splice(at, 1, ...changed);
  return lines.join('\n');
}
