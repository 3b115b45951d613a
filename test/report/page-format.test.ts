import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as page from '../../reports/format.js';
import { formatPercentile, formatShare, threeDigits } from '../../src/report/format.js';
import { formatCount, formatNs } from '../../src/units.js';

const sizes = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.double({ min: 0, max: 1e12, noNaN: true }),
  fc.constantFrom(0, 0.004, 999.4, 999.5, 999_499, 999_500, 999_999_999, 1e9, 1e15),
);

test('a chart writes a figure as the tables do', () => {
  fc.assert(
    fc.property(sizes, (value) => {
      expect(page.formatNs(value)).toBe(formatNs(value));
      expect(page.formatDecimal(value)).toBe(threeDigits(value));
      expect(page.formatCount(Math.floor(value))).toBe(formatCount(Math.floor(value)));
      expect(page.formatShare(value % 1)).toBe(formatShare(value % 1));
      expect(page.formatPercentile(value + 1)).toBe(formatPercentile(value + 1));
    }),
  );
});

test('figures have readable units', () => {
  expect([850, 12_345, 4_560_000, 1.2e9].map(page.formatNs)).toEqual([
    '850 ns',
    '12.3 µs',
    '4.56 ms',
    '1.20 s',
  ]);
  expect([2, 10, 100, 1000, 10000].map(page.formatPercentile)).toEqual([
    'p50',
    'p90',
    'p99',
    'p99.9',
    'p99.99',
  ]);
  expect([0, 0.0001, 0.123].map(page.formatShare)).toEqual(['0.0 %', '< 0.1 %', '12.3 %']);
});
