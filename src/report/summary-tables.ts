import type { Interval, PolicyResult, ResultDocument } from '../result/document.js';
import type { ExecutionTimes } from '../result/execution-shape.js';
import { LATENCY_NAMES, type LatencyName } from '../result/figures.js';
import { formatCount, formatNs } from '../units.js';
import { changeOf } from './change-words.js';
import { FEW, threeDigits } from './format.js';
import { intervalColumns, rangeText } from './interval-text.js';
import { importanceOf, latencyCell, SHORT_LABELS } from './latency-figures.js';
import type { ColumnModel, TableModel } from './model.js';
import { capRows } from './table.js';

type LatencyFigure = 'meanNs' | 'p50Ns' | 'p90Ns' | 'p99Ns' | 'p999Ns' | 'p9999Ns' | 'maxNs';

interface SummaryRow {
  label: string;
  cells: string[];
  change: string;
}

const LATENCY_ROWS: readonly [label: string, latency: LatencyName, figure: LatencyFigure][] = [
  ['DPC latency, mean', 'dpcWait', 'meanNs'],
  ['DPC latency, p50', 'dpcWait', 'p50Ns'],
  ['DPC latency, p90', 'dpcWait', 'p90Ns'],
  ['DPC latency, p99', 'dpcWait', 'p99Ns'],
  ['DPC latency, p99.9', 'dpcWait', 'p999Ns'],
  ['DPC latency, longest', 'dpcWait', 'maxNs'],
  ['ISR wait, p99', 'isrWait', 'p99Ns'],
  ['Interrupt to DPC, p99', 'interruptToDpc', 'p99Ns'],
];

/** All that the terminal prints too, a row a figure, intervals beside the figures. */
export function summaryTable(document: ResultDocument): TableModel {
  const { results, comparisons } = document;
  const rows = [...counterRows(document), ...LATENCY_ROWS.map((row) => latencyRow(document, row))];
  const isPair = results.length === 2 && comparisons.length === 1;
  return {
    caption: 'The policies side by side',
    columns: [
      { label: 'Figure', unit: 'text', values: rows.map(({ label }) => label) },
      ...results.map(({ policy }, i): ColumnModel => ({
        label: policy,
        unit: 'text',
        values: rows.map(({ cells }) => cells[i]),
      })),
      ...(isPair
        ? [{ label: 'Change', unit: 'text' as const, values: rows.map(({ change }) => change) }]
        : []),
    ],
    note: results.some(({ intervals }) => intervals !== null)
      ? `In parentheses 95 % intervals over ${document.meta.shards} shards.`
      : '',
  };
}

/** Counters that only some scenarios have. */
const LATER_ROWS = [
  ['Interrupts held back', 'held'],
  ['Routine timeouts', 'routineTimeouts'],
  ['DISPATCH timeouts', 'dispatchTimeouts'],
] as const;

function counterRows({ results, comparisons }: ResultDocument): SummaryRow[] {
  const count = (label: string, of: (result: PolicyResult) => number | undefined): SummaryRow => ({
    label,
    cells: results.map((result) => formatCount(of(result) ?? 0)),
    change: '',
  });
  const ipis: SummaryRow = {
    label: 'IPIs per 1,000 interrupts',
    cells: results.map(({ counters, intervals }) =>
      counters.arrivals === 0
        ? '–'
        : threeDigits((counters.ipis / counters.arrivals) * 1000) +
          inParentheses(intervals?.perThousand.ipis, 'rate'),
    ),
    change:
      comparisons.length === 0 ? '' : changeOf(comparisons[0].perThousand.ipis, 'as many').text,
  };
  return [
    count('IPIs', ({ counters }) => counters.ipis),
    ipis,
    count('Drains', ({ counters }) => counters.dispatchDrains + counters.idleDrains),
    count('Tick rescues', ({ counters }) => counters.rescues),
    count('Dropped', ({ counters }) => counters.dropped),
    count('Unserved', ({ counters }) => counters.unserved),
    ...LATER_ROWS.flatMap(([label, name]) =>
      results.every(({ counters }) => counters[name] !== undefined)
        ? [count(label, ({ counters }) => counters[name])]
        : [],
    ),
  ];
}

function latencyRow(
  { results, comparisons }: ResultDocument,
  [label, latency, figure]: (typeof LATENCY_ROWS)[number],
): SummaryRow {
  const compared = figure === 'maxNs' ? undefined : comparisons[0]?.latency[latency][figure];
  return {
    label,
    cells: results.map((result) => {
      const value = latencyCell(result.latency[latency], figure);
      if (typeof value !== 'number') return value ?? FEW;
      const interval = figure === 'maxNs' ? null : result.intervals?.latency[latency][figure];
      return formatNs(value) + inParentheses(interval, 'ns');
    }),
    change: compared == null ? '' : changeOf(compared).text,
  };
}

function inParentheses(interval: Interval | null | undefined, unit: 'ns' | 'rate'): string {
  const text = interval == null ? '' : rangeText(interval, unit);
  // A range from a figure to itself says nothing that the figure does not.
  return text.includes(' to ') ? ` (${text})` : '';
}

const REQUESTS = [
  ['IPI sent', 'ipis'],
  ['Suppressed: draining or asked already', 'suppressed'],
  ['Declined: the rule asks for nothing', 'declined'],
  ['DISPATCH interrupt on the own processor', 'localRequests'],
] as const;

/** What became of each queued DPC: every insert ends in exactly one of the four (R10). */
export function requestsTable({ results }: ResultDocument): TableModel {
  return {
    caption: 'What queueing a DPC asked of its target',
    columns: [
      { label: 'Policy', unit: 'name', values: results.map(({ policy }) => policy) },
      { label: 'DPCs queued', unit: 'count', values: results.map((r) => r.counters.inserts) },
      ...REQUESTS.map(([label, counter]): ColumnModel => ({
        label,
        unit: 'count',
        values: results.map(({ counters }) => counters[counter]),
      })),
    ],
    note: 'The four add up to the DPCs queued.',
  };
}

/** Each latency by source and policy, with intervals where they were asked for. */
export function sourceTables(document: ResultDocument): TableModel[] {
  return LATENCY_NAMES.map((latency) => sourceTable(document, latency));
}

function sourceTable({ scenario, results }: ResultDocument, latency: LatencyName): TableModel {
  const byName = new Map(scenario.sources.map((source) => [source.name, source]));
  const cells = (results[0]?.sources ?? [])
    .map(({ name }, i) => ({ name, i }))
    .filter(({ i }) => results.some(({ sources }) => (sources[i]?.latency[latency].count ?? 0) > 0))
    .flatMap(({ name, i }) =>
      results.map((result) => ({ name, policy: result.policy, scope: result.sources[i] })),
    );
  const { kept, note } = capRows(cells, 'sources[] of each result');
  const intervals = kept.map(({ scope }) => scope?.intervals ?? null);
  const percentiles = [
    ['p50', 'p50Ns'],
    ['p99', 'p99Ns'],
    ['p99.9', 'p999Ns'],
  ] as const;
  const column = (label: string, key: 'p50Ns' | 'p99Ns' | 'p999Ns' | 'maxNs'): ColumnModel => ({
    label,
    unit: 'ns',
    values: kept.map(({ scope }) =>
      scope === undefined ? '–' : latencyCell(scope.latency[latency], key),
    ),
  });
  return {
    caption: `${SHORT_LABELS[latency]} by source`,
    columns: [
      { label: 'Source', unit: 'name', values: kept.map(({ name }) => name) },
      {
        label: 'Importance',
        unit: 'text',
        values: kept.map(({ name }) => importanceOf(byName.get(name))),
      },
      { label: 'Policy', unit: 'name', values: kept.map(({ policy }) => policy) },
      {
        label: 'Samples',
        unit: 'count',
        values: kept.map(({ scope }) => scope?.latency[latency].count ?? '–'),
      },
      ...percentiles.flatMap(([label, key]) => [
        column(label, key),
        ...intervalColumns(
          label,
          intervals.map((each) => each?.latency[latency][key]),
          'ns',
        ),
      ]),
      column('longest', 'maxNs'),
    ],
    note,
  };
}

/** Each processor: its time, its queue, with intervals where they were asked for. */
export function processorTable({ results }: ResultDocument): TableModel {
  const cells = (results[0]?.processors ?? []).flatMap((_, i) =>
    results.map(({ policy, processors }) => ({ policy, processor: processors[i] })),
  );
  const { kept, note } = capRows(cells, 'processors[] of each result');
  const of = (
    label: string,
    unit: ColumnModel['unit'],
    value: (p: Processor) => number,
  ): ColumnModel => ({
    label,
    unit,
    values: kept.map(({ processor }) => (processor === undefined ? '–' : value(processor))),
  });
  return {
    caption: 'By processor',
    columns: [
      of('Processor', 'count', ({ index }) => index),
      { label: 'Policy', unit: 'name', values: kept.map(({ policy }) => policy) },
      of('Idle', 'share', ({ timeSplit }) => share(timeSplit, 'idleNs')),
      of('Thread', 'share', ({ timeSplit }) => share(timeSplit, 'threadNs')),
      of('ISR', 'share', ({ timeSplit }) => share(timeSplit, 'isrNs')),
      of('DISPATCH drain', 'share', ({ timeSplit }) => share(timeSplit, 'dispatchDrainNs')),
      of('Idle drain', 'share', ({ timeSplit }) => share(timeSplit, 'idleDrainNs')),
      ...executionColumns(kept.map(({ processor }) => processor)),
      of('Queue, deepest', 'count', ({ queueDepth }) => queueDepth.maximum),
      of('Queue, mean', 'decimal', ({ queueDepth }) => queueDepth.mean),
      ...intervalColumns(
        'Queue, mean',
        kept.map(({ processor }) => processor?.load?.meanDepth),
        'rate',
      ),
    ],
    note,
  };
}

/** Highest and total execution times; none where they were not measured. */
function executionColumns(processors: readonly (Processor | undefined)[]): ColumnModel[] {
  if (processors.some((each) => each === undefined || each.execution === null)) return [];
  const of = (label: string, value: (times: ExecutionTimes) => number): ColumnModel => ({
    label,
    unit: 'ns',
    values: processors.map((each) => value(each!.execution!)),
  });
  return [
    of('ISR, longest', ({ isr }) => isr.maxNs),
    of('ISR, total', ({ isr }) => isr.totalNs),
    of('DPC, longest', ({ dpc }) => dpc.maxNs),
    of('DPC, total', ({ dpc }) => dpc.totalNs),
  ];
}

type Processor = PolicyResult['processors'][number];

function share(split: Processor['timeSplit'], key: keyof Processor['timeSplit']): number {
  const all = Object.values(split).reduce((sum: number, ns) => sum + (ns ?? 0), 0);
  return all === 0 ? 0 : (split[key] ?? 0) / all;
}
