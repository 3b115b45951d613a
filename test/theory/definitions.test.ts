import { describe, expect, it } from 'vitest';
import { PairedBootstrap, type PairedColumns } from '../../src/stats/bootstrap.js';
import {
  meanInterval,
  notNegative,
  ratioInterval,
  spreadInterval,
} from '../../src/stats/interval.js';
import { normalCdf, normalQuantile } from '../../src/stats/normal.js';
import {
  availability,
  exponentialWaitQuantile,
  exponentialWaitTail,
  interruptedWait,
  lowRequestsPerTick,
  mergedIsrPeriod,
  tickWaitQuantile,
} from '../../src/stats/queueing-theory.js';
import { SeededStream } from '../../src/stats/seeded-stream.js';
import { studentTCdf, studentTQuantile } from '../../src/stats/student-t.js';

const close = (value: number, expected: number): void =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Efron's interval by its definition, a shard and a resample at a time. */
function slowInterval(figure: (shards: number[]) => number, n: number, stream: SeededStream) {
  const all = Array.from({ length: n }, (_, i) => i);
  const estimate = figure(all);
  const drawn = Array.from({ length: 2000 }, () => figure(all.map(() => stream.below(n))));
  const less = drawn.filter((value) => value < estimate).length;
  const equal = drawn.filter((value) => value === estimate).length;
  const bias = normalQuantile((less + equal / 2 + 0.5) / 2001);
  const jackknife = all.map((out) => figure(all.filter((i) => i !== out)));
  const mean = sum(jackknife) / n;
  const squares = sum(jackknife.map((value) => (mean - value) ** 2));
  const cubes = sum(jackknife.map((value) => (mean - value) ** 3));
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  const sorted = drawn.sort((a, b) => a - b);
  const t = Math.sqrt(n / (n - 1)) * studentTQuantile(0.975, n - 1);
  const [low, high] = [-t, t].map((z) => {
    const level = normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z)));
    const rank = Math.min(1999, Math.max(0, level * 2001 - 1));
    const below = Math.floor(rank);
    const above = Math.min(1999, below + 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  });
  return { low, high };
}

describe('the bootstrap', () => {
  /** Shards of uneven size, some of them far out; whole numbers, which add up exactly. */
  const column = (n: number, seed: number, skew: number): number[] => {
    const stream = new SeededStream([seed, n]);
    return Array.from({ length: n }, () => 1 + Math.round((stream.below(1000) / 20) ** skew));
  };

  it.each([
    [5, 1],
    [6, 1],
    [7, 3],
    [20, 4],
    [41, 2],
    [100, 2],
  ])('of %i shards is what its definition says', (n, skew) => {
    const columns: PairedColumns = {
      firstNumerator: column(n, 1, skew),
      firstDenominator: column(n, 2, 1),
      otherNumerator: column(n, 3, skew),
      otherDenominator: n % 2 === 0 ? column(n, 4, 1) : column(n, 4, 1).fill(1),
    };
    const of = (name: keyof PairedColumns, shards: number[]): number =>
      sum(shards.map((i) => columns[name][i]));
    const first = (shards: number[]): number =>
      of('firstNumerator', shards) / of('firstDenominator', shards);
    const other = (shards: number[]): number =>
      of('otherNumerator', shards) / of('otherDenominator', shards);
    const { difference, ratio } = new PairedBootstrap(n, [n, 9]).intervals(columns);
    const slow = [
      slowInterval((shards) => other(shards) - first(shards), n, new SeededStream([n, 9])),
      slowInterval((shards) => other(shards) / first(shards), n, new SeededStream([n, 9])),
    ];
    for (const [i, interval] of [difference!, ratio!].entries()) {
      close(interval.low, slow[i].low);
      close(interval.high, slow[i].high);
    }
  });

  it('of many shards is that of a hundred groups of neighbours', () => {
    const n = 250;
    const grouped = (values: readonly number[]): number[] => {
      const groups = Array.from({ length: 100 }, () => 0);
      values.forEach((value, i) => (groups[Math.floor((i * 100) / n)] += value));
      return groups;
    };
    const [a, b, c] = [1, 2, 3].map((seed) => column(n, seed, 2));
    const of = (columns: readonly number[][], shards: number) =>
      new PairedBootstrap(shards, [3]).intervals({
        firstNumerator: columns[0],
        firstDenominator: columns[1],
        otherNumerator: columns[2],
        otherDenominator: columns[1],
      });
    expect(of([a, b, c], n)).toEqual(of([a, b, c].map(grouped), 100));
  });

  it('does not exist where a shard alone has what is divided by', () => {
    const ones = [1, 1, 1, 1, 1];
    const of = (firstNumerator: number[], otherDenominator: number[]) =>
      new PairedBootstrap(5, [1]).intervals({
        firstNumerator,
        firstDenominator: ones,
        otherNumerator: [1, 2, 3, 4, 5],
        otherDenominator,
      });
    expect(of([3, 2, 1, 2, 3], [0, 0, 7, 0, 0])).toEqual({ difference: null, ratio: null });
    expect(of([0, 0, 7, 0, 0], ones).ratio).toBeNull();
    expect(of([0, 0, 7, 0, 0], ones).difference).not.toBeNull();
  });
});

it('the numbers that shards are drawn by are the same everywhere', () => {
  const of = (...values: number[]): number[] => {
    const stream = new SeededStream(values);
    return [...Array.from({ length: 5 }, () => stream.next()), stream.below(10), stream.below(1)];
  };
  expect([of(), of(0), of(-0), of(1, 2), of(0.1)]).toMatchInlineSnapshot(`
    [
      [
        936547149,
        324304885,
        281466407,
        4007956543,
        4136241314,
        3,
        0,
      ],
      [
        1949862051,
        762366308,
        4211682224,
        113242649,
        3250227546,
        0,
        0,
      ],
      [
        258848251,
        4071882831,
        3477837526,
        1749690124,
        4231768931,
        6,
        0,
      ],
      [
        3392276087,
        3790254728,
        3090069286,
        359807715,
        1990628682,
        0,
        0,
      ],
      [
        3410830682,
        3975233033,
        1639513629,
        799336627,
        3713174427,
        2,
        0,
      ],
    ]
  `);
});

describe('intervals of two shards', () => {
  it('exist, and are as wide as one degree of freedom makes them', () => {
    // t(0.975, 1) = 12.706; s = √2 of 1 and 3, so that s / √2 = 1.
    const half = 12.706204736174698;
    const mean = meanInterval([1, 3])!;
    close(mean.low, 2 - half);
    close(mean.high, 2 + half);
    const spread = spreadInterval(7, [1, 3])!;
    close(spread.low, 7 - half);
    const ratio = ratioInterval([1, 3], [1, 1])!;
    close(ratio.high, 2 + half);
    expect([meanInterval([]), spreadInterval(1, []), ratioInterval([], [])]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('are not below 0 where nothing is', () => {
    expect(notNegative({ low: -3, high: 2 })).toEqual({ low: 0, high: 2 });
    expect(notNegative({ low: 0.5, high: 2 })).toEqual({ low: 0.5, high: 2 });
    expect(notNegative(null)).toBeNull();
  });
});

describe('far out', () => {
  it('the normal distribution is 0 and 1, and its quantiles are found', () => {
    expect([-8.1, -8.5, -40].map(normalCdf)).toEqual([0, 0, 0]);
    expect([8.1, 8.5, 40].map(normalCdf)).toEqual([1, 1, 1]);
    expect(normalCdf(8)).toBeGreaterThan(0.999999);
    close(normalQuantile(1e-6), -4.753424308822899);
    expect(normalQuantile(0.5)).toBe(0);
  });

  it("so is Student's, which has a heavier tail", () => {
    // 1 / πt of Cauchy's.
    expect(studentTCdf(-1e6, 1) * Math.PI * 1e6).toBeCloseTo(1, 6);
    expect(studentTCdf(0, 3)).toBe(0.5);
    expect([studentTCdf(-Infinity, 3), studentTCdf(Infinity, 3)]).toEqual([0, 1]);
    // Two degrees have a closed form: t = (2p − 1) √2 / √(4 p (1 − p)).
    for (const p of [1e-6, 0.2, 0.5, 0.999]) {
      close(studentTQuantile(p, 2), ((2 * p - 1) * Math.SQRT2) / Math.sqrt(4 * p * (1 - p)));
    }
  });
});

describe('closed forms', () => {
  it('of M/M/1: the tail falls by e in E[S] / (1 − ρ), and 1 − ρ wait for nothing', () => {
    close(exponentialWaitTail(0.8, 3, 0), 0.8);
    close(exponentialWaitTail(0.8, 3, 15), 0.8 / Math.E);
    expect([0, 0.1, 0.2].map((p) => exponentialWaitQuantile(0.8, 3, p))).toEqual([0, 0, 0]);
    close(exponentialWaitQuantile(0.8, 3, 1 - 0.8 / Math.E), 15);
  });

  it('of a wait for a tick: uniform', () => {
    expect([0, 0.25, 1].map((p) => tickWaitQuantile(16, p))).toEqual([0, 4, 16]);
  });

  it('of ISRs that follow each other: the moments of a geometric number of them', () => {
    const [rate, isr] = [0.3, 2];
    const goesOn = 1 - Math.exp(-rate * isr);
    let [mean, second] = [0, 0];
    for (let n = 1; n < 400; n += 1) {
      const share = goesOn ** (n - 1) * (1 - goesOn);
      mean += share * n * isr;
      second += share * (n * isr) ** 2;
    }
    const away = mergedIsrPeriod(rate, isr);
    close(away.mean, mean);
    close(away.second, second);
  });

  it('of a server that is away at times: worked out by hand', () => {
    // Away for 2 after 8 on average, always so long: there for 0.8 of the time.
    const away = { mean: 2, second: 4 };
    const interruptions = { rate: 1 / 8, away };
    close(availability(interruptions), 0.8);
    // Service of 1 at a rate of 0.4: load 0.5. W × 0.5 = 0.4 × 1 / (2 × 0.64) + 0.2 × 4 / 4.
    const wait = interruptedWait({ rate: 0.4, service: { mean: 1, second: 1 } }, interruptions);
    close(wait, (0.4 / 1.28 + 0.2) / 0.5);
    expect(() =>
      interruptedWait({ rate: 0.8, service: { mean: 1, second: 1 } }, interruptions),
    ).toThrow(RangeError);
  });

  it('of requests of Low at each tick: by playing the ticks', () => {
    /** Ticks one after another, long after what they began with. */
    const played = (count: number, least: number, rule: 'rare' | 'slow'): number => {
      let [rate, waiting, asked] = [0, 0, 0];
      for (let tick = 0; tick < 50_040; tick += 1) {
        const isAsked = rate < least;
        // 2,520 can be divided by any short cycle.
        if (tick >= 50_040 - 2520 && isAsked) asked += count;
        const taken = waiting + (isAsked ? count : 0);
        waiting = isAsked ? 0 : count;
        rate = Math.floor((rate + (rule === 'rare' ? count : taken)) / 2);
      }
      return asked / 2520;
    };
    for (const rule of ['rare', 'slow'] as const) {
      for (const least of [0, 1, 3, 4, 8, 20]) {
        for (const count of [1, 2, 3, 4, 5, 7, 9, 21, 22]) {
          close(lowRequestsPerTick(count, least, rule), played(count, least, rule));
        }
      }
    }
  });
});
