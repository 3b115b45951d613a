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
  const lines = [row(['', '', 'median', '', 'spread', 'least', 'most', 'hash'])];
  let subject = '';
  for (const one of cases) {
    const { value: median, unit } = shownFigure(one.figure.median, one.unit);
    const [least, most] = [one.figure.min, one.figure.max].map((value) =>
      threeDigits(shownFigure(value, one.unit).value),
    );
    lines.push(
      row([
        one.subject === subject ? '' : one.subject,
        one.variant,
        threeDigits(median),
        unit,
        formatSpread(one.figure),
        least,
        most,
        one.hash,
      ]),
    );
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

/** Every ratio, and below them what other figures should be. */
function goalLines({ cases, ratios }: BenchDocument): string[] {
  const ofRatios = ratios.map(({ name, subject, goal, figure }) =>
    goalLine(name, subject, figure, goal === null ? '' : goalText(goal, figure.median)),
  );
  const ofCases = cases.flatMap(({ subject, variant, unit, goal, figure }) =>
    goal === undefined
      ? []
      : [goalLine(subject, variant, figure, goalText(goal, figure.median, unit))],
  );
  return [
    ...(ofRatios.length === 0 ? [] : ['', goalHead('Ratio, round by round'), ...ofRatios]),
    ...(ofCases.length === 0 ? [] : ['', goalHead('Other goals'), ...ofCases]),
  ];
}

function goalHead(title: string): string {
  return `${title.padEnd(38)} median   spread goal`;
}

function goalLine(of: string, by: string, figure: Summary, goal: string): string {
  const median = threeDigits(figure.median).padStart(6);
  const spread = formatSpread(figure).padStart(8);
  return [of.padEnd(23), by.padEnd(14), median, spread, goal].join(' ').trimEnd();
}

/** `at least 0.95: met` of a ratio; with the unit of a figure's value `at most 250 ms: met`. */
export function goalText(goal: Goal, figure: number, unit?: Unit): string {
  // For `% of the run` the sign is enough.
  const value = unit === undefined ? goal.value : `${goal.value} ${unit.split(' ')[0]}`;
  return `${goal.relation} ${value}: ${meetsGoal(goal, figure) ? 'met' : 'not met'}`;
}
