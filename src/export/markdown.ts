import { relativeHalfWidth } from '../stats/figure-path.js';
import type { ResultComparison } from '../stats/compare-experiments.js';
import { formatValue, type GateOutcome } from '../stats/gate.js';
import type { Interval, PolicyResult, ResultDocument } from '../result/document.js';
import { formatCount, formatCountOf, formatNs } from '../units.js';
import { visibleLine } from '../visible-text.js';
import { changeWords } from './experiments.js';
import type { Exported } from './result-table.js';

const WITHHELD = '–';

/** For a pull request: sentences and a table for each result, what changed, gates (GFM). */
export function toMarkdown({ results, comparison, gates = [] }: Exported): string {
  const now = results[results.length - 1].document;
  const parts =
    comparison === undefined
      ? results.flatMap(({ document }) => resultPart(document))
      : comparedPart(now, comparison);
  return `${[...parts, ...gatePart(gates)].join('\n').trimEnd()}\n`;
}

function resultPart(document: ResultDocument): string[] {
  const { scenario, warnings, comparisons, results, meta } = document;
  return [
    `### ${code(scenario.name)}`,
    '',
    ...(scenario.question === '' ? [] : [plain(scenario.question), '']),
    ...[meta.settling.sentence, ...warnings.map(({ sentence }) => sentence)]
      .filter((sentence) => sentence !== '')
      .flatMap((sentence) => [`> **Warning:** ${plain(sentence)}`, '']),
    ...comparisons.map(({ sentence }) => `- ${plain(sentence)}`),
    ...(comparisons.length === 0 ? [] : ['']),
    ...table(
      ['policy', ...COLUMNS.map(({ head }) => head)],
      results.map((result) => [
        code(result.policy),
        ...COLUMNS.map((column) => cell(column, result)),
      ]),
    ),
    '',
    plain(origin(document)),
    '',
  ];
}

interface Column {
  head: string;
  value: (result: PolicyResult) => number | null;
  interval: (result: PolicyResult) => Interval | null | undefined;
  format: (value: number) => string;
}

const latencyColumn = (
  head: string,
  latency: 'dpcWait' | 'interruptToDpc',
  statistic: 'p50Ns' | 'p99Ns' | 'p999Ns' | 'maxNs',
): Column => ({
  head,
  value: (result) =>
    result.latency[latency].count === 0 ? null : result.latency[latency][statistic],
  interval: ({ intervals }) =>
    statistic === 'maxNs' ? null : intervals?.latency[latency][statistic],
  format: formatNs,
});

const COLUMNS: readonly Column[] = [
  {
    head: 'IPIs per 1,000 interrupts',
    value: ({ counters: { arrivals, ipis } }) => (arrivals === 0 ? null : (ipis * 1000) / arrivals),
    interval: ({ intervals }) => intervals?.perThousand.ipis,
    format: (value) => formatCount(Number(value.toPrecision(4))),
  },
  latencyColumn('DPC latency p50', 'dpcWait', 'p50Ns'),
  latencyColumn('p99', 'dpcWait', 'p99Ns'),
  latencyColumn('p99.9', 'dpcWait', 'p999Ns'),
  latencyColumn('max', 'dpcWait', 'maxNs'),
  latencyColumn('interrupt to DPC p99', 'interruptToDpc', 'p99Ns'),
];

/** The value, and half of its 95 % interval in per cent of it. */
function cell({ value: valueOf, interval, format }: Column, result: PolicyResult): string {
  const value = valueOf(result);
  if (value === null) return WITHHELD;
  const half = relativeHalfWidth({ value, interval: interval(result) ?? null });
  return format(value) + (half === null ? '' : ` ± ${Number((half * 100).toPrecision(2))} %`);
}

function origin({ meta, results }: ResultDocument): string {
  const perPolicy = Math.round(meta.interrupts / results.length);
  const facts = [
    formatCountOf(meta.processors, 'processor'),
    `${formatCount(perPolicy)} interrupts a policy`,
    `${formatNs(meta.durationNs)} simulated`,
    `seed ${meta.seed}`,
    formatCountOf(meta.shards, 'shard'),
    `dpcbench ${meta.versions.dpcbench}`,
  ];
  const known = results.some(({ intervals }) => intervals !== null);
  return `${facts.join(', ')}.${known ? ' ±: 95 % intervals over shards.' : ''}`;
}

/** What is said before the table. */
function verdicts(comparison: ResultComparison): string[] {
  if (comparison.kind === 'experiments') {
    const { differences, method, pairs } = comparison;
    const said = differences.map(
      ({ path, before, now }) => `${path}: ${before ?? 'none'} → ${now ?? 'none'}`,
    );
    const differing = said.length === 0 ? 'nothing that is simulated' : said.join('; ');
    return [`What differs: ${differing}.`, ...pairs.map(({ sentence }) => sentence), method];
  }
  const { firstDifference } = comparison;
  return firstDifference === null
    ? ['All simulated figures are the same.']
    : [`The simulated figures differ, first in ${firstDifference}.`];
}

function comparedPart(now: ResultDocument, comparison: ResultComparison): string[] {
  const { figures } = comparison;
  const show = (value: number | null, unit: 'ns' | 'count' | 'ratio'): string =>
    value === null ? WITHHELD : formatValue(value, unit);
  return [
    `### ${code(now.scenario.name)}: before and now`,
    '',
    ...verdicts(comparison).flatMap((sentence) => [plain(sentence), '']),
    ...table(
      ['figure', 'before', 'now', 'change'],
      figures.map(({ path, before, now: after, estimate }) => [
        code(path.text),
        show(before, path.unit),
        show(after, path.unit),
        before === null || after === null ? WITHHELD : changeWords(before, after, estimate),
      ]),
    ),
    '',
    plain(origin(now)),
    '',
  ];
}

const WORDS: Record<GateOutcome['status'], string> = {
  pass: 'pass',
  fail: '**fail**',
  noData: '**no data**',
};

function gatePart(gates: readonly GateOutcome[]): string[] {
  if (gates.length === 0) return [];
  return [
    ...table(
      ['gate', 'outcome', 'seen'],
      gates.map(({ name, status, message }) => [code(name), WORDS[status], plain(message)]),
      '---',
    ),
    '',
  ];
}

/** Numbers stand to the right. */
function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  others = '---:',
): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, i) => (i === 0 ? '---' : others))), ...rows.map(line)];
}

/** A name as it is, whatever is in it: code is not read as Markdown, nor as a mention. */
function code(name: string): string {
  const text = visibleLine(name).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const isBare = /^[^` ](?:.*[^` ])?$/.test(text);
  return isBare ? fence + text + fence : `${fence} ${text} ${fence}`;
}

/** A sentence as text: nothing in it is markup, a mention of somebody or a link to an issue. */
function plain(sentence: string): string {
  return visibleLine(sentence)
    .replace(/[\\`*_{}[\]<>|~&]|:(?=\/\/)/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replace(/@(?=\w)|(?<!&)#(?=\w)/g, '$&<!-- -->');
}
