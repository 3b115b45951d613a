import type { BenchDocument } from './document.js';
import { meetsGoal } from './ratios.js';
import { formatSpread, shownFigure, threeDigits } from './table.js';

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

/** The figures as Markdown: ratios with their goals, medians, and the command that made them. */
export function readmeFigures(document: BenchDocument, command: string): string {
  const { machine, versions, settings, commit, at } = document;
  const ratios = document.ratios.map(({ name, subject, goal, figure }) => [
    name, subject, threeDigits(figure.median), formatSpread(figure),
    goal === null ? '' : `${goal.relation} ${goal.value}`,
    goal === null ? '' : meetsGoal(goal, figure.median) ? 'met' : 'not met',
  ]);
  const cases = document.cases.map(({ subject, variant, unit, figure, hash }) => {
    const shown = shownFigure(figure.median, unit);
    return [
      subject, variant, `${threeDigits(shown.value)} ${shown.unit}`, formatSpread(figure),
      `\`${hash}\``,
    ];
  });
  return [
    `Written by \`${command}\` on ${at.slice(0, 10)}, commit ${commit.slice(0, 10)}: `
      + `${machine.cpu}, ${machine.processors} processors, node ${versions.node}; `
      + `median of ${settings.rounds} interleaved rounds, `
      + '± half the distance between the quartiles.',
    '',
    ...markdownTable(['ratio', 'on', 'median', 'spread', 'goal', ''], ratios),
    '',
    ...markdownTable(['subject', 'by', 'median', 'spread', 'hash of the result'], cases),
  ].join('\n');
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
