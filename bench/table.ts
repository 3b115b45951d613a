import { meetsGoal } from './bench-case.js';
import type { Goal, Unit } from './bench-case.js';
import type { BenchDocument, CaseFigures } from './document.js';
import { spread } from './statistics.js';
import type { Summary } from './statistics.js';

/** Figures of these units are large, and shown in millions. */
const IN_MILLIONS: readonly Unit[] = ['interrupts/s', 'inserts/s', 'DPCs/s', 'ticks/s'];

/** A figure in the unit that a table shows, and that unit. */
export function shownFigure(value: number, unit: Unit): { value: number; unit: string } {
  return IN_MILLIONS.includes(unit) ? { value: value / 1e6, unit: `M ${unit}` } : { value, unit };
}

/** Three significant digits without an exponent: `0.0312`, `3.12`, `312`. */
export function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return value.toFixed(0);
  return value.toFixed(size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3);
}

/** `± 1.2 %` of the median. */
export function formatSpread(figure: Summary): string {
  const percent = spread(figure) * 100;
  return `± ${percent.toFixed(percent < 99.95 ? 1 : 0)} %`;
}

/** The whole bench as text of 80 columns. */
export function formatTable(document: BenchDocument): string {
  const { machine, versions, settings, commit, isModified } = document;
  const state = `${commit.slice(0, 10) || 'no commit'}${isModified ? ' and changes' : ''}`;
  return [
    `dpcbench ${versions.dpcbench}, ${state}, node ${versions.node}`,
    `${machine.cpu}, ${machine.processors} processors`,
    `Median of ${settings.rounds} interleaved rounds, ± half the distance between the quartiles.`,
    '',
    ...caseLines(document.cases),
    ...goalLines(document),
    '',
  ].join('\n');
}

function caseLines(cases: readonly CaseFigures[]): string[] {
  const lines = [
    row(['', '', 'median', '', 'spread', 'least', 'most', 'hash']),
  ];
  let subject = '';
  for (const one of cases) {
    const { value: median, unit } = shownFigure(one.figure.median, one.unit);
    const [least, most] = [one.figure.min, one.figure.max]
      .map((value) => threeDigits(shownFigure(value, one.unit).value));
    lines.push(row([
      one.subject === subject ? '' : one.subject, one.variant,
      threeDigits(median), unit, formatSpread(one.figure), least, most, one.hash,
    ]));
    subject = one.subject;
  }
  return lines;
}

/** Positive: to the right; negative: to the left. Gaps are of one column. */
const WIDTHS = [-14, -11, 6, -14, 8, 6, 6, -8];

function row(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (WIDTHS[i] < 0 ? cell.padEnd(-WIDTHS[i]) : cell.padStart(WIDTHS[i])))
    .join(' ')
    .trimEnd();
}

/** Every ratio, and every other figure that has a goal; nothing where there is neither. */
function goalLines({ cases, ratios }: BenchDocument): string[] {
  const lines = [
    ...ratios.map(({ name, subject, goal, figure }) => goalLine(name, subject, goal, figure)),
    ...cases.map(({ subject, variant, goal, figure }) =>
      (goal === undefined ? '' : goalLine(subject, variant, goal, figure))),
  ].filter((line) => line !== '');
  return lines.length === 0 ? [] : ['', HEAD, ...lines];
}

const HEAD = 'Ratio, round by round'.padEnd(38) + ' median   spread goal';

function goalLine(name: string, subject: string, goal: Goal | null, figure: Summary): string {
  const cells = [
    name.padEnd(23), subject.padEnd(14), threeDigits(figure.median).padStart(6),
    formatSpread(figure).padStart(8), goal === null ? '' : goalText(goal, figure.median),
  ];
  return cells.join(' ').trimEnd();
}

/** `at least 0.95: met`. */
export function goalText(goal: Goal, figure: number): string {
  return `${goal.relation} ${goal.value}: ${meetsGoal(goal, figure) ? 'met' : 'not met'}`;
}
