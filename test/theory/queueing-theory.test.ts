import { describe, expect, it } from 'vitest';
import {
  availability,
  constantMoments,
  exponentialMoments,
  exponentialWaitQuantile,
  exponentialWaitTail,
  headOfLineWaits,
  interruptedWait,
  lowRequestsPerTick,
  meanWait,
  mergedIsrPeriod,
  mixtureMoments,
  settledRate,
} from '../../src/stats/queueing-theory.js';

const LOADS = [0.1, 0.5, 0.9];

describe('closed forms', () => {
  it.each(LOADS)('give the textbook waits at load %s', (rho) => {
    // M/M/1: ρ / (1 − ρ) services; M/D/1 half of that.
    expect(meanWait(rho, exponentialMoments(1))).toBeCloseTo(rho / (1 - rho), 12);
    expect(meanWait(rho, constantMoments(1))).toBeCloseTo(rho / (1 - rho) / 2, 12);
  });

  it.each(LOADS)('have a tail that adds up to the mean at load %s', (rho) => {
    const step = 0.01;
    let area = 0;
    for (let t = step / 2; t < 400; t += step) area += exponentialWaitTail(rho, 1, t) * step;
    expect(area).toBeCloseTo(rho / (1 - rho), 3);
    const p99 = exponentialWaitQuantile(rho, 1, 0.99);
    expect(exponentialWaitTail(rho, 1, p99)).toBeCloseTo(0.01, 12);
  });

  it('conserve work: who goes first does not change the mean of all', () => {
    const service = exponentialMoments(1);
    const [high, low] = headOfLineWaits([
      { rate: 0.3, service },
      { rate: 0.4, service },
    ]);
    expect((0.3 * high + 0.4 * low) / 0.7).toBeCloseTo(meanWait(0.7, service), 12);
    expect(high).toBeLessThan(low);
  });

  it('blend moments by weight', () => {
    const parts = [
      { weight: 3, of: constantMoments(1) },
      { weight: 1, of: constantMoments(5) },
    ];
    expect(mixtureMoments(parts)).toEqual({ mean: 2, second: 7 });
  });

  it('know a server that is hardly ever away', () => {
    const low = { rate: 0.5, service: exponentialMoments(1) };
    const away = mergedIsrPeriod(1e-9, 1);
    expect(away.mean).toBeCloseTo(1, 6);
    expect(availability({ rate: 1e-9, away })).toBeCloseTo(1, 6);
    expect(interruptedWait(low, { rate: 1e-9, away })).toBeCloseTo(1, 6);
  });

  it('refuse a load of 1', () => {
    expect(() => meanWait(1, constantMoments(1))).toThrow(RangeError);
  });
});

describe("R16's rates", () => {
  it.each([1, 2, 7, 100])('settle one below %s from below, at it from above', (count) => {
    expect(settledRate(count)).toBe(count - 1);
    expect(settledRate(count, 10 * count)).toBe(count);
  });

  it('stop Low at the limit and one', () => {
    const counts = [1, 2, 3, 4, 5, 50];
    expect(counts.map((n) => lowRequestsPerTick(n, 3, 'rare'))).toEqual([1, 2, 3, 0, 0, 0]);
    expect(lowRequestsPerTick(3, 3, 'slow')).toBe(3);
    expect(lowRequestsPerTick(50, 3, 'slow')).toBe(0);
  });
});
