import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedRatios, spread, summarise } from '../../bench/statistics.js';

describe('the summary of rounds', () => {
  it('has the median and the quartiles between ranks', () => {
    expect(summarise([40, 10, 30, 20])).toEqual({
      median: 25,
      low: 17.5,
      high: 32.5,
      min: 10,
      max: 40,
      rounds: 4,
    });
    expect(summarise([5, 1, 9])).toEqual({
      median: 5,
      low: 3,
      high: 7,
      min: 1,
      max: 9,
      rounds: 3,
    });
  });

  it('of a single round is that round', () => {
    expect(summarise([7])).toEqual({ median: 7, low: 7, high: 7, min: 7, max: 7, rounds: 1 });
  });

  it('refuses none, and leaves its input alone', () => {
    expect(() => summarise([])).toThrow(RangeError);
    const samples = Object.freeze([3, 1, 2]);
    summarise(samples);
    expect(samples).toEqual([3, 1, 2]);
  });

  it('is not moved by one outlier, which shows in the maximum', () => {
    const quiet = summarise([10, 11, 10, 9, 10]);
    const disturbed = summarise([10, 11, 10, 9, 1_000]);
    expect(disturbed.median).toBe(quiet.median);
    expect(disturbed.max).toBe(1_000);
  });

  it('is ordered, and the same in any order of rounds', () => {
    const samples = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(samples, (values) => {
        const { min, low, median, high, max } = summarise(values);
        const figures = [min, low, median, high, max];
        expect(figures).toEqual(figures.toSorted((a, b) => a - b));
        expect(summarise(values.toReversed())).toEqual(summarise(values));
      }),
    );
  });
});

describe('the spread', () => {
  it('is half the distance between the quartiles, of the median', () => {
    expect(spread(summarise([40, 10, 30, 20]))).toBeCloseTo(0.3, 12);
    expect(spread(summarise([5, 5, 5]))).toBe(0);
    expect(spread(summarise([0, 0, 0]))).toBe(0);
  });
});

describe('ratios', () => {
  it('are taken round by round, so that what slows both down does not scatter them', () => {
    const slowedDown = [1, 1, 0.5, 1, 0.25];
    const fast = slowedDown.map((speed) => 12 * speed);
    const slow = slowedDown.map((speed) => 4 * speed);
    expect(spread(summarise(fast))).toBeGreaterThan(0.2);
    expect(summarise(pairedRatios(fast, slow))).toEqual({
      median: 3,
      low: 3,
      high: 3,
      min: 3,
      max: 3,
      rounds: 5,
    });
  });

  it('need as many rounds of the one as of the other', () => {
    expect(() => pairedRatios([1, 2], [1])).toThrow('2 rounds cannot be paired with 1');
  });
});
