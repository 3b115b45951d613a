import type { BenchDocument, CaseFigures } from './document.js';
import { meetsGoal } from './bench-case.js';
import type { Goal, Unit } from './bench-case.js';
import type { RatioFigures } from './ratios.js';
import type { Summary } from './statistics.js';
import { formatSpread, goalText, shownFigure, threeDigits } from './table.js';

export const BEGIN = '<!-- bench:begin -->';
export const END = '<!-- bench:end -->';

/**
 * The text with what stands between the markers replaced, the markers kept; null when they are not
 * there, once each and in this order.
 */
export function replaceBetweenMarkers(text: string, figures: string): string | null {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) return null;
  if (begin !== text.lastIndexOf(BEGIN) || end !== text.lastIndexOf(END)) return null;
  return `${text.slice(0, begin + BEGIN.length)}\n${figures.trim()}\n${text.slice(end)}`;
}

/** The figures for the README: one row for each size of machine, under the newest rules. */
export function readmeFigures(document: BenchDocument, command: string): string {
  return [howMade(document, command), '', ...shortTable(document)].join('\n');
}

/**
 * All figures as Markdown: what simulates how fast with the ratios beside it, everything else
 * below, and the command that made them.
 */
export function speedFigures(document: BenchDocument, command: string): string {
  return [
    howMade(document, command),
    '',
    ...machineTable(document),
    '',
    ...otherTable(document),
  ].join('\n');
}

function howMade(document: BenchDocument, command: string): string {
  const { machine, versions, settings, commit, at } = document;
  return (
    `Written by \`${command}\` on ${at.slice(0, 10)}, commit ${commit.slice(0, 10)}: ` +
    `${machine.cpu}, ${machine.processors} processors, node ${versions.node}; ` +
    `median of ${settings.rounds} interleaved rounds, ` +
    '± half the distance between the quartiles.'
  );
}

/** A row for each workload `w8 vista`: the kernel's rate, and it against those of the others. */
function shortTable({ cases, ratios }: BenchDocument): string[] {
  const subjects = cases.filter(
    ({ subject, variant }) => variant === SIMULATORS[0] && /^w\d+ vista$/.test(subject),
  );
  const rows = subjects.map(({ subject, figure, unit }) => {
    const times = RATIOS.map((name) => {
      const ratio = ratios.find((other) => other.subject === subject && other.name === name);
      return ratio === undefined ? '' : `× ${threeDigits(ratio.figure.median)}`;
    });
    return [subject.slice(1, -' vista'.length), rate(figure, unit), ...times];
  });
  const against = ['against native code', 'against plain TypeScript'];
  return markdownTable(['processors', 'M interrupts/s, one thread', ...against], rows);
}

/** The columns of rates, of which the first is what the ratios are of. */
const SIMULATORS = ['wasm', 'native', 'twin'] as const;
const RATIOS = ['wasm / native', 'wasm / twin'] as const;

/** A row for each workload: rates in millions a second, ratios, and the hash of the result. */
function machineTable({ cases, ratios }: BenchDocument): string[] {
  const shipped = cases.filter(({ variant }) => variant === SIMULATORS[0]);
  const rows = shipped.map(({ subject, unit, hash }) => [
    subject,
    ...SIMULATORS.map((variant) => {
      const one = cases.find((other) => other.subject === subject && other.variant === variant);
      return one === undefined ? '' : rate(one.figure, unit);
    }),
    ...RATIOS.map((name) => {
      const ratio = ratios.find((other) => other.subject === subject && other.name === name);
      return ratio === undefined ? '' : ratioText(ratio);
    }),
    `\`${hash}\``,
  ]);
  const heads = SIMULATORS.map((name) => `${name}, M/s`);
  const goals = RATIOS.map((name) => {
    const goal = ratios.find((ratio) => ratio.name === name)?.goal ?? null;
    return goal === null ? name : `${name}, ${goal.relation} ${goal.value}`;
  });
  return markdownTable(['workload', ...heads, ...goals, 'result'], rows);
}

function otherTable({ cases, ratios }: BenchDocument): string[] {
  const isShownAbove = ({ variant }: CaseFigures): boolean =>
    ['lockstep', 'census'].includes(variant) || (SIMULATORS as readonly string[]).includes(variant);
  const figures = cases
    .filter((one) => !isShownAbove(one))
    .map((one) => {
      const { value, unit } = shownFigure(one.figure.median, one.unit);
      return [
        `${one.subject}, ${one.variant}`,
        `${threeDigits(value)} ${unit}`,
        formatSpread(one.figure),
        boldGoal(one.goal ?? null, one.figure.median, one.unit),
      ];
    });
  const others = ratios.filter(
    ({ name, goal }) =>
      (goal !== null || name === 'census / wasm') && !(RATIOS as readonly string[]).includes(name),
  );
  const rows = others.map(({ name, subject, goal, figure }) => [
    `${name}, ${subject}`,
    `× ${threeDigits(figure.median)}`,
    formatSpread(figure),
    boldGoal(goal, figure.median),
  ]);
  return markdownTable(['figure', 'median', 'spread', 'goal'], [...figures, ...rows]);
}

function rate(figure: Summary, unit: CaseFigures['unit']): string {
  return `${threeDigits(shownFigure(figure.median, unit).value)} ${formatSpread(figure)}`;
}

function ratioText({ goal, figure }: RatioFigures): string {
  const text = threeDigits(figure.median);
  return goal === null || meetsGoal(goal, figure.median) ? text : `**${text}**, not met`;
}

/** What is not met stands out. */
function boldGoal(goal: Goal | null, figure: number, unit?: Unit): string {
  return goal === null ? '' : goalText(goal, figure, unit).replace('not met', '**not met**');
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
