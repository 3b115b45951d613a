import { describe, expect, it } from 'vitest';
import { binomialRange, coverageOf, holds, valueOf } from '../../src/stats/coverage.js';
import { fitOf, histogramOf, ksDistance } from '../../src/stats/prediction.js';

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

describe('the counts that chance explains', () => {
  /** By repeated squares of what is known exactly: a binomial table, built row by row. */
  const slowRange = (n: number, p: number, chance: number): { least: number; most: number } => {
    let row = [1];
    for (let trial = 0; trial < n; trial += 1) {
      row = [...row, 0].map((here, k) => here * (1 - p) + (k === 0 ? 0 : row[k - 1] * p));
    }
    let [seen, least, most] = [0, n, n];
    for (let k = n; k >= 0; k -= 1) {
      const upTo = sum(row.slice(0, k + 1));
      if (upTo > chance / 2) least = k;
      if (upTo >= 1 - chance / 2) most = k;
      seen += row[k];
    }
    expect(seen).toBeCloseTo(1, 9);
    return { least, most };
  };

  it.each([
    [1, 0.95, 0.001],
    [2, 0.5, 0.2],
    [20, 0.95, 0.001],
    [100, 0.95, 0.001],
    [200, 0.3, 0.05],
  ])('are those of the binomial distribution: %i of %d, but for %d', (n, p, chance) => {
    expect(binomialRange(n, p, chance)).toEqual(slowRange(n, p, chance));
  });

  it('agree up to their ends, and differ beyond', () => {
    const { least, most } = slowRange(400, 0.95, 0.001);
    const judged = [least - 1, least, most, most + 1].map((held) => coverageOf('it', held, 400));
    expect(judged.map(({ verdict }) => verdict)).toEqual([
      'differs',
      'agrees',
      'agrees',
      'differs',
    ]);
    expect(judged[1]).toEqual({
      figure: 'it',
      experiments: 400,
      held: least,
      least,
      most,
      verdict: 'agrees',
    });
  });

  it('are of values that intervals hold: percentiles a bucket beyond the end as well', () => {
    const interval = { low: 1024, high: 2048 };
    const dpcWait = { p50Ns: interval, p99Ns: { low: 10, high: 20 } };
    const intervals = { latency: { dpcWait }, perThousand: { ipis: interval } } as never;
    const held = (figure: 'IPIs' | 'p50' | 'p99', ...values: number[]): boolean[] =>
      values.map((value) => holds(figure, value, { intervals }));
    expect(held('IPIs', 1023.9, 1024, 2048, 2048.1)).toEqual([false, true, true, false]);
    expect(held('p50', 1022, 1023.1, 1024, 2050, 2050.1)).toEqual([false, true, true, true, false]);
    expect(held('p99', 9, 10, 20, 1024)).toEqual([false, true, true, false]);
    expect(holds('IPIs', 1, { intervals: null })).toBe(false);
    const none = { latency: { dpcWait: { p50Ns: null } }, perThousand: { ipis: null } } as never;
    expect(holds('p50', 1, { intervals: none })).toBe(false);
    expect(holds('IPIs', 0, { intervals: none })).toBe(false);
    const result = (arrivals: number, ipis: number) =>
      ({ counters: { arrivals, ipis }, latency: { dpcWait: { p50Ns: 5, p99Ns: null } } }) as never;
    expect(valueOf('IPIs', result(4000, 10))).toBe(2.5);
    expect(valueOf('IPIs', result(0, 0))).toBeNull();
    expect([valueOf('p50', result(1, 1)), valueOf('p99', result(1, 1))]).toEqual([5, null]);
  });
});

describe('a prediction', () => {
  const many = (ns: number, more = 0): number[] => {
    return Array.from({ length: 20_000 }, (_, i) => (i < 19_000 ? ns : ns + more));
  };
  const judged = (recorded: number[], predicted: number[], stepNs = 1) => {
    const [before, seen, told] = [[1], recorded, predicted].map(histogramOf);
    const { ratio, verdict } = fitOf('it', { before, recorded: seen, predicted: told }, stepNs);
    return [Object.values(verdict), Object.values(ratio)];
  };

  it('is met up to 15 % off, of the p99 up to 30 %, and missed beyond', () => {
    // Whole ns below 1,024 have buckets of their own.
    const [met, missed] = ['met', 'missed'];
    expect(judged(many(100), many(115))[0]).toEqual([met, met, met]);
    expect(judged(many(100), many(85))[0]).toEqual([met, met, met]);
    expect(judged(many(100), many(116))[0]).toEqual([missed, missed, met]);
    expect(judged(many(100), many(84))[0]).toEqual([missed, missed, met]);
    expect(judged(many(100), many(131))).toEqual([
      [missed, missed, missed],
      [1.31, 1.31, 1.31],
    ]);
    expect(judged(many(100, 900), many(100, 200))).toEqual([
      [met, met, missed],
      [1, 1, 0.3],
    ]);
  });

  it('is not judged by stamps that are coarser than it may be off, nor by few samples', () => {
    expect(judged(many(100), many(100), 15)[0]).toEqual(['met', 'met', 'met']);
    expect(judged(many(100), many(100), 16)[0]).toEqual(['too coarse', 'too coarse', 'met']);
    expect(judged(many(100), many(100), 31)[0][2]).toBe('too coarse');
    expect(judged(many(0), many(0))[0][0]).toBe('too coarse');
    expect(judged([5], many(5))).toEqual([
      ['too few samples', 'too few samples', 'too few samples'],
      [null, null, null],
    ]);
    expect(judged(many(5), [5])[0][0]).toBe('too few samples');
  });

  it('is as far off as the cumulative distributions are apart', () => {
    const distance = (a: number[], b: number[]): number | null =>
      ksDistance(histogramOf(a), histogramOf(b));
    expect(distance([1, 2, 3, 4], [1, 2, 3, 4])).toBe(0);
    expect(distance([1, 2], [3, 4])).toBe(1);
    expect(distance([3, 4], [1, 2])).toBe(1);
    expect(distance([1, 2, 3, 4], [3, 4, 5, 6])).toBe(0.5);
    expect(distance([1, 1, 1, 9], [1, 9])).toBe(0.25);
    expect(distance([5], [1, 5, 9, 9])).toBe(0.5);
    expect([distance([], [1]), distance([1], []), distance([], [])]).toEqual([null, null, null]);
  });

  it('is made of whole ns', () => {
    expect(histogramOf([5, 3, 5, 900])).toMatchObject({
      count: 4,
      sumNs: 913n,
      minNs: 3,
      maxNs: 900,
    });
    expect([...histogramOf([5, 3, 5, 900]).counts]).toEqual([1, 2, 1]);
  });
});
