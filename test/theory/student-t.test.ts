import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from '../../src/stats/normal.js';
import { logGamma, studentTCdf, studentTQuantile } from '../../src/stats/student-t.js';

describe('the normal distribution', () => {
  it('has the values of the tables', () => {
    // Abramowitz and Stegun, table 26.1, and the usual quantiles.
    expect(normalCdf(0)).toBe(0.5);
    expect(normalCdf(1)).toBeCloseTo(0.8413447460685429, 14);
    expect(normalCdf(-2)).toBeCloseTo(0.0227501319481792, 14);
    expect(normalCdf(5)).toBeCloseTo(0.9999997133484281, 14);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.99)).toBeCloseTo(2.326347874040841, 12);
  });

  it('has quantiles that are the inverse of its probabilities', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (p) => {
        expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
      }),
    );
  });

  it.each([0, 1, -0.1, NaN])('has no quantile of probability %s', (p) => {
    expect(() => normalQuantile(p)).toThrow(RangeError);
  });
});

describe("Student's t", () => {
  it('has the quantiles of the tables, and beyond where tables end', () => {
    const known: [number, number, number][] = [
      [0.975, 1, 12.706204736174698],
      [0.975, 2, 4.302652729749464],
      [0.975, 4, 2.7764451051977987],
      [0.975, 19, 2.093024054408263],
      [0.975, 30, 2.0422724563012373],
      [0.975, 199, 1.971956544249395],
      [0.995, 9, 3.2498355415921254],
      [0.9995, 19, 3.8834058526],
      [0.95, 5, 2.015048372669157],
    ];
    for (const [p, degrees, t] of known) expect(studentTQuantile(p, degrees)).toBeCloseTo(t, 8);
  });

  it('is computed where both of its fractions converge alike', () => {
    expect(studentTCdf(1, 1)).toBeCloseTo(0.75, 14);
    expect(studentTCdf(-1, 1)).toBeCloseTo(0.25, 14);
  });

  it('is Cauchy with one degree, where the quantile is a tangent', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (p) => {
        const tangent = Math.tan(Math.PI * (p - 0.5));
        const error = Math.abs(studentTQuantile(p, 1) - tangent);
        expect(error).toBeLessThan(1e-9 * (1 + Math.abs(tangent)));
      }),
    );
  });

  it('is symmetric, the inverse of its probabilities, and normal with many degrees', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 10_000 }),
        (p, degrees) => {
          const t = studentTQuantile(p, degrees);
          expect(studentTCdf(t, degrees)).toBeCloseTo(p, 10);
          expect(studentTQuantile(1 - p, degrees)).toBeCloseTo(-t, Math.abs(t) > 50 ? 4 : 8);
        },
      ),
    );
    expect(studentTQuantile(0.975, 1e6)).toBeCloseTo(normalQuantile(0.975), 5);
  });

  it.each([
    [1, 2 / Math.PI],
    [4, 0.75],
  ])('is as steep about 0 as its density, with %i degrees', (degrees, twiceDensity) => {
    for (const t of [1e-3, 1e-5, 1e-7, 1e-9]) {
      const above = studentTCdf(t, degrees) - 0.5;
      expect(above / ((t * twiceDensity) / 2)).toBeCloseTo(1, 5);
      expect(studentTCdf(-t, degrees)).toBeCloseTo(0.5 - above, 15);
    }
  });

  it('refuses less than one degree of freedom', () => {
    expect(() => studentTQuantile(0.9, 0)).toThrow(RangeError);
  });

  it('rests on a gamma function that is a factorial', () => {
    for (let n = 1, factorial = 1; n < 20; factorial *= n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 10);
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
  });
});
