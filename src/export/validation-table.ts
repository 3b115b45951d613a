import { COVERED_FIGURES, type Coverage, type ScenarioCoverage } from '../stats/coverage.js';
import type { ValidatedFigure, Validation } from '../stats/validation.js';
import { formatCount } from '../units.js';

/** Columns on either side of theory in the picture, and how many are half an interval. */
const REACH = 6;
const HALF_INTERVAL = 2;
const MARKS = { agrees: ' ', differs: '!', 'too few samples': '?' } as const;

/** One row for each figure, at most 80 columns wide, with a picture of measured against theory. */
export function formatValidation(validation: Validation): string {
  const { interrupts, seed, shards, figures } = validation;
  const head = row(['model', 'load', 'figure', 'theory', 'measured', 'off', 'theory at |']);
  const count = (verdict: ValidatedFigure['verdict']): number =>
    figures.filter((figure) => figure.verdict === verdict).length;
  return [
    head,
    ...figures.map((figure, i) => rowOf(figure, figures[i - 1])),
    '',
    'Times in µs. Picture: * measured, -- its 95 % interval, | theory, = both equal,',
    '< > beyond; intervals are drawn equally wide. ! differs, ? too few samples.',
    `${formatCount(interrupts)} interrupts of each random case in ${shards} shards, ` +
      `seed ${seed}.`,
    `${count('agrees')} of ${figures.length} figures agree with theory.`,
    '',
  ].join('\n');
}

function rowOf(figure: ValidatedFigure, before: ValidatedFigure | undefined): string {
  const { model, load, theory, measured, unit, verdict } = figure;
  const isNew = before?.model !== model || before.load !== load;
  const number = (value: number): string => {
    const shown = unit === 'ns' ? value / 1000 : value;
    return figure.isExact ? `${shown}` : shown.toPrecision(5);
  };
  const off = measured === null || figure.isExact ? '' : percent(measured / theory - 1);
  return row([
    isNew ? model : '',
    isNew ? load : '',
    figure.figure,
    number(theory),
    measured === null ? '-' : number(measured),
    off,
    `${picture(figure)} ${MARKS[verdict]}`,
  ]);
}

function percent(share: number): string {
  return `${share < 0 ? '-' : '+'}${Math.abs(share * 100).toFixed(2)} %`;
}

function picture({ theory, measured, interval, verdict, isExact }: ValidatedFigure): string {
  const cells = new Array<string>(2 * REACH + 1).fill(' ');
  cells[REACH] = '|';
  if (isExact && verdict === 'agrees') cells[REACH] = '=';
  if (measured === null || interval === null) return cells.join('');
  const half = (interval.high - interval.low) / 2;
  const steps = half === 0 ? 0 : ((measured - theory) / half) * HALF_INTERVAL;
  const at = REACH + Math.round(steps);
  for (let i = at - HALF_INTERVAL; i <= at + HALF_INTERVAL; i++) {
    if (i in cells && i !== REACH) cells[i] = '-';
  }
  if (at < 0) cells[0] = '<';
  else if (at >= cells.length) cells[cells.length - 1] = '>';
  else cells[at] = '*';
  return cells.join('');
}

function row([model, load, figure, theory, measured, off, drawn]: readonly string[]): string {
  const text =
    `${model.padEnd(12)} ${load.padEnd(7)} ${figure.padEnd(13)} ` +
    `${theory.padStart(8)} ${measured.padStart(8)} ${off.padStart(8)}  ${drawn}`;
  return text.trimEnd();
}

/** How often intervals held the truth, and the counts that chance explains. */
export function formatCoverage(coverage: readonly Coverage[]): string {
  const lines = coverage.map(
    ({ figure, experiments, held, least, most, verdict }) =>
      `${figure.padEnd(50)} ${held} of ${experiments}  (${least} to ${most})` +
      (verdict === 'agrees' ? '' : '  !'),
  );
  const head = '95 % intervals that hold the truth, and the counts that chance explains';
  return `${[head, ...lines].join('\n')}\n`;
}

/** How often intervals of scenarios held what the long run found, a row for each policy. */
export function formatScenarioCoverage(rows: readonly ScenarioCoverage[]): string {
  const line = (scenario: string, policy: string, cells: readonly string[]): string =>
    `${scenario.padEnd(21)} ${policy.padEnd(18)}${cells.join('')}`.trimEnd();
  const head = line(
    'scenario',
    'policy',
    COVERED_FIGURES.map((figure) => figure.padStart(11)),
  );
  const lines = rows.map(({ figures, policy, scenario }, i) =>
    line(
      rows[i - 1]?.scenario === scenario ? '' : scenario,
      policy,
      figures.map(({ experiments, held, value, verdict }) => {
        if (value === null || value === 0) return '-'.padStart(11);
        return `${held} of ${experiments}${verdict === 'agrees' ? '' : '!'}`.padStart(11);
      }),
    ),
  );
  const title = '95 % intervals that hold what a run 50 times as long finds';
  return `${[title, head, ...lines].join('\n')}\n`;
}
