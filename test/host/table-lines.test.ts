import { describe, expect, it } from 'vitest';
import { formatGates } from '../../src/export/comparison.js';
import { formatValidation } from '../../src/export/validation-table.js';
import type { GateOutcome } from '../../src/stats/gate.js';
import type { ValidatedFigure } from '../../src/stats/validation.js';

describe('the table of a validation', () => {
  const figure = (rest: Partial<ValidatedFigure>): ValidatedFigure => ({
    model: 'M/M/1',
    load: '0.5',
    figure: 'mean wait',
    unit: 'ns',
    theory: 10_000,
    measured: 10_000,
    interval: { low: 9000, high: 11_000 },
    isExact: false,
    verdict: 'agrees',
    ...rest,
  });
  const share = { figure: 'busy', unit: 'share', theory: 0.5 } as const;

  it('draws a figure that lies right behind the picture as one beyond it', () => {
    // Half an interval is two cells, and the picture reaches six to either side.
    const at = (measured: number): string => {
      const interval = { low: measured - 1000, high: measured + 1000 };
      const figures = [figure({ measured, interval, verdict: 'differs' })];
      const schema = 'dpcbench-validation/1';
      return formatValidation({ schema, interrupts: 80_000, seed: 7, shards: 20, figures });
    };
    expect(at(13_000)).toMatch(/\| {3}-\-\*/);
    expect(at(13_500)).toMatch(/\| {4}->/);
    expect(at(6500)).toMatch(/<- {4}\|/);
  });

  it('draws each figure where it lies', () => {
    const lines = formatValidation({
      schema: 'dpcbench-validation/1',
      interrupts: 80_000,
      seed: 7,
      shards: 20,
      figures: [
        figure({}),
        figure({ figure: 'p99', measured: 11_000, interval: { low: 10_000, high: 12_000 } }),
        figure({ load: '0.9', measured: 9500, interval: { low: 8500, high: 10_500 } }),
        figure({
          load: '0.9',
          figure: 'p99',
          measured: 18_000,
          interval: { low: 17_000, high: 19_000 },
          verdict: 'differs',
        }),
        figure({
          model: 'Little',
          load: '0.9',
          measured: 1000,
          interval: { low: 900, high: 1100 },
          verdict: 'differs',
        }),
        figure({ model: 'Little', ...share, measured: 0.5, interval: null, isExact: true }),
        figure({
          model: 'Little',
          ...share,
          measured: null,
          interval: null,
          verdict: 'too few samples',
        }),
      ],
    });
    expect(lines).toBe(
      [
        'model        load    figure          theory measured      off  theory at |',
        'M/M/1        0.5     mean wait       10.000   10.000  +0.00 %      --*--',
        '                     p99             10.000   11.000 +10.00 %        |-*--',
        'M/M/1        0.9     mean wait       10.000   9.5000  -5.00 %     --*|-',
        '                     p99             10.000   18.000 +80.00 %        |     > !',
        'Little       0.9     mean wait       10.000   1.0000 -90.00 %  <     |       !',
        'Little       0.5     busy               0.5      0.5                 =',
        '                     busy           0.50000        -                 |       ?',
        '',
        'Times in µs. Picture: * measured, -- its 95 % interval, | theory, = both equal,',
        '< > beyond; intervals are drawn equally wide. ! differs, ? too few samples.',
        '80,000 interrupts of each random case in 20 shards, seed 7.',
        '4 of 7 figures agree with theory.',
        '',
      ].join('\n'),
    );
  });
});

describe('the lines of gates', () => {
  it('say what became of each', () => {
    const gate = (status: GateOutcome['status'], name: string, message: string): GateOutcome => ({
      kind: 'threshold',
      name,
      status,
      message,
    });
    expect(
      formatGates([
        gate('pass', 'vista.ipis > 10', 'vista.ipis is 3'),
        gate('fail', 'vista.dpcWait.p99 > 1us', 'vista.dpcWait.p99 is 2 µs'),
        gate(
          'noData',
          'vista.dpcWait.p9999 > 1us',
          'vista.dpcWait.p9999 has no samples, or too few',
        ),
      ]),
    ).toBe(
      [
        'pass     vista.ipis > 10: vista.ipis is 3',
        'FAIL     vista.dpcWait.p99 > 1us: vista.dpcWait.p99 is 2 µs',
        'NO DATA  vista.dpcWait.p9999 > 1us: vista.dpcWait.p9999 has no samples, or too',
        '         few',
        '',
      ].join('\n'),
    );
  });

  it('name a regression only where it is one, or where data are missing', () => {
    const change = (status: GateOutcome['status'], name: string): GateOutcome => ({
      kind: 'regression',
      name,
      status,
      message: 'was 1 and is 2, +100 %',
    });
    expect(formatGates([change('pass', 'a'), change('fail', 'b'), change('noData', 'c')])).toBe(
      'FAIL     b: was 1 and is 2, +100 %\nNO DATA  c: was 1 and is 2, +100 %\n',
    );
    expect(formatGates([change('pass', 'a'), change('pass', 'b')])).toBe(
      'pass     none of 2 figures is a regression\n',
    );
  });
});
