import { describe, expect, it } from 'vitest';
import { formatGates } from '../../src/export/comparison.js';
import { changeWords } from '../../src/export/experiments.js';
import { toJunit } from '../../src/export/junit.js';
import type { ChangeEstimate } from '../../src/stats/compare-documents.js';
import type { GateOutcome } from '../../src/stats/gate.js';

const told = (
  low: number,
  high: number,
  verdict: ChangeEstimate['verdict'] = 'higher',
  now = 105,
): string =>
  changeWords(100, now, { difference: null, ratio: { low, high }, verdict, isExact: false });

describe('a change with its interval', () => {
  it.each([
    [1.09, 1.0999, '+5 % (9.00 to 9.99)'],
    [1.0899, 1.0908, '+5 % (8.99 to 9.08)'],
    [1.1001, 1.101, '+5 % (10.0 to 10.1)'],
    [1.105, 1.1059, '+5 % (10.5 to 10.6)'],
    [0.8991, 0.9, '+5 % (-10.1 to -10.0)'],
    [0.9102, 0.9111, '+5 % (-8.98 to -8.89)'],
    [1.1, 1.31, '+5 % (10 to 31)'],
    [1.1, 1.29, '+5 % (10.0 to 29.0)'],
    [0.5, 3, '+5 % (-50 to 200)'],
  ])('of %f to %f has as many digits as are known', (low, high, words) => {
    expect(told(low, high)).toBe(words);
  });

  it('is chance, the same, or of no interval where it is', () => {
    expect(told(0.9, 1.15, 'indistinguishable')).toBe('chance (-10 to 15) %');
    expect(told(0.95, 1.15, 'same')).toBe('same');
    const none = { difference: null, ratio: null, isExact: false };
    expect(changeWords(100, 105, { ...none, verdict: 'indistinguishable' })).toBe('chance');
    expect(changeWords(100, 105, { ...none, verdict: 'higher' })).toBe('+5 % (no interval)');
    expect(changeWords(100, 105, undefined)).toBe('+5 %');
  });
});

const gate = (status: GateOutcome['status'], name = 'a'): GateOutcome => {
  return { kind: 'regression', name, status, message: 'so' };
};

describe('gates', () => {
  it('sum up figures that are no regressions, where there are any', () => {
    expect(formatGates([])).toBe('');
    expect(formatGates([gate('pass')])).toBe('pass     none of 1 figure is a regression\n');
    expect(formatGates([gate('pass'), gate('pass')])).toMatch(/none of 2 figures is a regression/);
    expect(formatGates([gate('pass'), gate('fail')])).toBe('FAIL     a: so\n');
  });

  it('become JUnit’s XML of outcomes alone', () => {
    for (const wrong of [{ status: 'maybe' }, { name: 5 }, { message: null }]) {
      const outcome = { ...gate('pass'), ...wrong } as GateOutcome;
      expect(() => toJunit([outcome])).toThrow('toJUnit was given no outcomes');
    }
    const xml = toJunit(
      [gate('pass', '<1>'), gate('fail'), gate('noData'), gate('fail')],
      'my "own"',
    );
    expect(xml.replace(/\s*\n\s*/g, '\n')).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites name="dpcbench" tests="4" failures="2" errors="1">',
        '<testsuite name="my &quot;own&quot;" tests="4" failures="2" errors="1" skipped="0">',
        '<testcase classname="dpcbench.regression" name="&lt;1&gt;"/>',
        '<testcase classname="dpcbench.regression" name="a">',
        '<failure type="regression" message="so"/>',
        '</testcase>',
        '<testcase classname="dpcbench.regression" name="a">',
        '<error type="noData" message="so"/>',
        '</testcase>',
        '<testcase classname="dpcbench.regression" name="a">',
        '<failure type="regression" message="so"/>',
        '</testcase>',
        '</testsuite>',
        '</testsuites>',
        '',
      ].join('\n'),
    );
  });
});
