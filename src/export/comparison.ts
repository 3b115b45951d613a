import type { DocumentComparison, FigureChange } from '../stats/compare-documents.js';
import { formatChange, formatValue, type GateOutcome } from '../stats/gate.js';
import type { ResultDocument } from '../result/document.js';
import { plainText } from '../units.js';
import { cutToWidth, hardBreak, padToWidth } from './text-width.js';
import { wrap } from './wrap.js';

/** Everything here fits a terminal of this width. */
const WIDTH = 80;
const NAME_WIDTH = 24;
const VALUE_WIDTH = 19;
const CHANGE_WIDTH = 15;
const WITHHELD = '-';

/** Two results of one experiment, for a terminal of 80 columns: a table for each policy. */
export function formatComparison(
  before: ResultDocument,
  now: ResultDocument,
  comparison: DocumentComparison,
): string {
  const lines = [
    ...fold(now.scenario.name),
    ...fold(`before: ${origin(before)}`),
    ...fold(`now:    ${origin(now)}`),
  ];
  for (const { policy } of now.results) {
    lines.push('', row(plainText(policy), 'before', 'now', 'change'));
    const own = comparison.figures.filter(({ path }) => path.policy === policy);
    lines.push(...own.map((change) => figureRow(change, policy)));
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

function figureRow({ path, before, now }: FigureChange, policy: string): string {
  const cell = (value: number | null): string =>
    value === null ? WITHHELD : formatValue(value, path.unit);
  const change = before === null || now === null ? WITHHELD : formatChange(before, now);
  return row(`  ${path.text.slice(policy.length + 1)}`, cell(before), cell(now), change);
}

function row(name: string, before: string, now: string, change: string): string {
  const cells = [before, now].map(
    (text) => ` ${cutToWidth(text, VALUE_WIDTH).padStart(VALUE_WIDTH)}`,
  );
  const last = cutToWidth(change, CHANGE_WIDTH).padStart(CHANGE_WIDTH);
  return `${padToWidth(cutToWidth(name, NAME_WIDTH), NAME_WIDTH)}${cells.join('')} ${last}`;
}

const WORDS: Record<GateOutcome['status'], string> = {
  pass: 'pass',
  fail: 'FAIL',
  noData: 'NO DATA',
};

/** A line for each threshold and for each figure that is worse or without data. */
export function formatGates(outcomes: readonly GateOutcome[]): string {
  const lines = outcomes
    .filter(({ kind, status }) => kind === 'threshold' || status !== 'pass')
    .flatMap(({ name, status, message }) => {
      const [first, ...rest] = wrap(`${plainText(name)}: ${plainText(message)}`, WIDTH - 9);
      const more = rest.map((line) => `${' '.repeat(9)}${line}`);
      return [`${WORDS[status].padEnd(9)}${first}`, ...more].flatMap((line) =>
        hardBreak(line, WIDTH),
      );
    });
  const regressions = outcomes.filter(({ kind }) => kind === 'regression');
  if (regressions.length > 0 && regressions.every(({ status }) => status === 'pass')) {
    lines.push(`${WORDS.pass.padEnd(9)}none of ${regressions.length} figures is a regression`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function fold(text: string): string[] {
  return wrap(plainText(text), WIDTH).flatMap((line) => hardBreak(line, WIDTH));
}
