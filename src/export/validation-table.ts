import { COVERED_FIGURES, type Coverage, type ScenarioCoverage } from '../stats/coverage.js';
import type { ValidatedFigure, Validation } from '../stats/validation.js';
import { formatCount } from '../units.js';
import { type TextColumn, TextTable, widest } from './text-table.js';
import { wrap } from './wrap.js';

const WIDTH = 80;
/** Columns on either side of theory in the picture, and how many are half an interval. */
const REACH = 6;
const HALF_INTERVAL = 2;
const MARKS = { agrees: ' ', differs: '!', 'too few samples': '?' } as const;

/** The picture is left out first where a terminal is narrow, then how far off a figure is. */
const COLUMNS: readonly TextColumn[] = [
  { width: 12, rank: 0, align: 'left' },
  { width: 7, rank: 0, align: 'left' },
  { width: 13, rank: 0, align: 'left' },
  { width: 8, rank: 0 },
  { width: 8, rank: 0 },
  { width: 8, rank: 1 },
  { width: 2 * REACH + 2, rank: 2, align: 'left' },
  { width: 1, rank: 0, align: 'left' },
];
const PICTURE = 6;

/** One row for each figure, with a picture of measured against theory where there is room. */
export function formatValidation(validation: Validation, columns = WIDTH): string {
  const { interrupts, seed, shards, figures } = validation;
  const width = Math.min(WIDTH, columns);
  const table = new TextTable(COLUMNS, width);
  const head = ['model', 'load', 'figure', 'theory', 'measured', 'off', ' theory at |', ''];
  const count = (verdict: ValidatedFigure['verdict']): number =>
    figures.filter((figure) => figure.verdict === verdict).length;
  const picture = table.has(PICTURE)
    ? ' Picture: * measured, -- its 95 % interval, | theory, = both equal,\n' +
      '< > beyond; intervals are drawn equally wide.'
    : '';
  return [
    table.row(head),
    ...figures.map((figure, i) => table.row(cellsOf(figure, figures[i - 1]))),
    '',
    ...`Times in µs.${picture} ! differs, ? too few samples.`
      .split('\n')
      .flatMap((line) => wrap(line, width)),
    ...wrap(
      `${formatCount(interrupts)} interrupts of each random case in ${shards} shards, ` +
        `seed ${seed}.`,
      width,
    ),
    `${count('agrees')} of ${figures.length} figures agree with theory.`,
    '',
  ].join('\n');
}

function cellsOf(figure: ValidatedFigure, before: ValidatedFigure | undefined): string[] {
  const { model, load, theory, measured, unit, verdict } = figure;
  const isNew = before?.model !== model || before.load !== load;
  const number = (value: number): string => {
    const shown = unit === 'ns' ? value / 1000 : value;
    return figure.isExact ? `${shown}` : shown.toPrecision(5);
  };
  const off = measured === null || figure.isExact ? '' : percent(measured / theory - 1);
  return [
    isNew ? model : '',
    isNew ? load : '',
    figure.figure,
    number(theory),
    measured === null ? '-' : number(measured),
    off,
    ` ${picture(figure)}`,
    MARKS[verdict],
  ];
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

/** How often intervals held the truth, and the counts that chance explains. */
export function formatCoverage(coverage: readonly Coverage[], columns = WIDTH): string {
  const width = Math.min(WIDTH, columns);
  const rows = coverage.map(({ figure, experiments, held, least, most, verdict }) => [
    figure,
    `${held} of ${experiments}`,
    ` (${least} to ${most})`,
    verdict === 'agrees' ? '' : ' !',
  ]);
  const named = width < WIDTH ? widest(rows, 0) : 50;
  const table = new TextTable(
    [
      { width: named, least: 20, rank: 0, align: 'left' },
      { width: widest(rows, 1), rank: 0, align: 'left' },
      { width: widest(rows, 2), rank: 1, align: 'left' },
      { width: 2, rank: 0, align: 'left' },
    ],
    width,
  );
  const head = '95 % intervals that hold the truth, and the counts that chance explains';
  return `${[...wrap(head, width), ...rows.map((cells) => table.row(cells))].join('\n')}\n`;
}

/** How often intervals of scenarios held what the long run found, a row for each policy. */
export function formatScenarioCoverage(rows: readonly ScenarioCoverage[], columns = WIDTH): string {
  const width = Math.min(WIDTH, columns);
  const table = new TextTable(
    [
      { width: 21, least: 12, rank: 0, align: 'left' },
      { width: 18, least: 12, rank: 0, align: 'left' },
      ...COVERED_FIGURES.map(() => ({ width: 10, rank: 0 })),
    ],
    width,
  );
  const lines = rows.map(({ figures, policy, scenario }, i) =>
    table.row([
      rows[i - 1]?.scenario === scenario ? '' : scenario,
      policy,
      ...figures.map(({ experiments, held, value, verdict }) => {
        if (value === null || value === 0) return '-';
        return `${held} of ${experiments}${verdict === 'agrees' ? '' : '!'}`;
      }),
    ]),
  );
  const title = '95 % intervals that hold what a run 50 times as long finds';
  const head = table.row(['scenario', 'policy', ...COVERED_FIGURES]);
  return `${[...wrap(title, width), head, ...lines].join('\n')}\n`;
}
