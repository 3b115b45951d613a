import type { DocumentComparison, FigureChange } from '../stats/compare-documents.js';
import { formatChange, formatValue, type GateOutcome } from '../stats/gate.js';
import type { ResultDocument } from '../result/document.js';
import { formatCountOf, plainText } from '../units.js';
import { TextTable, widest } from './text-table.js';
import { hardBreak } from './text-width.js';
import { wrap } from './wrap.js';

/** Everything here fits a terminal of this width. */
const WIDTH = 80;
const NAME = { width: 24, least: 14, rank: 0, align: 'left' } as const;
const VALUE_WIDTH = 19;
const CHANGE_WIDTH = 15;
const WITHHELD = '-';

/** Two results of one experiment, for a terminal: a table for each policy. */
export function formatComparison(
  before: ResultDocument,
  now: ResultDocument,
  comparison: DocumentComparison,
  columns = WIDTH,
): string {
  const width = Math.min(WIDTH, columns);
  const fold = (text: string): string[] => foldTo(text, width);
  const lines = [
    ...fold(now.scenario.name),
    ...fold(`before: ${origin(before)}`),
    ...fold(`now:    ${origin(now)}`),
  ];
  for (const { policy } of now.results) {
    const own = comparison.figures.filter(({ path }) => path.policy === policy);
    const rows = [
      [plainText(policy), 'before', 'now', 'change'],
      ...own.map((change) => figureCells(change, policy)),
    ];
    lines.push('', ...comparedRows(rows, { width, value: VALUE_WIDTH, change: CHANGE_WIDTH }));
  }
  const { firstDifference } = comparison;
  const verdict =
    firstDifference === null
      ? 'All simulated figures are the same.'
      : `The simulated figures differ, first in ${firstDifference}.`;
  return `${[...lines, '', ...fold(verdict)].join('\n')}\n`;
}

function origin({ meta }: ResultDocument): string {
  const kernel = plainText(meta.kernelHash).slice(0, 12);
  return `dpcbench ${plainText(meta.versions.dpcbench)}, kernel ${kernel}, seed ${meta.seed}`;
}

function figureCells({ path, before, now }: FigureChange, policy: string): string[] {
  const cell = (value: number | null): string =>
    value === null ? WITHHELD : formatValue(value, path.unit);
  const change = before === null || now === null ? WITHHELD : formatChange(before, now);
  return [`  ${path.text.slice(policy.length + 1)}`, cell(before), cell(now), change];
}

/**
 * A name, a figure before and now, and the change: as wide as given where there is room, else as
 * wide as the widest of their texts; the change alone where not even that fits.
 */
export function comparedRows(
  rows: readonly (readonly string[])[],
  { width, value, change }: { width: number; value: number; change: number },
): string[] {
  const numbers = [value, value, change].map((most, i) => {
    const least = width >= WIDTH ? most : 0;
    return { width: widest(rows, i + 1, least), rank: i === 2 ? 0 : 2 - i };
  });
  const table = new TextTable([NAME, ...numbers], width);
  return rows.map((cells) => table.row(cells));
}

const WORDS: Record<GateOutcome['status'], string> = {
  pass: 'pass',
  fail: 'FAIL',
  noData: 'NO DATA',
};

/** A line for each threshold and for each figure that is worse or without data. */
export function formatGates(outcomes: readonly GateOutcome[], columns = WIDTH): string {
  const width = Math.min(WIDTH, columns);
  const lines = outcomes
    .filter(({ kind, status }) => kind === 'threshold' || status !== 'pass')
    .flatMap(({ name, status, message }) => {
      const [first, ...rest] = wrap(`${plainText(name)}: ${plainText(message)}`, width - 9);
      const more = rest.map((line) => `${' '.repeat(9)}${line}`);
      return [`${WORDS[status].padEnd(9)}${first}`, ...more].flatMap((line) =>
        hardBreak(line, width),
      );
    });
  const regressions = outcomes.filter(({ kind }) => kind === 'regression');
  if (regressions.length > 0 && regressions.every(({ status }) => status === 'pass')) {
    const all = formatCountOf(regressions.length, 'figure');
    lines.push(`${WORDS.pass.padEnd(9)}none of ${all} is a regression`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function foldTo(text: string, width: number): string[] {
  return wrap(plainText(text), width).flatMap((line) => hardBreak(line, width));
}
