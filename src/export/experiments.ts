import type { ResultDocument } from '../result/document.js';
import type { ChangeEstimate, FigureChange } from '../stats/compare-documents.js';
import type { ExperimentComparison } from '../stats/compare-experiments.js';
import { formatChange, formatValue } from '../stats/gate.js';
import type { ScenarioDifference } from '../stats/scenario-differences.js';
import { plainText } from '../units.js';
import { comparedRows } from './comparison.js';
import { hardBreak, padToWidth } from './text-width.js';
import { wrap } from './wrap.js';

/** Everything here fits a terminal of this width. */
const WIDTH = 80;
const VALUE_WIDTH = 14;
const CHANGE_WIDTH = 25;
const PATH_WIDTH = 34;
const WITHHELD = '-';
/** A machine of other size differs in so much that nobody reads the end. */
const MOST_DIFFERENCES = 20;

/** Two results of experiments that differ, for a terminal. */
export function formatExperiments(
  before: ResultDocument,
  now: ResultDocument,
  { differences, figures, method, pairs }: ExperimentComparison,
  columns = WIDTH,
): string {
  const width = Math.min(WIDTH, columns);
  const fold = (text: string): string[] => foldTo(text, width);
  const [a, b] = [before.scenario.name, now.scenario.name];
  const lines = fold(a === b ? a : `before: ${a}; now: ${b}`);
  lines.push(...listDifferences(differences, width));
  for (const pair of pairs) {
    const title = pair.before === pair.now ? pair.now : `${pair.now} against ${pair.before}`;
    const own = figures.filter(({ path }) => path.policy === pair.now);
    const rows = [
      [plainText(title), 'before', 'now', 'change'],
      ...own.map((change) => figureCells(change, pair.now)),
    ];
    lines.push('', ...comparedRows(rows, { width, value: VALUE_WIDTH, change: CHANGE_WIDTH }));
  }
  for (const { sentence } of pairs) lines.push('', ...fold(sentence));
  return `${[...lines, '', ...fold(method)].join('\n')}\n`;
}

function listDifferences(differences: readonly ScenarioDifference[], width: number): string[] {
  if (differences.length === 0) return ['', 'Nothing that is simulated differs.'];
  const shown = differences
    .slice(0, MOST_DIFFERENCES)
    .flatMap((difference) => differenceLines(difference, width));
  const left = differences.length - MOST_DIFFERENCES;
  return ['', 'What differs:', ...shown, ...(left > 0 ? [`  and ${left} more`] : [])];
}

function differenceLines({ path, before, now }: ScenarioDifference, width: number): string[] {
  const words =
    now === null
      ? `${before === 'there' ? '' : `${before}, `}only before`
      : before === null
        ? `${now === 'there' ? '' : `${now}, `}only now`
        : `${before} -> ${now}`;
  const name = `  ${padToWidth(plainText(path), PATH_WIDTH - 3)} `;
  const whole = name + plainText(words);
  if (hardBreak(whole, width).length === 1) return [whole];
  const inner = width - 4;
  const folded = wrap(plainText(words), inner).flatMap((line) => hardBreak(line, inner));
  return [...hardBreak(name.trimEnd(), width), ...folded.map((line) => `    ${line}`)];
}

function figureCells({ path, before, now, estimate }: FigureChange, policy: string): string[] {
  const cell = (value: number | null): string =>
    value === null ? WITHHELD : formatValue(value, path.unit);
  const change = before === null || now === null ? WITHHELD : changeWords(before, now, estimate);
  return [`  ${path.text.slice(policy.length + 1)}`, cell(before), cell(now), change];
}

/** `+12.3 % (11.9 to 12.7)`; `chance (-1 to 2) %` where that alone could be the difference. */
export function changeWords(
  before: number,
  now: number,
  estimate: ChangeEstimate | undefined,
): string {
  if (estimate === undefined) return formatChange(before, now);
  if (estimate.verdict === 'same') return formatChange(before, before);
  if (estimate.ratio === null) {
    return estimate.verdict === 'indistinguishable'
      ? 'chance'
      : `${formatChange(before, now)} (no interval)`;
  }
  const [low, high] = [estimate.ratio.low, estimate.ratio.high].map((ratio) => (ratio - 1) * 100);
  const most = Math.max(-low, high) < 10 ? 2 : 1;
  const digits = Math.max(0, Math.min(most, Math.ceil(-Math.log10((high - low) / 20))));
  const range = `(${low.toFixed(digits)} to ${high.toFixed(digits)})`;
  return estimate.verdict === 'indistinguishable'
    ? `chance ${range} %`
    : `${formatChange(before, now)} ${range}`;
}

function foldTo(text: string, width: number): string[] {
  return wrap(plainText(text, 2_000), width).flatMap((line) => hardBreak(line, width));
}
