import { describe, expect, it } from 'vitest';
import { loadOf } from '../../src/recording/dpcisr-load.js';
import type {
  DpcIsrReport,
  DurationBucket,
  ModuleTimes,
} from '../../src/recording/dpcisr-report.js';
import { dpcIsrScenario } from '../../src/recording/dpcisr-scenario.js';
import { chanceByProcessor, secondsToSimulate } from '../../src/recording/dpcisr-until.js';
import type { Durations } from '../../src/recording/load-module.js';
import { expectGolden, hashOf } from './golden-file.js';
import { Pick } from './pick.js';

const EDGES_US = [0, 1, 2, 4, 8, 512, 1024] as const;

function drawnModule(pick: Pick, name: string, processors: number): ModuleTimes {
  const buckets = pick.some(0, 1, 2, 3, 5).map((place): DurationBucket => {
    const count = pick.of(0, 1, 2, 99, 100, 298, 300, 2_900, 3_000, 40_000);
    return { fromUs: EDGES_US[place], toUs: EDGES_US[place + 1], count };
  });
  const middle = buckets.reduce((sum, { fromUs, toUs, count }) => sum + count * (fromUs + toUs), 0);
  const whole = pick.of(0, 1, Math.ceil(middle / 2), Math.ceil(middle / 2), middle);
  const first = Math.floor(whole * pick.of(0, 0.001, 0.01, 0.5, 1, 1));
  const usec = [first, whole - first, ...new Array<number>(processors - 2).fill(0)];
  const isTold = pick.of(0, 1, 1, 1) === 1;
  return { name, usec, buckets: isTold ? buckets : [], line: pick.of(7, 8, 9) };
}

function drawnReport(pick: Pick): DpcIsrReport {
  const processors = pick.of(2, 3);
  const modules = (...names: string[]): ModuleTimes[] =>
    names.map((name) => drawnModule(pick, name, processors));
  return {
    from: 'xperf',
    spanUs: pick.of(1_000_000, 2_500_000, 60_000_000, 4e14),
    processors,
    dpc: modules(...pick.some('a.sys', 'B.sys', 'c.sys', 'd.sys')),
    isr: modules(...pick.some('a.sys', 'b.sys', 'C.sys', 'e.sys')),
    doubts: [],
    measured: pick.some('highest 5 us', 'average 1 us'),
  };
}

const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(9)) : value;

function durationsText(name: string, durations: Durations | null): string {
  if (durations === null) return `${name} -`;
  const { edgesNs, factor, meanNs, weights } = durations;
  return `${name} ${JSON.stringify([meanNs, factor, edgesNs, weights], rounded)}`;
}

function madeOf(report: DpcIsrReport): string {
  const load = loadOf(report, 'r.txt');
  const { processors, spanUs } = report;
  const seconds = secondsToSimulate(load, processors, spanUs);
  const chance = (['dpc', 'isr'] as const).map((kind) =>
    chanceByProcessor(load, processors, kind, 3),
  );
  const sources = load.modules.flatMap((module) => [
    `  ${module.name}: ${module.dpcCount} DPCs, ${module.isrCount} ISRs`,
    ...module.sources.map(({ name, ratePerSecond, isRare, isPeriodic, isr, dpc }) =>
      [
        `    ${name}, ${Number(ratePerSecond.toPrecision(9))}/s${isRare ? ', rare' : ''}`,
        ...(isPeriodic ? ['periodic'] : []),
        durationsText('ISR', isr),
        durationsText('DPC', dpc),
      ].join(', '),
    ),
  ]);
  const shares = { shares: [0.5, 0.9999995, 1].slice(0, processors), from: 'x' };
  const yaml = [null, shares, { shares: [0.3, 0.3, 0.3].slice(0, processors), from: 'y' }].map(
    (idle) => hashOf(dpcIsrScenario(report, 'r.txt', 'A report', idle)),
  );
  return [
    `${seconds} s, chance ${JSON.stringify(chance, rounded)}, merged ${load.merged.join(', ')}`,
    ...load.doubts.map((doubt) => `  ${doubt}`),
    ...sources,
    `  ${yaml.join(' ')}`,
  ].join('\n');
}

function said(of: () => string): string {
  try {
    return of();
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

describe('a load model as before', () => {
  it('is made of whatever a report has of modules', () => {
    const told = Array.from({ length: 70 }, (_, seed) => {
      return `${seed}: ${said(() => madeOf(drawnReport(new Pick(seed))))}`;
    });
    expectGolden('loads/drawn.txt', told.join('\n') + '\n');
  });

  it('is made of whatever a report has of processors', () => {
    const told = Array.from({ length: 30 }, (_, seed) => {
      const pick = new Pick(seed);
      const own = (processor: number): ModuleTimes => {
        const usec = [0, 0, 0];
        usec[processor] = pick.of(0, 5, 700_000, 1_000_000);
        const count = pick.of(0, 1, 299, 300, 5_000);
        const longest = { fromUs: 99.999, toUs: 100.001, count: 1 };
        const buckets = [{ fromUs: 0, toUs: pick.of(0.001, 7, 90), count }, ...pick.some(longest)];
        return { name: 'all drivers', usec, buckets, line: 1 };
      };
      const report: DpcIsrReport = {
        ...drawnReport(pick),
        from: 'latencymon',
        processors: 3,
        dpc: pick.some(0, 1, 2).map(own),
        isr: pick.some(0, 1, 2).map(own),
      };
      return `${seed}: ${said(() => madeOf(report))}`;
    });
    expectGolden('loads/drawn-processors.txt', told.join('\n') + '\n');
  });
});

describe('a report of a large machine', () => {
  const times = (name: string, counts: number, usec: number[]): ModuleTimes => ({
    name,
    usec,
    buckets: [{ fromUs: 1, toUs: 2, count: counts }],
    line: 5,
  });
  const report = (processors: number, names: string[], count: number): DpcIsrReport => ({
    from: 'xperf',
    spanUs: 1e9,
    processors,
    dpc: names.map((name, i) =>
      times(name, count * (i + 1), new Array<number>(processors).fill(10)),
    ),
    isr: [],
    doubts: [],
    measured: [],
  });
  const made = (of: DpcIsrReport): [string[], number] => {
    const { modules } = loadOf(of, 'r.txt');
    const sources = modules.reduce((sum, module) => sum + module.sources.length, 0);
    return [modules.map(({ name }) => name), sources];
  };

  it('has up to 2,000 sources, of the modules with the most routines', () => {
    expect(made(report(1000, ['a', 'b'], 10_000))).toEqual([['a', 'b'], 2000]);
    expect(made(report(1001, ['a', 'b'], 10_000))).toEqual([['other modules'], 1001]);
    // Those with fewer than 25,600 are merged: the first two.
    expect(made(report(667, ['a', 'b', 'c'], 10_000))).toEqual([['c', 'other modules'], 1334]);
  });

  it('has none for routines that come less than once in 11.5 days', () => {
    const slow = (spanUs: number): number =>
      made({ ...report(2, ['a'], 2), spanUs, dpc: [times('a', 2, [1, 1])] })[1];
    expect(slow(1e12)).toBe(2);
    expect(slow(1e12 + 1e6)).toBe(0);
  });

  it('has pairs alone where one ISR or DPC in a thousand is left over', () => {
    const names = (isrs: number): string[] => {
      const of = report(1, ['a'], 10_000);
      const { modules } = loadOf({ ...of, isr: [times('a', isrs, [10])] }, 'r.txt');
      return modules.flatMap(({ sources }) => sources.map(({ name }) => name));
    };
    expect(names(10_010)).toEqual(['a cpu0']);
    expect(names(10_011)).toEqual(['a cpu0', 'a cpu0 isr']);
    expect(names(9_990)).toEqual(['a cpu0']);
    expect(names(9_989)).toEqual(['a cpu0', 'a cpu0 dpc']);
  });

  it('may have routines of up to 4 s', () => {
    const long = (toUs: number): DpcIsrReport => ({
      ...report(2, ['a'], 2),
      dpc: [{ ...times('a', 1, [toUs / 2, 0]), buckets: [{ fromUs: 0, toUs, count: 1 }] }],
    });
    expect(made(long(4e6))).toEqual([['a'], 1]);
    expect(() => made(long(4_000_001))).toThrow(
      'routines of "a" take up to 4.000001 s, and 4 s are allowed',
    );
  });
});
