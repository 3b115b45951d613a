import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import {
  formatCount,
  formatNs,
  formatNsExactly,
  parseCount,
  parseDuration,
  parseRate,
  quote,
} from '../../src/units.js';

describe('durations', () => {
  it.each([
    [0, 0],
    [1500, 1500],
    ['1500', 1500],
    ['800ns', 800],
    ['2us', 2_000],
    ['2\u00b5s', 2_000],
    ['2\u03bcs', 2_000],
    ['15.625ms', 15_625_000],
    ['1 s', 1e9],
    ['0.000000001s', 1],
    ['3min', 180e9],
    ['1h', 3_600e9],
    ['0.1us', 100],
    ['1.0ns', 1],
  ])('reads %s as %i ns', (written, ns) => {
    expect(parseDuration(written)).toBe(ns);
  });

  it.each([
    -1,
    0.5,
    NaN,
    Infinity,
    2 ** 53,
    '',
    ' ',
    'ms',
    '-1ns',
    '+1ns',
    '1e3',
    '1_000',
    '1,5ms',
    '.5ms',
    '1.ms',
    '0.1ns',
    '0.0000000001s',
    '3m',
    '1 minute',
    '1MS',
    '9999999h',
    `${'9'.repeat(80)}ns`,
    '\u0661ms',
    '1ms\n',
  ])('refuses %j', (written) => {
    expect(() => parseDuration(written)).toThrow(InputError);
  });

  it('is exact in decimal, where binary fractions are not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9e15 }), (ns) => {
        const digits = String(ns).padStart(10, '0');
        expect(parseDuration(`${digits.slice(0, -9)}.${digits.slice(-9)}s`)).toBe(ns);
      }),
    );
  });

  it('says what was seen and what would do', () => {
    expect(() => parseDuration('3m')).toThrow(/"3m" is not a duration \(.*"15\.625ms"/);
    expect(() => parseDuration('0.1ns')).toThrow(/not a whole number of nanoseconds/);
  });
});

describe('rates', () => {
  it.each([
    [20_000, 20_000],
    ['20000', 20_000],
    ['20000/s', 20_000],
    ['20/ms', 20_000],
    ['1kHz', 1_000],
    ['0.5 Hz', 0.5],
    ['2MHz', 2e6],
    ['1/us', 1e6],
    ['20k/s', 20_000],
    ['20k', 20_000],
    ['1.5M/s', 1.5e6],
    ['2k/ms', 2e6],
    ['0.02 M', 20_000],
  ])('reads %s as %d per second', (written, perSecond) => {
    expect(parseRate(written)).toBe(perSecond);
  });

  it.each([
    0,
    -1,
    NaN,
    Infinity,
    '',
    '0/s',
    'kHz',
    '1khz',
    '1/min',
    '1e3/s',
    '1kkHz',
    '20K/s',
    'k/s',
  ])('refuses %j', (written) => {
    expect(() => parseRate(written)).toThrow(InputError);
  });
});

describe('counts', () => {
  it.each([
    [0, 0],
    [250_000, 250_000],
    ['250000', 250_000],
    ['250_000', 250_000],
    ['250k', 250_000],
    ['10M', 1e7],
    ['1G', 1e9],
  ])('reads %s as %d', (written, count) => {
    expect(parseCount(written)).toBe(count);
  });

  it.each([
    -1,
    0.5,
    NaN,
    2 ** 53,
    '',
    '-1',
    '1.5M',
    '1e6',
    '10m',
    '10 M',
    'M',
    '_1',
    '9999999999G',
  ])('refuses %j', (written) => {
    expect(() => parseCount(written)).toThrow(InputError);
  });
});

describe('formats for people', () => {
  it.each([
    [0, '0 ns'],
    [1, '1 ns'],
    [999, '999 ns'],
    [1_234, '1.23 µs'],
    [10_000, '10 µs'],
    [12_345, '12.3 µs'],
    [999_499, '999 µs'],
    [999_500, '1.00 ms'],
    [999_999, '1.00 ms'],
    [15_625_000, '15.6 ms'],
    [2e9, '2 s'],
    [1_234.5e9, '1,235 s'],
    [12.5, '12.5 ns'],
    [0.4, '0.400 ns'],
    [999.7, '1.00 µs'],
    [-1_234, '-1.23 µs'],
  ])('writes %d ns as %s', (ns, text) => {
    expect(formatNs(ns)).toBe(text);
  });

  it('never leaves the unit with more than three digits below a second', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 9.9e8, noNaN: true }), (ns) => {
        const [number] = formatNs(ns).split(' ');
        expect(number.replace(/\D/g, '').length).toBeLessThanOrEqual(3);
      }),
    );
  });

  it.each([
    [0, '0 ns'],
    [999, '999 ns'],
    [14_968, '14.968 µs'],
    [15_625_000, '15.625 ms'],
    [1e15, '1,000,000 s'],
    [1_000_000_001, '1.000000001 s'],
    [-14_968, '-14.968 µs'],
  ])('writes %d ns exactly as %s', (ns, text) => {
    expect(formatNsExactly(ns)).toBe(text);
  });

  it('writes exactly what parsing gives back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e15 }), (ns) => {
        expect(parseDuration(formatNsExactly(ns).replaceAll(',', ''))).toBe(ns);
      }),
    );
  });

  it.each([
    [0, '0'],
    [999, '999'],
    [121_779, '121,779'],
    [1e9, '1,000,000,000'],
    [-1_234, '-1,234'],
    [12_345n, '12,345'],
    [1_234.5678, '1,234.5678'],
  ])('writes the count %s as %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  it('quotes text from an input so that it cannot reach the terminal', () => {
    expect(quote('a\u001b[2Jb')).toBe('"a\\u001b[2Jb"');
    expect(quote('a\u202eb\u009b')).toBe('"a\\u{202e}b\\u{9b}"');
    expect(quote('x'.repeat(100))).toBe(`"${'x'.repeat(60)}…"`);
  });
});
