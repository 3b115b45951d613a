import { describe, expect, it } from 'vitest';
import type { PolicyResult, ResultDocument } from '../../src/result/document.js';
import { checkOverTime } from '../../src/result/check-over-time.js';
import type { OverTimeColumns } from '../../src/result/over-time-shape.js';
import {
  appendBin,
  binAt,
  groupCount,
  groupLoads,
  groupSize,
  type OverTime,
  rowLow,
  rowOf,
  type TimeBin,
  widened,
} from '../../src/result/over-time.js';
import { timeColumns } from '../../src/result/time-columns.js';
import { Scope, Spot } from '../../src/scenario/shape.js';

/** Four bins of two processors, of which the first is the warm-up; everything fits. */
function columns(): OverTimeColumns {
  return {
    warmupNs: 100,
    binNs: 100,
    endsNs: [100, 200, 300, 350],
    arrivals: [9, 2, 3, 4],
    ipis: [9, 0, 1, 1],
    queuedNs: [5, 5, 5, 5],
    waits: {
      count: [3, 2, 0, 1],
      p50Ns: [null, null, null, null],
      p99Ns: [null, null, null, null],
      maxNs: [5, 5, 0, 5],
      lowNs: [0, 256, 512],
      counts: [
        [1, 0, 0, 1],
        [1, 2, 0, 0],
        [1, 0, 0, 0],
      ],
    },
    processors: {
      perGroup: 1,
      busyNs: [
        [100, 100, 100, 50],
        [0, 0, 0, 0],
      ],
    },
  };
}

function problemsOf(
  change: (time: OverTimeColumns) => void,
  { processors = 2, shards = 1, whole = 9 } = {},
): string[] {
  const overTime = columns();
  change(overTime);
  const counters = { arrivals: whole, ipis: 2 };
  const result = { overTime, counters, latency: { dpcWait: { count: 3 } } };
  const first = { overTime: { binNs: 100 } };
  const scope = new Scope();
  checkOverTime(
    { meta: { processors, shards }, results: [first, result] } as unknown as ResultDocument,
    result as unknown as PolicyResult,
    new Spot(scope).at('overTime'),
  );
  return scope.problems.map((problem) => JSON.stringify(problem));
}

/** Where, and the beginning of what is said. */
const said = (problems: readonly string[]): string[] =>
  problems.map((text) => {
    const { path, message } = JSON.parse(text) as { path: (string | number)[]; message: string };
    return `${[path].flat().join('.')}: ${message}`;
  });

describe('figures over time that were read', () => {
  it('have bins that follow each other, of which the last may be short', () => {
    expect(problemsOf(() => undefined)).toEqual([]);
    const only = (time: OverTimeColumns, endNs: number): void => {
      const { waits } = time;
      Object.assign(time, {
        warmupNs: 0,
        endsNs: [endNs],
        arrivals: [9],
        ipis: [2],
        queuedNs: [5],
      });
      Object.assign(waits, { count: [3], p50Ns: [null], p99Ns: [null], maxNs: [5] });
      waits.counts = [[1], [1], [1]];
      time.processors.busyNs = [[1], [0]];
    };
    expect(problemsOf((time) => only(time, 100))).toEqual([]);
    expect(problemsOf((time) => only(time, 7))).toEqual([]);
    expect(problemsOf((time) => only(time, 101))).toHaveLength(1);
    expect(problemsOf((time) => only(time, 0)).length).toBeGreaterThan(0);
  });

  it.each<[string, (time: OverTimeColumns) => void]>([
    ['endsNs.0', ({ endsNs }) => (endsNs[0] = 50)],
    ['endsNs.1', ({ endsNs }) => (endsNs[1] = 100)],
    ['endsNs.1', ({ endsNs }) => (endsNs[1] = 150)],
    ['endsNs.2', ({ endsNs }) => (endsNs[2] = 299)],
    ['endsNs.3', ({ endsNs }) => (endsNs[3] = 300)],
    ['endsNs.3', ({ endsNs }) => (endsNs[3] = 401)],
  ])('are refused at the first bin that does not: %s', (path, change) => {
    const [first] = said(
      problemsOf(
        (time) => ((time.processors.busyNs = [[], []].map(() => [0, 0, 0, 0])), change(time)),
      ),
    );
    expect(first).toContain(path);
    expect(first).toContain('no bin of 100 ns ends there');
  });

  it.each<[string, (time: OverTimeColumns) => void]>([
    ['binNs', (time) => (time.binNs = 50)],
    ['waits.lowNs.0', ({ waits }) => (waits.lowNs[0] = 1)],
    ['waits.lowNs.1', ({ waits }) => (waits.lowNs[1] = 0)],
    ['waits.lowNs.2', ({ waits }) => (waits.lowNs[2] = 256)],
    ['waits.count.0', ({ waits }) => (waits.count[0] = 4)],
    ['processors.busyNs.0.0', ({ processors }) => (processors.busyNs[0][0] = 101)],
    ['processors.busyNs.1.1', ({ processors }) => (processors.busyNs[1][1] = 101)],
    ['processors.busyNs.0.3', ({ processors }) => (processors.busyNs[0][3] = 51)],
  ])('are refused at %s', (path, change) => {
    const problems = said(problemsOf(change));
    expect(problems[0]).toContain(path);
    if (path !== 'binNs') expect(problems).toHaveLength(1);
  });

  it('are not looked at further where columns or groups do not fit', () => {
    const length = 'the columns differ in length';
    const broken = (change: (time: OverTimeColumns) => void): string[] =>
      said(problemsOf((time) => ((time.endsNs[0] = 50), change(time))));
    for (const change of [
      ({ arrivals }: OverTimeColumns) => arrivals.pop(),
      ({ processors }: OverTimeColumns) => processors.busyNs[1].pop(),
      ({ waits }: OverTimeColumns) => waits.counts[0].push(0),
      ({ waits }: OverTimeColumns) => waits.counts.pop(),
    ]) {
      const problems = broken(change);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(length);
    }
    for (const change of [
      ({ processors }: OverTimeColumns) => (processors.perGroup = 2),
      ({ processors }: OverTimeColumns) => processors.busyNs.pop(),
    ]) {
      const problems = broken(change);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain('processors: those are not the groups of 2');
    }
  });

  it('of groups of processors have the time of all of them', () => {
    const grouped = (ns: number) => (time: OverTimeColumns) => {
      time.processors = {
        perGroup: 2,
        busyNs: Array.from({ length: 65 }, () => [ns, 200, 200, 100]),
      };
    };
    expect(problemsOf(grouped(200), { processors: 130 })).toEqual([]);
    expect(problemsOf(grouped(201), { processors: 130 })).toHaveLength(65);
  });

  it('add up to what the first shard counted, which is all or a part', () => {
    const nothing = (): void => undefined;
    const [told, ...more] = said(problemsOf(nothing, { whole: 10 }));
    expect(more).toEqual([]);
    expect(told).toMatch(/after the warm-up they add up to 9 arrivals, not to 10$/);
    expect(problemsOf(nothing, { whole: 10, shards: 2 })).toEqual([]);
    expect(problemsOf(nothing, { whole: 9, shards: 2 })).toEqual([]);
    expect(said(problemsOf(nothing, { whole: 8, shards: 2 }))[0]).toMatch(
      /add up to 9 arrivals, not to at most 8$/,
    );
  });
});

const bin = (endNs: number, scale = 1): TimeBin => ({
  endNs,
  arrivals: scale,
  ipis: 2 * scale,
  queuedNs: 3 * scale,
  waits: { buckets: [5, 70], counts: [4 * scale, 5 * scale], maxNs: 6 * scale },
  busyNs: [7 * scale, 8 * scale],
});

describe('bins', () => {
  it('group processors so that there are at most 128 of them, the last perhaps smaller', () => {
    const sizes = [1, 127, 128, 129, 256, 257, 512, 513, 1000].map((n) => [
      n,
      groupSize(n),
      groupCount(n),
    ]);
    expect(sizes).toEqual([
      [1, 1, 1],
      [127, 1, 127],
      [128, 1, 128],
      [129, 2, 65],
      [256, 2, 128],
      [257, 4, 65],
      [512, 4, 128],
      [513, 8, 65],
      [1000, 8, 125],
    ]);
  });

  it('end where they end: the instant belongs to the bin before it', () => {
    const time = { warmupNs: 50, binNs: 100 };
    expect([0, 50, 51, 150, 151].map((ns) => binAt(time, ns))).toEqual([-1, -1, 0, 0, 1]);
  });

  it('that lie in one span become one, with all that both count', () => {
    const time: OverTime = { warmupNs: 0, binNs: 100, bins: [] };
    appendBin(time, bin(40));
    appendBin(time, bin(100, 10));
    appendBin(time, bin(101, 100));
    expect(time.bins).toEqual([
      {
        endNs: 100,
        arrivals: 11,
        ipis: 22,
        queuedNs: 33,
        waits: { buckets: [5, 70], counts: [44, 55], maxNs: 60 },
        busyNs: [77, 88],
      },
      bin(101, 100),
    ]);
    const apart: OverTime = { warmupNs: 0, binNs: 100, bins: [] };
    appendBin(apart, { ...bin(40), waits: { buckets: [70], counts: [1], maxNs: 9 } });
    appendBin(apart, { ...bin(80), waits: { buckets: [5, 80], counts: [2, 3], maxNs: 8 } });
    expect(apart.bins[0].waits).toEqual({ buckets: [5, 70, 80], counts: [2, 1, 3], maxNs: 9 });
  });

  it('are widened, the warm-up apart', () => {
    const bins = [30, 130, 230, 330, 350].map((endNs) => bin(endNs));
    const wide = widened({ warmupNs: 30, binNs: 100, bins }, 200);
    expect(wide.binNs).toBe(200);
    expect(wide.bins.map(({ arrivals, endNs }) => [endNs, arrivals])).toEqual([
      [30, 1],
      [230, 2],
      [350, 2],
    ]);
  });

  it('begin rows at their least ns, four to an octave and 256 ns wide below 2,048', () => {
    const rows = [0, 255, 256, 2047, 2048, 2559, 2560, 4095, 4096, 1e9].map(rowOf);
    expect(rows).toEqual([0, 0, 1, 7, 8, 8, 9, 11, 12, expect.any(Number)]);
    expect([0, 1, 7, 8, 9, 11, 12].map(rowLow)).toEqual([0, 256, 1792, 2048, 2560, 3584, 4096]);
    for (const row of [0, 5, 8, 13, 40, 90]) expect(rowOf(rowLow(row))).toBe(row);
  });

  it('say what part of its time each group was busy', () => {
    const time = columns();
    time.processors = {
      perGroup: 4,
      busyNs: [
        [100, 50, 0, 50],
        [50, 0, 0, 25],
      ],
    };
    expect(groupLoads(time, 5)).toEqual([
      { first: 0, count: 4, shares: [0.25, 0.125, 0, 0.25] },
      { first: 4, count: 1, shares: [0.5, 0, 0, 0.5] },
    ]);
    time.endsNs = [100, 100, 100, 150];
    expect(groupLoads(time, 5)[1].shares).toEqual([0.5, 0, 0, 0.5]);
  });
});

describe('columns of bins', () => {
  it('are of one width under all policies, or of none', () => {
    const fine: OverTime = {
      warmupNs: 0,
      binNs: 100,
      bins: [100, 200, 300].map((end) => bin(end)),
    };
    const wide: OverTime = { warmupNs: 0, binNs: 200, bins: [200, 300].map((end) => bin(end, 9)) };
    const [a, b] = timeColumns([fine, wide], 2);
    expect(a!.endsNs).toEqual([200, 300]);
    expect(b!.endsNs).toEqual([200, 300]);
    expect([a!.binNs, b!.binNs]).toEqual([200, 200]);
    expect(timeColumns([fine, null], 2)).toEqual([null, null]);
    expect(timeColumns([{ ...fine, bins: [] }], 2)[0]!.processors.busyNs).toEqual([]);
  });

  it('hold what the bins count, waits in rows of eight buckets', () => {
    const waits = (buckets: number[], counts: number[], maxNs: number) => ({
      buckets,
      counts,
      maxNs,
    });
    const bins: TimeBin[] = [
      { ...bin(100), waits: waits([9, 64, 70], [500, 30_000, 5_000], 2600) },
      { ...bin(200, 10), waits: waits([], [], 0) },
      { ...bin(300), waits: waits([0, 1], [3, 4], 60) },
    ];
    const [told] = timeColumns([{ warmupNs: 0, binNs: 100, bins }], 2);
    expect(told).toEqual({
      warmupNs: 0,
      binNs: 100,
      endsNs: [100, 200, 300],
      arrivals: [1, 10, 1],
      ipis: [2, 20, 2],
      queuedNs: [3, 30, 3],
      waits: {
        count: [35_500, 0, 7],
        p50Ns: [2111, null, null],
        p99Ns: [2495, null, null],
        maxNs: [2600, 0, 60],
        lowNs: [0, 256, 2048],
        counts: [
          [0, 0, 7],
          [500, 0, 0],
          [35_000, 0, 0],
        ],
      },
      processors: {
        perGroup: 1,
        busyNs: [
          [7, 70, 7],
          [8, 80, 8],
        ],
      },
    });
  });
});
