import { describe, expect, it } from 'vitest';
import type { BenchCase } from '../../bench/bench-case.js';
import { measureRounds } from '../../bench/measure.js';
import { inventedCase, MockClock } from './invented-bench.js';

describe('rounds', () => {
  it('are interleaved, the warm-up first', async () => {
    const clock = new MockClock();
    const order: string[] = [];
    const cases = ['A', 'B', 'C'].map((variant) =>
      inventedCase({ subject: 'order', variant }, clock, [10], undefined, () =>
        order.push(variant),
      ),
    );
    const announced: string[] = [];
    await measureRounds(cases, {
      rounds: 2,
      now: clock.now,
      onRun: (round, { variant }) => announced.push(`${round}${variant}`),
    });
    expect(order.join('')).toBe('ABCABCABC');
    expect(announced).toEqual(['-1A', '-1B', '-1C', '0A', '0B', '0C', '1A', '1B', '1C']);
  });

  it('take the time of the run alone, and drop that of the warm-up', async () => {
    const clock = new MockClock();
    const quick = inventedCase({ subject: 'time', variant: 'quick' }, clock, [999, 10, 20, 40]);
    const slow = inventedCase({ subject: 'time', variant: 'slow' }, clock, [999, 100, 200, 400]);
    const [first, second] = await measureRounds([quick, slow], { rounds: 3, now: clock.now });
    expect(first.values).toEqual([100_000, 50_000, 25_000]);
    expect(second.values).toEqual([10_000, 5_000, 2_500]);
  });

  it("keep every result, the warm-up's too", async () => {
    const clock = new MockClock();
    const unsteady = inventedCase({ subject: 'x', variant: 'y' }, clock, [1], ['first', 'later']);
    const [{ hashes }] = await measureRounds([unsteady], { rounds: 2, now: clock.now });
    expect([...hashes]).toEqual(['first', 'later']);
  });

  it('believe a case that took its own time', async () => {
    const clock = new MockClock();
    const foreign: BenchCase = {
      subject: 'other process',
      variant: 'native',
      resultKey: '',
      unit: 'ms',
      prepare: () => ({
        run: async () => {
          clock.ms += 5_000;
          return 12.5;
        },
        finish: (ms) => ({ value: ms, hash: '' }),
      }),
    };
    const [{ values }] = await measureRounds([foreign], { rounds: 1, now: clock.now });
    expect(values).toEqual([12.5]);
  });

  it('end with the error of a case that fails', async () => {
    const broken: BenchCase = {
      subject: 'broken',
      variant: 'case',
      resultKey: '',
      unit: 'ms',
      prepare: () => ({
        run() {
          throw new Error('it does not run');
        },
        finish: (ms) => ({ value: ms, hash: '' }),
      }),
    };
    await expect(measureRounds([broken], { rounds: 1 })).rejects.toThrow('it does not run');
  });
});
