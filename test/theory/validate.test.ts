import { describe, expect, it } from 'vitest';
import { formatCoverage, formatValidation } from '../../src/export/validation-table.js';
import { measureCoverage } from '../../src/study/coverage.js';
import { validate } from '../../src/study/validate.js';
import { validationCases } from '../../src/study/validation-cases.js';
import { binomialRange } from '../../src/stats/coverage.js';

const INTERRUPTS = 80_000;
const options = { interrupts: INTERRUPTS, seed: 1, workers: 1 };

describe('special cases of the machine', () => {
  const validation = validate(options);
  const rows = validationCases().flatMap(({ model, load, rows: figures }) =>
    figures.map(({ figure }) => `${model} ${load} ${figure}`),
  );

  it.each(rows)('%s agrees with its closed form', async (name) => {
    const { figures } = await validation;
    const one = figures.find(({ model, load, figure }) => `${model} ${load} ${figure}` === name)!;
    expect(one.verdict, `${one.measured} against ${one.theory}`).toBe('agrees');
    // Agreeing must not come from an interval that holds anything.
    if (one.isExact) expect(one.measured).toBe(one.theory);
    else expect(Math.abs(one.measured! / one.theory - 1)).toBeLessThan(0.08);
  });

  it('cover what theory is asked for', () => {
    expect(new Set(validationCases().map(({ model }) => model))).toEqual(
      new Set([
        'M/M/1',
        'M/D/1',
        'M/G/1',
        'ISR over DPC',
        'head of line',
        'tick wait',
        'Little',
        'Low if rare',
        'Low if slow',
      ]),
    );
  });

  it('fit on a terminal, with what is measured drawn where theory is', async () => {
    const lines = formatValidation(await validation).split('\n');
    expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
    expect(lines.filter((line) => line.includes('*-')).length).toBeGreaterThan(10);
    expect(lines.filter((line) => /^Little.*=$/.test(line))).toHaveLength(2);
  });
});

describe('a machine that is not what theory says', () => {
  const wrong = (factor: number) =>
    validationCases().map((one) => ({
      ...one,
      rows: one.rows.map((row) => ({ ...row, theory: (row.theory + 1e-9) * factor })),
    }));

  it('is refused in every row when theory is off by 40 %', async () => {
    const { figures } = await validate(options, wrong(1.4));
    expect(figures.filter(({ verdict }) => verdict !== 'differs')).toEqual([]);
  });

  it('is shown beyond the picture and marked', async () => {
    const text = formatValidation(await validate(options, wrong(2).slice(0, 1)));
    expect(text).toMatch(/^M\/M\/1 .*< .*\| +!$/m);
  });
});

describe('too few interrupts', () => {
  it('are said to be too few, not wrong', async () => {
    const { figures } = await validate({ ...options, interrupts: 20 });
    const verdicts = new Set(figures.map(({ verdict }) => verdict));
    expect(verdicts).toEqual(new Set(['agrees', 'too few samples']));
  });
});

describe('intervals', () => {
  it('hold the truth as often as they promise', async () => {
    const coverage = await measureCoverage({ experiments: 12 });
    expect(coverage).toHaveLength(4);
    expect(coverage.filter(({ verdict }) => verdict !== 'agrees')).toEqual([]);
    expect(formatCoverage(coverage)).toContain('of 12');
  });

  it('are counted against the binomial distribution', () => {
    // 0.95^20 = 0.358; P(at most 14 of 20) = 0.00033, P(at most 15) = 0.0026.
    expect(binomialRange(20, 0.95, 0.001)).toEqual({ least: 15, most: 20 });
    expect(binomialRange(200, 0.95, 0.001)).toEqual({ least: 179, most: 198 });
  });
});
