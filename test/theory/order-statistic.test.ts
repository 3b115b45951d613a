import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderStatistic } from '../../src/stats/order-statistic.js';

describe('an order statistic', () => {
  // Both sides of the size from which a sample is looked at, with and without ties.
  const lists = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 50 }),
    fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 50 }),
    fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 700, maxLength: 1500 }),
    fc.array(fc.double({ noNaN: true }), { minLength: 700, maxLength: 1500 }),
  );

  it('is what stands there after sorting, with smaller ones before and larger ones behind', () => {
    fc.assert(
      fc.property(lists, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const values = Float64Array.from(list);
        const sorted = Float64Array.from(list).sort();
        const index = Math.min(list.length - 1, Math.floor(share * list.length));
        const value = orderStatistic(values, index);
        // Adding 0 makes 0 of −0: neither stands before the other here.
        expect(value + 0).toBe(sorted[index] + 0);
        expect(values.subarray(0, index).every((each) => each <= value)).toBe(true);
        expect(values.subarray(index).every((each) => each >= value)).toBe(true);
        expect(values.sort().map((each) => each + 0)).toEqual(sorted.map((each) => each + 0));
      }),
      { numRuns: 150 },
    );
  });

  it('looks for any rank of values in order, in reverse and all alike', () => {
    const ascending = Float64Array.from({ length: 2000 }, (_, i) => i);
    for (let index = 0; index < 2000; index += 37) {
      expect(orderStatistic(Float64Array.from(ascending), index)).toBe(index);
      expect(orderStatistic(Float64Array.from(ascending).reverse(), index)).toBe(index);
      expect(orderStatistic(new Float64Array(2000).fill(7), index)).toBe(7);
    }
  });
});
